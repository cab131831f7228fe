import { z } from "zod";
import {
  DecisionFacts,
  type DecisionRecord,
} from "../../../../../functions/src/domain/signals/decisionRecord.ts";
import { Signal } from "../../../../../functions/src/domain/signals/signal.ts";
import { SourceKind } from "../../../../../functions/src/domain/sources/source.ts";

const common = {
  at: z.coerce.date(),
  accountId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
};

const SignalTrace = z.object({
  kind: z.literal("signal"),
  ...common,
  signalId: z.string(),
  ...Signal.pick({ status: true, category: true, relevance: true }).shape,
  cards: z.array(z.object({ id: z.string(), status: z.string() })),
});
type SignalTrace = z.infer<typeof SignalTrace>;

const DecisionTrace = z.object({
  kind: z.literal("decision"),
  ...common,
  signalId: z.string().nullable(),
  itemId: z.string(),
  ...DecisionFacts.shape,
});
type DecisionTrace = z.infer<typeof DecisionTrace>;

/** What the API knows of an item. */
export const Traces = z.object({
  items: z.array(z.discriminatedUnion("kind", [SignalTrace, DecisionTrace])),
  hint: z
    .object({
      code: z.string(),
      watchedBy: z.array(
        z.object({
          accountId: z.string(),
          accountName: z.string(),
          kind: SourceKind,
          key: z.string(),
        }),
      ),
    })
    .nullable(),
});
export type Traces = z.infer<typeof Traces>;

/** The stages that an item passes, in order. */
export const steps = [
  "received",
  "read",
  "about",
  "new",
  "relevant",
  "intent",
  "card",
] as const;
export type StepName = (typeof steps)[number];

/** One stage: passed, the one where it stopped or waits, or not reached. */
export interface Step {
  readonly name: StepName;
  readonly state: "passed" | "stopped" | "waiting" | "ahead";
  /** Why it went no further, where the pipeline said so. */
  readonly decision: DecisionTrace | null;
}

/** The way of one item at one account. */
export interface Story {
  readonly id: string;
  readonly accountId: string;
  readonly title: string;
  readonly url: string | null;
  readonly at: Date;
  readonly signal: SignalTrace | null;
  readonly steps: readonly Step[];
  /** How often the same text was received again. */
  readonly repeats: number;
}

const stepByReason: Readonly<Record<DecisionRecord["reason"], StepName>> = {
  "no-account": "about",
  gone: "read",
  empty: "read",
  unreadable: "read",
  "too-large": "read",
  "not-about-account": "about",
  duplicate: "new",
  "near-duplicate": "new",
  "own-company": "about",
  unresolved: "about",
  "below-relevance": "relevant",
  "below-intent": "intent",
  qualified: "intent",
  "already-decided": "card",
  "no-evidence": "card",
};

/** The traces as stories, the newest first: one for each signal, and one for each item that became none. */
export function toStories(items: Traces["items"]): readonly Story[] {
  const signals = items.filter((item) => item.kind === "signal");
  const decisions = items.filter((item) => item.kind === "decision");
  const known = new Set(signals.map(({ signalId }) => signalId));
  const repeated = (one: DecisionTrace) => {
    const of = duplicateOriginal(one);
    return of !== null && known.has(of) ? of : null;
  };
  const ofSignals = signals.map((signal) =>
    toStory(
      signal,
      decisions.filter(({ signalId }) => signalId === signal.signalId),
      decisions.filter((one) => repeated(one) === signal.signalId).length,
    ),
  );
  const others = decisions.filter(
    (one) =>
      (one.signalId === null || !known.has(one.signalId)) &&
      repeated(one) === null,
  );
  return [...ofSignals, ...others.map((one) => toStory(null, [one], 0))].sort(
    (a, b) => b.at.getTime() - a.at.getTime(),
  );
}

/** The signal that a duplicate repeats, as its record names it. */
export function duplicateOriginal({
  reason,
  detail,
}: Pick<DecisionTrace, "reason" | "detail">): string | null {
  if (reason !== "duplicate") return null;
  return /the signal (\S+?)\.?$/.exec(detail)?.[1] ?? null;
}

function toStory(
  signal: SignalTrace | null,
  decisions: readonly DecisionTrace[],
  repeats: number,
): Story {
  const about = signal ?? decisions[0];
  if (about === undefined)
    throw new Error("A story needs a signal or a decision.");
  // A decision that kept the item explains no stop; of several others the newest counts.
  const [decision = null] = decisions
    .filter(({ verdict }) => verdict !== "kept")
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const reached = lastStep(signal, decision);
  const place = steps.indexOf(reached.name);
  return {
    id:
      signal?.signalId ??
      `${about.accountId}_${about.at.getTime()}_${about.title}`,
    accountId: about.accountId,
    title: about.title,
    url: about.url,
    at: about.at,
    signal,
    repeats,
    steps: steps.map((name, i) => ({
      name,
      state: i < place ? "passed" : i > place ? "ahead" : reached.state,
      decision: i === place ? reached.decision : null,
    })),
  };
}

/** The last stage that the item reached, and its state there. */
function lastStep(
  signal: SignalTrace | null,
  decision: DecisionTrace | null,
): Step {
  if (signal === null && decision !== null)
    return {
      name: stepByReason[decision.reason],
      state: decision.verdict === "held" ? "waiting" : "stopped",
      decision,
    };
  if (signal === null)
    return { name: "card", state: "waiting", decision: null };
  if (signal.status === "below_relevance")
    return { name: "relevant", state: "stopped", decision };
  if (signal.cards.length > 0)
    return { name: "card", state: "passed", decision: null };
  switch (signal.status) {
    case "ingested":
    case "embedded":
      return { name: "relevant", state: "waiting", decision: null };
    case "duplicate":
      return { name: "new", state: "stopped", decision };
    case "held":
      return { name: "intent", state: "waiting", decision };
    case "qualified": {
      const isOfCard =
        decision !== null && stepByReason[decision.reason] === "card";
      return {
        name: "card",
        state: isOfCard ? "stopped" : "waiting",
        decision: isOfCard ? decision : null,
      };
    }
  }
}

/** The question as the API takes it: an address with or without its scheme, an item's id as its record names it, or a signal's id. */
export function parseQuestion(
  text: string,
): readonly ["url" | "itemId" | "signalId", string] {
  const asked = text.trim();
  if (/^https?:\/\//i.test(asked)) return ["url", asked];
  if (SourceKind.options.some((kind) => asked.startsWith(`${kind}:`)))
    return ["itemId", asked];
  if (/^[^\s/:_.?#]+(?:\.[^\s/:_.?#]+)+\.?(?:[/?#]|$)/.test(asked))
    return ["url", `https://${asked}`];
  return ["signalId", asked];
}
