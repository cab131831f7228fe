import * as at from "../../domain/collections.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import { happenedAt } from "../../domain/signals/occurrence.ts";
import { compareSketches } from "../../domain/duplicates/compareSketches.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import { accountFold } from "../../domain/messages/folds.ts";
import { toSignalDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { classifyUnknown } from "./classifyUnknown.ts";
import { chunksToEmbed, signalPoints } from "./points.ts";
import type { Deps } from "../../ports/deps.ts";
import { need, put, type Read, update } from "../../ports/store.ts";
import {
  compareByReceipt,
  describeDuplicate,
  originalId,
} from "../ingest/findDuplicate.ts";
import { readArchived } from "../snapshots.ts";

/**
 * From this cosine similarity of their beginnings, the vectors alone decide, unless the texts show that one follows
 * up on or corrects the other.
 */
const certainlyAlike = 0.97;
const maxCandidates = 2;

type Needs =
  "store" | "recent" | "clock" | "classifier" | "embedder" | "vectors" | "log";

/**
 * Puts a signal's chunks into the vector index and passes the signal on to its account's fold, unless the index shows
 * it to be a near-duplicate.
 */
export const embed: Stage<"signal-ingested", Needs> = {
  topic: "signal-ingested",
  run: embedSignal,
};

async function embedSignal(
  job: Job<"signal-ingested">,
  deps: Pick<Deps, Needs>,
): Promise<Outcome> {
  const { tenantId, payload, abortSignal } = job;
  // The current model, whatever it was when this message was sent: nobody else will embed the signal.
  const { model } = deps.embedder;
  const signal = await need(at.signal(tenantId, payload.signalId), deps.store);
  if (signal.data.status !== "ingested")
    return { skipped: "it has already been embedded" };

  // A text never changes under its own hash.
  const { snapshotId } = signal.data;
  const archived = await readArchived(tenantId, snapshotId, deps.recent);
  const { text } = archived;
  // Classify before paying for the vectors: a run that waits for the model pays for them only once.
  const classified = await classifyUnknown(job, { signal, text }, deps);
  const chunks = chunksToEmbed(archived);
  if (deps.embedder.reachesOut) await job.takeLease();
  const vectors = await deps.embedder.embed(
    chunks.map((chunk) => chunk.text),
    abortSignal,
  );
  // No need to check the lease: points are named by their content, so a late second run writes the same ones.
  await deps.vectors.upsert(
    tenantId,
    signalPoints(signal, chunks, { model, vectors }),
  );
  const [beginning = null] = vectors;
  const original = await findOriginal({ tenantId, signal, beginning }, deps);
  if (original !== null) {
    // A run that finds otherwise must not lose the points that it has put there.
    await job.assertLease();
    return setAside({ tenantId, signal }, original, deps);
  }
  const now = deps.clock.now();
  return {
    writes: [
      update(signal, {
        ...classified,
        status: "embedded",
        embeddedWith: model,
        unfoldedAt: now,
      }),
    ],
    folds: [accountFold(payload.accountId, now)],
  };
}

interface Original {
  readonly read: Read<Signal>;
  readonly similarity: number;
}

/**
 * The original that this signal near-duplicates, among the signals whose beginnings the index finds alike: one that
 * has already gone on, or was received earlier. Two that arrived at the same moment missed each other at ingest; they
 * meet here, since each is put into the index before it searches.
 */
async function findOriginal(
  {
    tenantId,
    signal,
    beginning: vector,
  }: {
    readonly tenantId: TenantId;
    readonly signal: Read<Signal>;
    /** The vector of its first chunk. */
    readonly beginning: readonly number[] | null;
  },
  deps: Pick<Deps, "store" | "vectors" | "embedder">,
): Promise<Original | null> {
  const { sketch, accountId } = signal.data;
  if (sketch === null || vector === null) return null;
  const hits = await deps.vectors.search(tenantId, {
    kind: "signal",
    accountId,
    vector,
    limit: 8,
  });
  const near = new Map(
    hits
      .filter(
        ({ of, score }) => of !== signal.id && score >= deps.embedder.alike,
      )
      .map(({ of, score }) => [of, score] as const),
  );
  const ids = [...near.keys()].slice(0, maxCandidates);
  const reads = await deps.store.readAll(
    ids.map((id) => at.signal(tenantId, SignalId.parse(id))),
    "leave-out",
  );
  const originals = reads
    .filter((read) => read !== null)
    .filter((read) => isEarlier(read, signal))
    .flatMap((read): readonly Original[] => {
      if (read.data.sketch === null || read.data.type !== signal.data.type)
        return [];
      const { same, similarity, why } = compareSketches(
        read.data.sketch,
        sketch,
      );
      const isAlike =
        why === "other" && (near.get(read.id) ?? 0) >= certainlyAlike;
      return same || isAlike ? [{ read, similarity }] : [];
    });
  return originals.sort((a, b) => compareByReceipt(a.read, b.read))[0] ?? null;
}

function isEarlier(read: Read<Signal>, signal: Read<Signal>): boolean {
  const { status, duplicateOf } = read.data;
  if (status === "duplicate") return duplicateOf !== signal.id;
  return status !== "ingested" || compareByReceipt(read, signal) < 0;
}

async function setAside(
  {
    tenantId,
    signal,
  }: { readonly tenantId: TenantId; readonly signal: Read<Signal> },
  { read, similarity }: Original,
  deps: Pick<Deps, "vectors">,
): Promise<Outcome> {
  const id = originalId(read);
  const { data } = signal;
  await deps.vectors.remove(tenantId, { kind: "signal", of: [signal.id] });
  return {
    writes: [
      update(signal, { status: "duplicate", duplicateOf: id }),
      put(at.nearDuplicate(tenantId, id, signal.id), {
        source: data.source,
        itemId: signal.id,
        url: data.url,
        title: data.title,
        publisher: data.publisher,
        licence: data.licence,
        publishedAt: happenedAt(data),
        seenAt: data.receivedAt,
        fetchedAt: data.fetchedAt,
        snapshotId: data.snapshotId,
        similarity,
      }),
    ],
    decisions: [
      toSignalDecisionRecord(signal, {
        stage: "embed",
        verdict: "dropped",
        reason: "near-duplicate",
        detail: describeDuplicate(id, similarity),
      }),
    ],
    skipped: `near-duplicate of ${id}`,
  };
}
