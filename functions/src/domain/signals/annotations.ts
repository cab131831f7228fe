import { z } from "zod";

/** How many of each kind are kept per text. */
export const mostAnnotations = 20;

/** Where it first appears in the text, in UTF-16 units. */
const start = z.int().nonnegative();

const boundedList = <T extends z.ZodType>(one: T) =>
  z.array(one).max(mostAnnotations);

/**
 * Who and what a redacted text mentions, each once, in order of first mention; `start` points into the text, so that
 * each can be shown in place.
 */
export const Annotations = z.object({
  people: boundedList(
    z.object({
      name: z.string().min(1).max(200),
      /** Their role, in the words of the text. */
      role: z.string().min(1).max(200).nullable(),
      start,
    }),
  ),
  companies: boundedList(z.object({ name: z.string().min(1).max(200), start })),
  amounts: boundedList(
    z.object({
      text: z.string().min(1).max(200),
      /** In whole units of the currency: 4,200,000,000 for $4.2 billion. */
      value: z.number().nonnegative(),
      /** ISO 4217; for a bare $, £ or ¥, the currency that it usually stands for: USD, GBP, JPY. */
      currency: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code"),
      start,
    }),
  ),
  dates: boundedList(
    z.object({
      text: z.string().min(1).max(200),
      /** A day 2026-03-31, a quarter 2026-Q3, or a company's fiscal year FY2027 or fiscal quarter FY2027-Q1. */
      date: z
        .string()
        .regex(
          /^(?:\d{4}-\d\d-\d\d|(?:FY)?\d{4}-Q[1-4]|FY\d{4})$/,
          "must be a day, a quarter or a fiscal year",
        ),
      start,
    }),
  ),
});
export type Annotations = z.infer<typeof Annotations>;

/** For a text that was not annotated. */
export const noAnnotations: Annotations = {
  people: [],
  companies: [],
  amounts: [],
  dates: [],
};
