import * as at from "../../domain/collections.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import { create, need } from "../../ports/store.ts";
import { drop } from "./drop.ts";
import { findDuplicate, toFingerprint } from "./findDuplicate.ts";
import { recordNearDuplicate } from "./nearDuplicate.ts";
import { type DocumentRead, readDocument } from "./readDocument.ts";
import { resolveAccount } from "./resolve.ts";
import type { Resolved } from "./resolved.ts";
import { toSignal } from "./toSignal.ts";

type Needs =
  | "store"
  | "recent"
  | "clock"
  | "connectors"
  | "reader"
  | "redactor"
  | "annotator"
  | "embedder";

/** Reads, redacts and judges a received document, and keeps it as a signal or records why not. */
export const ingest: Stage<"signal-received", Needs> = {
  topic: "signal-received",
  run: ingestDocument,
};

async function ingestDocument(
  received: Job<"signal-received">,
  deps: Pick<Deps, Needs>,
): Promise<Outcome> {
  const resolved = await resolveAccount(received, deps);
  if (resolved.kind === "ended") return resolved.outcome;

  const document = await readDocument(resolved, deps);
  if ("reason" in document) return drop(resolved, document);

  const fingerprint = toFingerprint(document);
  const match = await findDuplicate(received.tenantId, document, {
    ...deps,
    fingerprint,
    isRetry: received.message.attempts > 0,
  });
  if (match.kind === "duplicate")
    return recordNearDuplicate(resolved, document, match);
  return keep(
    resolved,
    { document, fingerprint, earlier: match.earlier },
    deps,
  );
}

/** The document as a signal with its archived text, and the message that has it embedded. */
async function keep(
  resolved: Resolved,
  found: Pick<Parameters<typeof toSignal>[1], "fingerprint" | "earlier"> & {
    readonly document: DocumentRead;
  },
  deps: Pick<Deps, "recent" | "annotator" | "embedder">,
): Promise<Outcome> {
  const { tenantId, payload, abortSignal } = resolved.job;
  const { document } = found;
  const tenant = await need(at.tenant(tenantId), deps.recent);
  const { text, language, publishedAt } = document;
  const { name, aliases } = resolved.names;
  const annotations = await deps.annotator.annotate(
    { text, language, publishedAt, own: [name, ...aliases] },
    abortSignal,
  );
  const { signalId, signal } = toSignal(resolved, {
    ...found,
    annotations,
    tenant: tenant.data,
  });
  return {
    writes: [
      create(at.signal(tenantId, signalId), signal),
      ...document.snapshot.writes,
    ],
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
}
