import * as at from "../../domain/collections.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import type { Asset } from "../../domain/cards/library.ts";
import type { Emission } from "../../domain/messages/message.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Job, Stage } from "../../ports/stage.ts";
import {
  assetPoint,
  assetText,
  type Chunk,
  chunksToEmbed,
  signalPoints,
} from "../embed/points.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Point } from "../../ports/vectors.ts";
import { type Read, update } from "../../ports/store.ts";
import { readArchived } from "../snapshots.ts";

/** Documents per page. */
const pageSize = 50;
/** Limits a page's cost where its signals are long; one signal has at most 40 chunks. */
const chunksPerPage = 400;

type Needs = "store" | "embedder" | "vectors" | "log";
type Page = Job<"signals-reembed">;

/**
 * The first page of re-embedding all of a tenant's documents after a change of model. Asking twice on one occasion
 * starts one job.
 */
export function startReembedding(
  model: string,
  occasion: string,
): Emission<"signals-reembed"> {
  return {
    topic: "signals-reembed",
    payload: { model, occasion, collection: "signals", after: null },
  };
}

/**
 * Embeds a page of signals, then of assets, with the current model, and requests the next page; what already has its
 * vectors costs nothing.
 */
export const reembed: Stage<"signals-reembed", Needs> = {
  topic: "signals-reembed",
  run: async (job, deps) => {
    const { model, collection } = job.payload;
    // Functions of the previous release may still be running; if it persists, a person has to look into it.
    if (model !== deps.embedder.model)
      throw new RetryableError(
        "bad-payload",
        `The embedding model here is ${deps.embedder.model}, not ${model}.`,
      );
    if (deps.embedder.reachesOut) await job.takeLease();
    return collection === "signals"
      ? signalsPage(job, deps)
      : assetsPage(job, deps);
  },
};

async function signalsPage(job: Page, deps: Pick<Deps, Needs>) {
  const { tenantId, payload, abortSignal: abort, assertLease } = job;
  const { model } = payload;
  const reads = await deps.store.query({
    collection: at.signals(tenantId),
    where: [],
    ...pageQuery(payload.after),
  });
  const { texts, last } = await toEmbed(reads, job, deps);
  const vectors = await deps.embedder.embed(
    texts.flatMap(({ chunks }) => chunks.map(({ text }) => text)),
    abort,
  );
  let taken = 0;
  const points = texts.flatMap(({ read, chunks }): readonly Point[] => {
    const own = vectors.slice(taken, (taken += chunks.length));
    return signalPoints(read, chunks, { model, vectors: own });
  });
  await assertLease();
  await deps.vectors.upsert(tenantId, points);
  const isLast = last === reads.at(-1) && reads.length < pageSize;
  return {
    writes: texts.map(({ read }) => update(read, { embeddedWith: model })),
    emits: [
      next(
        payload,
        isLast || last === undefined
          ? { collection: "assets", after: null }
          : { collection: "signals", after: last.id },
      ),
    ],
  };
}

/** The signals of a page that lack the model's vectors, as many as fit one run; `last` is the last one checked. */
async function toEmbed(
  reads: readonly Read<Signal>[],
  { tenantId, payload }: Page,
  deps: Pick<Deps, "store" | "log">,
) {
  const texts: {
    readonly read: Read<Signal>;
    readonly chunks: readonly Chunk[];
  }[] = [];
  let size = 0;
  let last: Read<Signal> | undefined;
  for (const read of reads) {
    if (size >= chunksPerPage) break;
    last = read;
    const { status, embeddedWith, snapshotId } = read.data;
    // A signal that was only just ingested is embedded in its normal course, with the current model.
    if (status === "ingested" || embeddedWith === payload.model) continue;
    try {
      const chunks = chunksToEmbed(
        await readArchived(tenantId, snapshotId, deps.store),
      );
      texts.push({ read, chunks });
      size += chunks.length;
    } catch (error) {
      // One missing text must not keep all others from being found.
      if (!(error instanceof PermanentError)) throw error;
      deps.log.write("WARNING", "a signal could not be re-embedded", {
        tenantId,
        signalId: read.id,
        error: error.message,
      });
    }
  }
  return { texts, last };
}

async function assetsPage(job: Page, deps: Pick<Deps, Needs>) {
  const { tenantId, payload, abortSignal: abort, assertLease } = job;
  const { model } = payload;
  const reads: readonly Read<Asset>[] = await deps.store.query({
    collection: at.assets(tenantId),
    where: [],
    ...pageQuery(payload.after),
  });
  const offered = reads.filter(({ data }) => data.active);
  const vectors = await deps.embedder.embed(
    offered.map(({ data }) => assetText(data)),
    abort,
  );
  await assertLease();
  await deps.vectors.upsert(
    tenantId,
    offered.map((read, i) =>
      assetPoint(read, { model, vector: vectors[i] ?? [] }),
    ),
  );
  const last = reads.at(-1);
  return {
    // Unchanged since they were read, or an older text could replace an edited one.
    writes: reads.map((read) => update(read, {})),
    emits:
      last === undefined || reads.length < pageSize
        ? []
        : [next(payload, { collection: "assets", after: last.id })],
  };
}

function pageQuery(after: string | null) {
  return {
    orderBy: [["__name__", "asc"]],
    limit: pageSize,
    ...(after === null ? {} : { startAfter: [after] }),
  } as const;
}

function next(
  { model, occasion }: Page["payload"],
  where: Pick<Page["payload"], "collection" | "after">,
): Emission<"signals-reembed"> {
  return {
    topic: "signals-reembed",
    payload: { model, occasion, ...where },
  };
}
