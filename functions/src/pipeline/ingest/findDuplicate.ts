import * as at from "../../domain/collections.ts";
import { compareSketches } from "../../domain/duplicates/compareSketches.ts";
import {
  toLookupKeys,
  type Sketch,
  toSketch,
} from "../../domain/duplicates/sketch.ts";
import { sha256 } from "../../domain/kernel/hash.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import { type Signal, toSignalId } from "../../domain/signals/signal.ts";
import type { SignalType } from "../../domain/sources/source.ts";
import { canonicalUrl } from "../../domain/text/url.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Read } from "../../ports/store.ts";
import type { DocumentRead } from "./readDocument.ts";

/** Signals that share a key are few; of what is over, only the one with the very same text is looked at. */
const maxCandidates = 20;

/** What others publish is told more than once; what a tenant's own systems and people say is said once. */
const publishedTypes: ReadonlySet<SignalType> = new Set(["news", "job"]);

type Document = Pick<
  DocumentRead,
  "accountId" | "type" | "title" | "text" | "url" | "hash"
>;

/** How a document is recognised when it comes again: at most 30 keys to look it up by, and a sketch to compare it by. */
export interface Fingerprint {
  readonly keys: readonly string[];
  readonly sketch: Sketch | null;
}

/** What an account's earlier signals say of a document. */
export type Match =
  /** It tells the story of `original` again; `exact`: to the letter. */
  | {
      readonly kind: "duplicate";
      readonly original: Read<Signal>;
      readonly exact: boolean;
      /** 0 to 1. */
      readonly similarity: number;
    }
  /** It is new; of the page or the story of `earlier`, where it revises or corrects one. */
  | { readonly kind: "new"; readonly earlier: Read<Signal> | null };

/** The fingerprint of a document, in one form for everything that tells the same story. */
export function toFingerprint(document: Document): Fingerprint {
  const url = document.url === null ? null : canonicalUrl(document.url);
  const isPosting = document.type === "job";
  const sketch = publishedTypes.has(document.type)
    ? toSketch({ ...document, isPosting })
    : null;
  return {
    sketch,
    keys: [
      `x:${document.hash.slice(0, 32)}`,
      ...(sketch === null ? [] : toLookupKeys(sketch)),
      ...(url === null || sketch === null
        ? []
        : [`u:${sha256(url).slice(0, 32)}`]),
    ],
  };
}

/**
 * Whether the account has the document's story already: one query, whatever the length of its history. `isRetry`: a
 * run before this one failed, maybe because the very text is there after all, in a signal from before signals had keys.
 */
export async function findDuplicate(
  tenantId: TenantId,
  document: Document,
  {
    store,
    fingerprint,
    isRetry,
  }: Pick<Deps, "store"> & {
    readonly fingerprint: Fingerprint;
    readonly isRetry: boolean;
  },
): Promise<Match> {
  const exactId = toSignalId(document.accountId, document.hash);
  const found = await store.query({
    collection: at.signals(tenantId),
    where: [
      ["accountId", "==", document.accountId],
      ["keys", "array-contains-any", fingerprint.keys],
    ],
    limit: maxCandidates,
  });
  const exact =
    found.length < maxCandidates && !isRetry
      ? null
      : await store.read(at.signal(tenantId, exactId));
  const candidates = [...found, ...(exact === null ? [] : [exact])]
    .filter(({ data }) => data.type === document.type)
    .sort(compareByReceipt)
    .map((read) => ({ read, ...compare(read, exactId, fingerprint) }));
  const duplicate = candidates.find(({ same }) => same);
  if (duplicate !== undefined) {
    const { read: original, exact, similarity } = duplicate;
    return { kind: "duplicate", original, exact, similarity };
  }
  const earlier = candidates.find(
    ({ read, why }) =>
      why === "correction" || isSamePage(read.data, fingerprint),
  );
  return { kind: "new", earlier: earlier?.read ?? null };
}

/** The order of signals by when the pipeline first received them: the first is the original of the others. */
export function compareByReceipt(a: Read<Signal>, b: Read<Signal>): number {
  return (
    a.data.receivedAt.getTime() - b.data.receivedAt.getTime() ||
    a.id.localeCompare(b.id)
  );
}

/** The signal that a duplicate repeats, or the signal itself. */
export function originalId(read: Read<Signal>): SignalId {
  return read.data.duplicateOf ?? SignalId.parse(read.id);
}

/** The sentence of a near-duplicate's decision record. */
export function describeDuplicate(id: SignalId, similarity: number): string {
  return `It tells the same story as the signal ${id}: ${Math.round(100 * similarity)} % alike.`;
}

function compare(
  { id, data: signal }: Read<Signal>,
  exactId: SignalId,
  { sketch }: Fingerprint,
) {
  if (id === exactId)
    return { same: true, exact: true, similarity: 1, why: "retold" } as const;
  const alike =
    signal.sketch === null || sketch === null
      ? ({ same: false, similarity: 0, why: "other" } as const)
      : compareSketches(signal.sketch, sketch);
  return { ...alike, exact: false };
}

function isSamePage(signal: Signal, { keys }: Fingerprint): boolean {
  return signal.keys.some((key) => key.startsWith("u:") && keys.includes(key));
}
