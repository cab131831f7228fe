import { z } from "zod";
import { Audience, stamps } from "../kernel/document.ts";
import { AccountId } from "../kernel/ids.ts";

/**
 * Why one stage did not let a signal go on, and which setting decided: the answer to "why didn't I see this?".
 * That a stage did let it go on is said by what it made: the signal, its status, and the card that lists it.
 */
export const Decision = z.object({
  ...stamps,
  accountId: AccountId,
  audience: Audience,
  stage: z.enum(["monitor", "ingest", "embed", "assess", "discover"]),
  /** The source's own id before there is a signal, the signal's id after. */
  itemId: z.string(),
  signalId: z.string().nullable(),
  url: z.string().nullable(),
  title: z.string(),
  /** `kept` takes the place of `held`, where a signal that was held goes on after all. */
  verdict: z.enum(["kept", "held", "dropped"]),
  reason: z.enum([
    "duplicate",
    "near-duplicate",
    "own-company",
    "unsure-account",
    "gone",
    "empty",
    "unreadable",
    "not-about-account",
    "below-relevance",
    "below-intent",
    "qualified",
    "already-decided",
    "no-evidence",
    "no-account",
    "too-large",
  ]),
  detail: z.string(),
  /** The setting that would have let it through, with its value and what was measured. */
  setting: z
    .object({ name: z.string(), value: z.number(), measured: z.number() })
    .nullable(),
  traceId: z.string(),
});
export type Decision = z.infer<typeof Decision>;
