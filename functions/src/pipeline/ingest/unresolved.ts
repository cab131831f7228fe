import * as at from "../../domain/collections.ts";
import type { About } from "../../domain/resolution/lookup.ts";
import type { Guess, Resolution } from "../../domain/resolution/resolution.ts";
import { mergeAudiences } from "../../domain/people/roles.ts";
import { truncate } from "../../domain/kernel/truncate.ts";
import { toItemDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Job, Outcome } from "../../ports/stage.ts";
import { create } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";
import { endWith } from "./drop.ts";

/** How much of a text the queue shows. */
const excerptCharacters = 2000;

/** What a person has to decide. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly candidates: readonly Guess[];
  /** The confidence that would have sufficed. */
  readonly threshold: number;
}

/** Puts a document before a person, once, however often it comes. */
export async function askPerson(
  { tenantId, messageId, message, payload }: Job<"signal-received">,
  { title, text, candidates, threshold }: Question,
  { store }: Pick<Deps, "store">,
): Promise<Outcome> {
  const ref = at.resolution(tenantId, messageId);
  if ((await store.read(ref)) !== null)
    return { skipped: "a person has already been asked" };
  const measured = candidates[0]?.confidence ?? 0;
  const named = candidates.map((one) => `${one.name} (${one.confidence})`);
  const ended = endWith(
    toItemDecisionRecord(payload.item, null, {
      stage: "ingest",
      verdict: "held",
      reason: "unresolved",
      detail: `It may be about ${named.join(", ")}; a person decides.`,
      setting: { name: "resolutionThreshold", value: threshold, measured },
    }),
  );
  const question = create(ref, {
    state: "open",
    received: payload,
    title: truncate(title, 500),
    excerpt: truncate(text, excerptCharacters),
    candidates: [...candidates],
    audience: mergeAudiences(candidates.map(({ audience }) => audience)),
    hint: toHint(payload.about ?? {}),
    receivedAt: message.createdAt,
    decidedAt: null,
    decidedBy: null,
    assignedTo: null,
    messageId: null,
    reason: null,
    version: 1,
    traceId: message.traceId,
    runId: message.runId,
  });
  return { ...ended, writes: [question] };
}

/** The outcome for a document that is about no account, or about the tenant's own company. */
export function dropUnowned(
  { payload }: Job<"signal-received">,
  reason: "own-company" | "no-account",
  detail: string,
): Outcome {
  return endWith(
    toItemDecisionRecord(payload.item, null, {
      stage: "ingest",
      verdict: "dropped",
      reason,
      detail,
    }),
  );
}

function toHint({ names = [], domains = [] }: About): Resolution["hint"] {
  const [alias] = names;
  if (alias !== undefined) return { kind: "alias", value: alias };
  const [domain] = domains;
  return domain === undefined ? null : { kind: "domain", value: domain };
}
