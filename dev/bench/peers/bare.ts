import { initializeApp } from "firebase-admin/app";
import { FieldValue, getFirestore } from "firebase-admin/firestore";
import * as at from "../../../functions/src/domain/collections.ts";
import { addMs, dayMs } from "../../../functions/src/domain/kernel/instant.ts";
import {
  type Emission,
  newMessage,
} from "../../../functions/src/domain/messages/message.ts";
import {
  readLedger,
  seedRows,
  tenantId,
  toEmission,
  toRow,
} from "./documents.ts";
import { toEffectId, toItemId } from "./protocol.ts";
import { serve } from "./serve.ts";

/** The same reads and commits of the same documents as ours, and nothing else: no condition, no check, no way back. */
serve(async ({ database }, stepDone) => {
  const db = getFirestore(initializeApp({ projectId: database }));
  return {
    seed: async (workflows) => seedRows(workflows, db),
    ledger: async () => readLedger(db),
    run: async (workflow) => {
      let message = toDocument(toEmission(workflow, 0));
      if (message !== null) await db.doc(message.path).set(message.data);
      for (let step = 0; message !== null; step++) {
        const effect = db.doc(toRow(toEffectId(workflow, step)).path);
        await db.getAll(db.doc(toRow(toItemId(workflow)).path), effect);
        const now = new Date();
        const next = toDocument(toEmission(workflow, step + 1));
        const batch = db
          .batch()
          .update(db.doc(message.path), toEnd(now))
          .update(effect, { count: FieldValue.increment(1), updatedAt: now });
        if (next !== null) batch.set(db.doc(next.path), next.data);
        await batch.commit();
        stepDone();
        message = next;
      }
    },
  };
});

function toDocument(emission: Emission | null) {
  if (emission === null) return null;
  const now = new Date();
  const origin = { traceId: "bench", runId: null, causedBy: null };
  const { id, data } = newMessage(emission, origin, now);
  return {
    path: at.message(tenantId, id).path,
    data: { ...data, schemaVersion: 1, createdAt: now, updatedAt: now },
  };
}

/** The fields that the end of a message writes. */
function toEnd(now: Date) {
  return {
    state: "done",
    lease: null,
    error: null,
    skipped: null,
    expiresAt: addMs(now, 30 * dayMs),
    updatedAt: now,
  };
}
