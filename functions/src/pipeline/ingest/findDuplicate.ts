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

/** Few signals share a key; beyond this number, only one with exactly the same text is compared. */
const maxCandidates = 20;

/** Published stories are repeated by others; what a tenant's own systems and people say is said once. */
const publishedTypes: ReadonlySet<SignalType> = new Set(["news", "job"]);

type Document = Pick<
  DocumentRead,
  "accountId" | "type" | "title" | "text" | "url" | "hash"
>;

/** How a document is recognised when it comes again: at most 30 lookup keys, and a sketch for comparison. */
export interface Fingerprint {
  readonly keys: readonly string[];
  readonly sketch: Sketch | null;
}

/** How a document relates to the account's earlier signals. */
export type Match =
  /** It is a near-duplicate of `original`; `exact`: word for word. */
  | {
      readonly kind: "duplicate";
      readonly original: Read<Signal>;
      readonly exact: boolean;
      /** 0 to 1. */
      readonly similarity: number;
    }
  /** It is new. `earlier` is the signal whose page it revises or whose story it corrects, if any. */
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
 * Whether the account already has the document's story: one query, however long its history. `isRetry`: an earlier
 * run failed, perhaps because the same text already exists in a signal that predates keys.
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

/** Orders signals by when the pipeline first received them: the first is the original of the others. */
export function compareByReceipt(a: Read<Signal>, b: Read<Signal>): number {
  return (
    a.data.receivedAt.getTime() - b.data.receivedAt.getTime() ||
    a.id.localeCompare(b.id)
  );
}

/** The original of a duplicate, or the signal itself. */
export function originalId(read: Read<Signal>): SignalId {
  return read.data.duplicateOf ?? SignalId.parse(read.id);
}

/** The sentence for a near-duplicate's decision record. */
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
