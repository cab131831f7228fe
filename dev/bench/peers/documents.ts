import type { Firestore } from "firebase-admin/firestore";
import { z } from "zod";
import { stamps } from "../../../functions/src/domain/kernel/document.ts";
import { TenantId } from "../../../functions/src/domain/kernel/ids.ts";
import { toBatches } from "../../../functions/src/domain/kernel/lists.ts";
import type { DocumentRef } from "../../../functions/src/domain/kernel/references.ts";
import type { TopicName } from "../../../functions/src/domain/messages/topics.ts";
import type { Emission } from "../../../functions/src/domain/messages/message.ts";
import {
  AccountId,
  OpportunityId,
  SignalId,
} from "../../../functions/src/domain/kernel/ids.ts";
import { type Ledger, rowText, toRowIds } from "./protocol.ts";

export const tenantId = TenantId.parse("bench");

/** A document of the benchmark's own that steps read and write. */
export const Row = z.object({
  ...stamps,
  count: z.int().nonnegative(),
  text: z.string(),
});
export type Row = z.infer<typeof Row>;

const rows = `tenants/${tenantId}/benchRows`;

export function toRow(id: string): DocumentRef<Row> {
  return { path: `${rows}/${id}`, schema: Row };
}

/** The work of each step in its order: topics of the product, of which every payload names an account. */
const steps = [
  (of) => ({
    topic: "signal-ingested",
    payload: { ...of, embeddingModel: "none" },
  }),
  ({ accountId }) => ({
    topic: "account-assess",
    payload: { accountId, slot: 1 },
  }),
  (of) => ({
    topic: "signal-qualified",
    payload: {
      ...of,
      playbookId: null,
      clusterId: "c",
      signalIds: [of.signalId],
      refined: null,
    },
  }),
  (of) => ({ topic: "review-deadline", payload: { ...of, version: 1 } }),
  (of) => ({ topic: "opportunity-approved", payload: { ...of, version: 1 } }),
  (of) => ({
    topic: "crm-write",
    payload: { ...of, version: 1, crm: "salesforce" },
  }),
  (of) => ({
    topic: "activation-settled",
    payload: { ...of, version: 1, crm: "salesforce", revision: 1 },
  }),
] as const satisfies readonly ((of: Subject) => Emission)[];

interface Subject {
  readonly accountId: AccountId;
  readonly opportunityId: OpportunityId;
  readonly signalId: SignalId;
}

/** The topics of the steps, in their order. */
export const stepTopics: readonly TopicName[] = steps.map(
  (step) => step(toSubject("any")).topic,
);

/** What asks for a step of a workflow; null after the last. */
export function toEmission(workflow: string, step: number): Emission | null {
  return steps[step]?.(toSubject(workflow)) ?? null;
}

/** A workflow's id stands for those of the account, the card and the signal. */
function toSubject(workflow: string): Subject {
  return {
    accountId: AccountId.parse(workflow),
    opportunityId: OpportunityId.parse(workflow),
    signalId: SignalId.parse(workflow),
  };
}

/** Writes the documents of new workflows. */
export async function seedRows(
  workflows: readonly string[],
  db: Firestore,
): Promise<void> {
  const now = new Date();
  const data = { count: 0, text: rowText, createdAt: now, updatedAt: now };
  for (const ids of toBatches(workflows.flatMap(toRowIds), 400)) {
    const batch = db.batch();
    for (const id of ids)
      batch.set(db.doc(`${rows}/${id}`), { ...data, schemaVersion: 1 });
    await batch.commit();
  }
}

/** What all workflows of the database have done so far. */
export async function readLedger(db: Firestore): Promise<Ledger> {
  const [applied, doubled] = await Promise.all(
    [1, 2].map(async (least) => {
      const found = db.collection(rows).where("count", ">=", least);
      return (await found.count().get()).data().count;
    }),
  );
  return { applied: applied ?? 0, doubled: doubled ?? 0 };
}
