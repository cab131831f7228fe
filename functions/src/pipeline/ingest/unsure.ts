import * as at from "../../domain/collections.ts";
import type { About } from "../../domain/resolution/lookup.ts";
import {
  type Guess,
  nobodys,
  type Resolution,
} from "../../domain/resolution/resolution.ts";
import { audienceUnion } from "../../domain/people/roles.ts";
import type { Job, Outcome } from "../../ports/stage.ts";
import { create } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";

/** As much of a text as its queue shows. */
const excerptCharacters = 2000;

/** What a person is to decide on. */
export interface Unsure {
  readonly title: string;
  readonly text: string;
  readonly candidates: readonly Guess[];
  /** As sure as it would have to be. */
  readonly threshold: number;
}

/** A document that is laid before a person, once, whatever asks for it again. */
export async function asked(
  { tenantId, messageId, message, payload }: Job<"signal-received">,
  { title, text, candidates, threshold }: Unsure,
  { store }: Pick<Deps, "store">,
): Promise<Outcome> {
  const ref = at.resolution(tenantId, messageId);
  if ((await store.read(ref)) !== null)
    return { skipped: "it was laid before a person already" };
  const measured = candidates[0]?.confidence ?? 0;
  const detail = `It may be of ${candidates.map(({ name, confidence }) => `${name} (${confidence})`).join(", ")}; a person decides.`;
  return {
    writes: [
      create(ref, {
        state: "open",
        received: payload,
        title: cut(title, 500),
        excerpt: cut(text, excerptCharacters),
        candidates: [...candidates],
        audience: audienceUnion(candidates.map(({ audience }) => audience)),
        hint: hintIn(payload.about ?? {}),
        receivedAt: message.createdAt,
        decidedAt: null,
        decidedBy: null,
        assignedTo: null,
        messageId: null,
        reason: null,
        version: 1,
        traceId: message.traceId,
        runId: message.runId,
      }),
    ],
    decisions: [
      {
        ...nobodys(payload.item),
        verdict: "held",
        reason: "unsure-account",
        detail,
        setting: {
          name: "resolutionThreshold",
          value: threshold,
          measured,
        },
      },
    ],
    skipped: `unsure-account: ${detail}`,
  };
}

function hintIn({ names = [], domains = [] }: About): Resolution["hint"] {
  const [alias] = names;
  if (alias !== undefined) return { kind: "alias", value: alias };
  const [domain] = domains;
  return domain === undefined ? null : { kind: "domain", value: domain };
}

/** A document that is nobody's, or the own company's: the record that says so. */
export function nobodysRecord(
  { payload }: Job<"signal-received">,
  reason: "own-company" | "no-account",
  detail: string,
): Outcome {
  return {
    decisions: [
      {
        ...nobodys(payload.item),
        verdict: "dropped",
        reason,
        detail,
        setting: null,
      },
    ],
    skipped: `${reason}: ${detail}`,
  };
}

/** Cut to so many characters, and never within one. */
function cut(text: string, characters: number): string {
  return text.slice(0, characters).replace(/\p{Cs}$/u, "");
}
