import * as at from "../../domain/collections.ts";
import { sha256 } from "../../domain/kernel/hash.ts";
import {
  type AccountId,
  SignalId,
  type TenantId,
} from "../../domain/kernel/ids.ts";
import { likeness } from "../../domain/duplicates/sameStory.ts";
import { type Signal, signalIdOf } from "../../domain/signals/signal.ts";
import {
  keysOf,
  type Sketch,
  sketchOf,
} from "../../domain/duplicates/sketch.ts";
import type { SignalType } from "../../domain/sources/source.ts";
import { canonicalUrl } from "../../domain/text/url.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Read } from "../../ports/store.ts";

/** Signals that share a key are few; of what is over, only the one with the very same text is looked at. */
const maxCandidates = 20;

/** What others publish is told more than once; what a tenant's own systems and people say is said once. */
const toldByMany: ReadonlySet<SignalType> = new Set(["news", "job"]);

/** A document, read and redacted, before it is a signal. */
interface Document {
  readonly accountId: AccountId;
  readonly type: SignalType;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  /** The hash of its content. */
  readonly hash: string;
}

/** By what a document is known again. */
export interface Marks {
  readonly keys: readonly string[];
  readonly sketch: Sketch | null;
}

/** What is known of a document at its account. */
export type Recognised =
  /** A signal that it tells once more; `exact`: to the letter. */
  | {
      readonly kind: "told";
      readonly head: Read<Signal>;
      readonly exact: boolean;
      readonly similarity: number;
    }
  /** Something new; of the page or the story of `earlier`, where it revises or corrects one. */
  | { readonly kind: "new"; readonly earlier: Read<Signal> | null };

/** The keys and the sketch of a document: at most 30 keys, in one form for everything that is told twice. */
export function marksOf(document: Document): Marks {
  const url = document.url === null ? null : canonicalUrl(document.url);
  const isPosting = document.type === "job";
  const sketch = toldByMany.has(document.type)
    ? sketchOf({ ...document, isPosting })
    : null;
  return {
    sketch,
    keys: [
      `x:${document.hash.slice(0, 32)}`,
      ...(sketch === null ? [] : keysOf(sketch)),
      ...(url === null || sketch === null
        ? []
        : [`u:${sha256(url).slice(0, 32)}`]),
    ],
  };
}

/**
 * Whether the account has heard it before: one query, whatever the length of its history. `again`: a run before this
 * one failed, maybe because the very text is there after all, in a signal from before signals had keys.
 */
export async function recognise(
  tenantId: TenantId,
  document: Document,
  marks: Marks,
  { store, again }: Pick<Deps, "store"> & { readonly again: boolean },
): Promise<Recognised> {
  const sameId = signalIdOf(document.accountId, document.hash);
  const found = await store.query({
    collection: at.signals(tenantId),
    where: [
      ["accountId", "==", document.accountId],
      ["keys", "array-contains-any", marks.keys],
    ],
    limit: maxCandidates,
  });
  const exact =
    found.length < maxCandidates && !again
      ? null
      : await store.read(at.signal(tenantId, sameId));
  const candidates = [...found, ...(exact === null ? [] : [exact])]
    .filter(({ data }) => data.type === document.type)
    .sort(firstHeardFirst)
    .map((read) => ({ read, ...compare(read, sameId, marks) }));
  const told = candidates.find(({ same }) => same);
  if (told !== undefined)
    return {
      kind: "told",
      head: told.read,
      exact: told.exact,
      similarity: told.similarity,
    };
  const earlier = candidates.find(
    ({ read, why }) =>
      why === "correction" ||
      read.data.keys.some((key) => isAddress(key, marks)),
  );
  return { kind: "new", earlier: earlier?.read ?? null };
}

/** The order in which signals are told: by when the pipeline first heard of them. */
export function firstHeardFirst(a: Read<Signal>, b: Read<Signal>): number {
  return (
    a.data.receivedAt.getTime() - b.data.receivedAt.getTime() ||
    a.id.localeCompare(b.id)
  );
}

/** The signal that a duplicate tells once more, or the signal itself. */
export function headOf(read: Read<Signal>): SignalId {
  return read.data.duplicateOf ?? SignalId.parse(read.id);
}

function compare(
  { id, data: signal }: Read<Signal>,
  sameId: SignalId,
  marks: Marks,
) {
  if (id === sameId)
    return { same: true, exact: true, similarity: 1, why: "retold" } as const;
  const alike =
    signal.sketch === null || marks.sketch === null
      ? ({ same: false, similarity: 0, why: "other" } as const)
      : likeness(signal.sketch, marks.sketch);
  return { ...alike, exact: false };
}

function isAddress(key: string, marks: Marks): boolean {
  return key.startsWith("u:") && marks.keys.includes(key);
}
