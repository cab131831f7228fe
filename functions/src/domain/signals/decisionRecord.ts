import { z } from "zod";
import { Audience, stamps, type Unstamped } from "../kernel/document.ts";
import { AccountId } from "../kernel/ids.ts";
import type { Signal, SourceItem } from "./signal.ts";

/**
 * Why a stage did not let a signal go on, and which setting decided: the answer to "why didn't I see this?". A signal
 * that goes on shows in its results instead: the signal, its status, and the card that lists it.
 */
export const DecisionRecord = z.object({
  ...stamps,
  accountId: AccountId,
  audience: Audience,
  stage: z.enum(["monitor", "ingest", "embed", "assess", "discover"]),
  /** The source's own id before there is a signal, the signal's id after. */
  itemId: z.string(),
  signalId: z.string().nullable(),
  url: z.string().nullable(),
  title: z.string(),
  /** `kept` replaces `held` when a held signal goes on after all. */
  verdict: z.enum(["kept", "held", "dropped"]),
  reason: z.enum([
    "duplicate",
    "near-duplicate",
    "own-company",
    "unresolved",
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
export type DecisionRecord = z.infer<typeof DecisionRecord>;

/** What a record says of the decision itself. */
export const DecisionFacts = DecisionRecord.pick({
  stage: true,
  verdict: true,
  reason: true,
  detail: true,
  setting: true,
});

/** A record before it is written; its trace is that of the run that writes it. */
export type NewDecisionRecord = Omit<Unstamped<DecisionRecord>, "traceId">;

/** What a stage decided about a document or signal, and why. */
export type Verdict = Pick<DecisionRecord, "verdict" | "reason"> &
  Partial<Pick<DecisionRecord, "detail" | "setting">>;

/** The record of a document that is not a signal yet; `account` is null while unresolved. */
export function toItemDecisionRecord(
  item: Pick<SourceItem, "source" | "itemId" | "revision" | "url" | "title">,
  account: Pick<DecisionRecord, "accountId" | "audience"> | null,
  verdict: Verdict & { readonly stage: "monitor" | "ingest" },
): NewDecisionRecord {
  return {
    accountId: account?.accountId ?? AccountId.parse("unknown"),
    audience: account?.audience ?? [],
    itemId: `${item.source}:${item.itemId}:${item.revision}`,
    signalId: null,
    url: item.url,
    title: item.title,
    detail: "",
    setting: null,
    ...verdict,
  };
}

/** The record of a signal. */
export function toSignalDecisionRecord(
  signal: { readonly id: string; readonly data: Signal },
  verdict: Verdict & { readonly stage: "embed" | "assess" | "discover" },
): NewDecisionRecord {
  const { accountId, audience, url, title } = signal.data;
  return {
    accountId,
    audience,
    itemId: signal.id,
    signalId: signal.id,
    url,
    title,
    detail: "",
    setting: null,
    ...verdict,
  };
}
