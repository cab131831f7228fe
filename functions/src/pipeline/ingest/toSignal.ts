import type { Unstamped } from "../../domain/kernel/document.ts";
import type { SignalId } from "../../domain/kernel/ids.ts";
import type { Annotations } from "../../domain/signals/annotations.ts";
import { classify } from "../../domain/signals/classify.ts";
import {
  toClusterId,
  type Signal,
  toSignalId,
} from "../../domain/signals/signal.ts";
import { findThemes } from "../../domain/signals/themes.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { toRelevance, toReliability } from "../../domain/weighing/relevance.ts";
import type { Read } from "../../ports/store.ts";
import type { Fingerprint } from "./findDuplicate.ts";
import type { DocumentRead } from "./readDocument.ts";
import type { Resolved } from "./resolved.ts";

interface Material {
  readonly document: DocumentRead;
  readonly fingerprint: Fingerprint;
  readonly annotations: Annotations;
  /** The signal whose page it revises, or whose story it corrects. */
  readonly earlier: Read<Signal> | null;
  readonly tenant: Tenant;
}

/** Turns a document into a signal and its id. */
export function toSignal(
  { job, account, holder, resolvedBy }: Resolved,
  { document, fingerprint, annotations, earlier, tenant }: Material,
): { readonly signalId: SignalId; readonly signal: Unstamped<Signal> } {
  const { item, accountId, sourceKey } = job.payload;
  const { type, title, text, hash, occurredAt, announcedFor } = document;
  const category = classify({ type, title, text, facts: item.facts });
  const outlet = holder.data.sources.find(({ key }) => key === sourceKey);
  return {
    signalId: toSignalId(accountId, hash),
    signal: {
      accountId,
      audience: account.data.audience,
      provenance: account.data.provenance,
      source: item.source,
      type,
      category,
      title,
      publisher: item.publisher,
      url: document.url,
      author: document.author,
      language: document.language,
      occurredAt,
      fetchedAt: document.fetchedAt,
      licence: document.licence,
      relevance: toRelevance(
        tenant.categoryWeights,
        category,
        document.mention,
      ),
      reliability: toReliability(
        item.source,
        outlet?.kind === "rss" ? outlet.reliability : null,
      ),
      snapshotId: document.snapshot.id,
      // A revision of a page or a correction of a story belongs to the same cluster.
      clusterId: earlier?.data.clusterId ?? toClusterId(type, occurredAt, hash),
      keys: [...fingerprint.keys],
      sketch: fingerprint.sketch,
      duplicateOf: null,
      facts: {
        ...item.facts,
        ...(resolvedBy === null ? {} : { resolvedBy }),
        ...(announcedFor === null
          ? {}
          : { announcedFor: announcedFor.toISOString() }),
      },
      annotations,
      themes: [...findThemes({ title, text })],
      status: "ingested",
      embeddedWith: null,
      unfoldedAt: null,
      receivedAt: job.message.createdAt,
      traceId: job.message.traceId,
      runId: job.message.runId,
    },
  };
}
