import { z } from "zod";

/** What a worker answers for the part that it was sent. */
export const Played = z.object({
  figures: z.array(
    z.object({
      what: z.string(),
      reached: z.number(),
      promised: z.tuple([z.enum(["=", "≤", "≥"]), z.number()]),
    }),
  ),
  told: z.string(),
  failures: z.array(z.string()),
});
export type Played = z.infer<typeof Played>;
