import type { Account } from "../domain/account.ts";
import { classify } from "../domain/classify.ts";
import * as at from "../domain/collections.ts";
import type { Decision } from "../domain/decision.ts";
import { PermanentError } from "../domain/errors.ts";
import { contentHash } from "../domain/hash.ts";
import { mentionOf, relevanceOf, reliabilityOf } from "../domain/relevance.ts";
import { clusterIdOf, signalIdOf } from "../domain/signal.ts";
import { sourceFacts } from "../domain/source.ts";
import type { Job, Outcome, Stage } from "./outcome.ts";
import { create, type Deps, type Read, type ReadDocument } from "./ports.ts";
import { archive } from "./snapshots.ts";

/** A text shorter than this says nothing that could be evidence. */
const minCharacters = 40;

type Needs =
  "store" | "clock" | "connectors" | "reader" | "redactor" | "embedder";

interface Found extends ReadDocument {
  readonly url: string | null;
  readonly licence: string;
}

type Dropped = { readonly reason: Decision["reason"]; readonly detail: string };

/** Reads a received document, redacts and judges it, and keeps it as a signal, or records why not. */
export const ingest: Stage<"signal-received", Needs> = {
  topic: "signal-received",
  run: async (job, deps) => {
    const { tenantId, payload } = job;
    const [tenant, account] = await Promise.all([
      deps.store.read(at.tenant(tenantId)),
      deps.store.read(at.account(tenantId, payload.accountId)),
    ]);
    if (tenant === null)
      throw new PermanentError(
        "not-found",
        `The tenant ${tenantId} does not exist.`,
      );
    if (account === null)
      throw new PermanentError(
        "not-found",
        `The account ${payload.accountId} does not exist.`,
      );

    const found = await find(job, account, deps);
    if ("reason" in found) return drop(job, account.data, found);

    const { item } = payload;
    const text = deps.redactor.redact(found.text);
    const title = deps.redactor
      .redact(item.title || found.title || item.publisher)
      .slice(0, 500)
      .replace(/\p{Cs}/gu, "");
    if (text.length < minCharacters)
      return drop(job, account.data, {
        reason: "empty",
        detail: `It has ${text.length} characters of text.`,
      });

    const mention = mentionOf(account.data, {
      source: item.source,
      title,
      text,
    });
    if (mention === 0) {
      return drop(job, account.data, {
        reason: "not-about-account",
        detail: `It does not name ${account.data.name} or an alias.`,
      });
    }
    const hash = contentHash(text);
    const signalId = signalIdOf(payload.accountId, hash);
    if ((await deps.store.read(at.signal(tenantId, signalId))) !== null) {
      return drop(job, account.data, {
        reason: "duplicate",
        detail: `Its text is that of the signal ${signalId}.`,
      });
    }

    const now = deps.clock.now();
    const { url, licence } = found;
    const snapshot = archive(tenantId, text, { url, licence, fetchedAt: now });
    if (snapshot === null)
      return drop(job, account.data, {
        reason: "too-large",
        detail: `It has ${text.length} characters of text.`,
      });

    const type = sourceFacts[item.source].type;
    const category = classify({ type, title, text, facts: item.facts });
    const relevance = relevanceOf(
      tenant.data.categoryWeights,
      category,
      mention,
    );
    const outlet = account.data.sources.find(
      (source) => source.key === payload.sourceKey,
    );
    const signal = create(at.signal(tenantId, signalId), {
      accountId: payload.accountId,
      audience: account.data.audience,
      provenance: account.data.provenance,
      source: item.source,
      type,
      category,
      title,
      publisher: item.publisher,
      url,
      language: found.language,
      occurredAt: item.publishedAt ?? now,
      fetchedAt: now,
      licence,
      relevance,
      reliability: reliabilityOf(
        item.source,
        outlet?.kind === "rss" ? outlet.reliability : null,
      ),
      snapshotId: snapshot.id,
      clusterId: clusterIdOf(type, item.publishedAt ?? now, hash),
      facts: item.facts,
      status: "ingested",
      embeddedWith: null,
      unfoldedAt: null,
      receivedAt: job.message.createdAt,
      traceId: job.message.traceId,
      runId: job.message.runId,
    });
    return {
      writes: [signal, ...snapshot.writes],
      emits: [
        {
          topic: "signal-ingested",
          payload: {
            accountId: payload.accountId,
            signalId,
            embeddingModel: deps.embedder.model,
          },
        },
      ],
    };
  },
};

/** The document's text: handed in, or fetched from its source and read; or why there is none. */
async function find(
  { payload, signal }: Job<"signal-received">,
  account: Read<Account>,
  deps: Pick<Deps, Needs>,
): Promise<Found | Dropped> {
  const { item, handedIn, sourceKey } = payload;
  if (handedIn !== null)
    return {
      ...handedIn,
      language: "und",
      author: null,
      publishedAt: null,
      canonicalUrl: null,
      sections: [],
      url: item.url,
      licence: "Provided by the tenant",
    };
  const source = account.data.sources.find(({ key }) => key === sourceKey);
  const connector = source && deps.connectors[source.kind];
  if (source === undefined || connector === undefined)
    return { reason: "gone", detail: "Its source was taken off the account." };
  const fetched = await connector.fetch(item, source, signal);
  if (fetched === null)
    return { reason: "gone", detail: "The source no longer has it." };
  try {
    return {
      ...(await deps.reader.read(fetched)),
      url: item.url ?? fetched.url,
      licence: fetched.licence,
    };
  } catch (error) {
    if (error instanceof PermanentError)
      return {
        reason: error.code === "too-large" ? "too-large" : "unreadable",
        detail: error.message,
      };
    throw error;
  }
}

function drop(
  job: Job<"signal-received">,
  account: Account,
  { reason, detail }: Dropped,
): Outcome {
  return {
    decisions: [
      {
        ...about(job, account),
        verdict: "dropped",
        reason,
        detail,
        setting: null,
      },
    ],
    skipped: `${reason}: ${detail}`,
  };
}

function about(
  { payload: { accountId, item } }: Job<"signal-received">,
  account: Account,
) {
  const { url, title } = item;
  return {
    accountId,
    audience: account.audience,
    stage: "ingest",
    itemId: `${item.source}:${item.itemId}:${item.revision}`,
    signalId: null,
    url,
    title,
  } as const;
}
