import { z } from "zod";
import { stamps } from "../kernel/document.ts";

const tokens = z.int().nonnegative();

/**
 * A model's paid answer, under the hash of the request: stored before it is used, so that asking again costs nothing.
 */
export const ModelCall = z.object({
  ...stamps,
  /** SHA-256 of the request; the document's id. */
  inputHash: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
  model: z.string().min(1).max(100),
  promptVersion: z.string().min(1).max(50),
  /** The raw answer. */
  answer: z.string().min(1).max(400_000),
  stopReason: z.string().max(50),
  tokens: z.object({
    input: tokens,
    output: tokens,
    cacheWrite: tokens,
    cacheRead: tokens,
  }),
  /** Null where the model's price is not in the table. */
  costUsd: z.number().nonnegative().nullable(),
  priceVersion: z.string(),
});
export type ModelCall = z.infer<typeof ModelCall>;
