import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import { happenedAt } from "../../domain/signals/occurrence.ts";
import { likeness } from "../../domain/duplicates/sameStory.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import { accountFold } from "../../domain/messages/folds.ts";
import type { Outcome, Stage } from "../../ports/stage.ts";
import { placed } from "./placed.ts";
import { chunksToEmbed, signalPoints } from "./points.ts";
import type { Deps } from "../../ports/deps.ts";
import { put, type Read, update } from "../../ports/store.ts";
import { firstHeardFirst, headOf } from "../ingest/recognise.ts";
import { archivedOf } from "../snapshots.ts";

/** From this cosine similarity of their beginnings on, the vectors' word is enough, unless the texts say that one follows or corrects the other. */
const theSame = 0.97;
const maxCandidates = 2;

/** Puts a signal's chunks into the vector index, and lays the signal before its account's fold, unless the index knows it for one that is told once more. */
export const embed: Stage<
  "signal-ingested",
  "store" | "clock" | "classifier" | "embedder" | "vectors" | "log"
> = {
  topic: "signal-ingested",
  run: async (job, deps) => {
    const { tenantId, payload, signal: abort } = job;
    const { signalId } = payload;
    // The model of today, whichever it was when this was asked for: nobody else will embed the signal.
    const { model } = deps.embedder;
    const signal = await deps.store.read(at.signal(tenantId, signalId));
    if (signal === null)
      throw new PermanentError(
        "not-found",
        `The signal ${signalId} does not exist.`,
      );
    if (signal.data.status !== "ingested")
      return { skipped: "it was embedded before" };

    const archived = await archivedOf(tenantId, signal.data.snapshotId, deps);
    const { text } = archived;
    // Before the vectors are paid for: a run that waits for the model pays for them once.
    const place = await placed(job, { signal, text }, deps);
    const chunks = chunksToEmbed(archived);
    const vectors = await deps.embedder.embed(
      chunks.map((chunk) => chunk.text),
      abort,
    );
    // Whose run this is need not be asked: points are named and made by what they are of, so a late second run writes the same.
    await deps.vectors.upsert(
      tenantId,
      signalPoints(signal, chunks, { model, vectors }),
    );
    const [beginning] = vectors;
    const head =
      beginning === undefined
        ? null
        : await toldBefore(tenantId, signal, beginning, deps);
    if (head !== null) return setAside(tenantId, signal, head, deps);
    const now = deps.clock.now();
    return {
      writes: [
        update(signal, {
          ...place,
          status: "embedded",
          embeddedWith: model,
          unfoldedAt: now,
        }),
      ],
      folds: [accountFold(payload.accountId, now)],
    };
  },
};

interface Head {
  readonly read: Read<Signal>;
  readonly similarity: number;
}

/**
 * The signal that this one tells once more, among those whose beginnings the index finds alike: one that has gone on
 * already, or was heard of before. Two that came at the same moment passed by each other at ingest; here they meet,
 * since each is put in before it looks.
 */
async function toldBefore(
  tenantId: TenantId,
  signal: Read<Signal>,
  vector: readonly number[],
  deps: Pick<Deps, "store" | "vectors" | "embedder">,
): Promise<Head | null> {
  const { sketch, accountId } = signal.data;
  if (sketch === null) return null;
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
  const heads = reads
    .filter((read) => read !== null)
    .filter((read) => wasBefore(read, signal))
    .flatMap((read): readonly Head[] => {
      if (read.data.sketch === null || read.data.type !== signal.data.type)
        return [];
      const { same, similarity, why } = likeness(read.data.sketch, sketch);
      const meant = why === "other" && (near.get(read.id) ?? 0) >= theSame;
      return same || meant ? [{ read, similarity }] : [];
    });
  return heads.sort((a, b) => firstHeardFirst(a.read, b.read))[0] ?? null;
}

function wasBefore(read: Read<Signal>, signal: Read<Signal>): boolean {
  const { status, duplicateOf } = read.data;
  if (status === "duplicate") return duplicateOf !== signal.id;
  return status !== "ingested" || firstHeardFirst(read, signal) < 0;
}

async function setAside(
  tenantId: TenantId,
  signal: Read<Signal>,
  { read, similarity }: Head,
  deps: Pick<Deps, "vectors">,
): Promise<Outcome> {
  const of = headOf(read);
  const { data } = signal;
  await deps.vectors.remove(tenantId, { kind: "signal", of: [signal.id] });
  return {
    writes: [
      update(signal, { status: "duplicate", duplicateOf: of }),
      put(at.retelling(tenantId, of, signal.id), {
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
      {
        accountId: data.accountId,
        audience: data.audience,
        stage: "embed",
        itemId: signal.id,
        signalId: signal.id,
        url: data.url,
        title: data.title,
        verdict: "dropped",
        reason: "near-duplicate",
        detail: `It tells once more what the signal ${of} tells, ${Math.round(100 * similarity)} % alike.`,
        setting: null,
      },
    ],
    skipped: `near-duplicate of ${of}`,
  };
}
