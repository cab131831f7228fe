import type { Account } from "../../domain/accounts/account.ts";
import {
  CrmName,
  crmFacts,
  type CrmTask,
  toExternalId,
  isConnected,
} from "../../domain/crm/activation.ts";
import type { Provenance } from "../../domain/kernel/document.ts";
import type { OpportunityId, TenantId, Uid } from "../../domain/kernel/ids.ts";
import { addMs, dayMs } from "../../domain/kernel/instant.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import { move } from "../../domain/cards/transitions.ts";
import { truncate } from "../../domain/kernel/truncate.ts";
import type { Deps } from "../../ports/deps.ts";

/** Days until the task in the CRM is due. */
const taskDays = 3;

/** The parts of a task that differ between tries. */
type Try = Pick<CrmTask, "approvedAt" | "again" | "msSinceLastTry">;

/** The task as every CRM gets it: the same on each try, so that repeating the write changes nothing. */
export function toCrmTask(
  {
    externalId,
    crm,
    approvedAt,
  }: {
    readonly externalId: string;
    readonly crm: CrmName;
    readonly approvedAt: Date;
  },
  {
    card,
    account,
  }: {
    readonly card: Opportunity["card"];
    readonly account: Pick<Account, "identifiers">;
  },
): Omit<CrmTask, keyof Try> {
  const score = card.score.total;
  const body = [
    card.summary,
    ...card.claims.map((claim) => `${claim.kind}: ${claim.text}`),
    ...(card.playbook === null ? [] : [`Next step: ${card.playbook.action}`]),
    ...card.assets.map(({ title, url }) => `Asset: ${title} (${url})`),
    `Score ${score} of 100 (weights ${card.score.weightsVersion}). ClientPulse ${externalId}.`,
  ].join("\n\n");
  return {
    externalId,
    subject: truncate(card.title, 255),
    body: truncate(body, 20_000),
    dueAt: addMs(approvedAt, taskDays * dayMs),
    priority: score >= 70 ? "HIGH" : score >= 40 ? "MEDIUM" : "LOW",
    crmAccountId: account.identifiers[crm] ?? null,
  };
}

/** Why a card of this provenance must not be written to a CRM of that connection; null where it may be. */
export function whyNotWritten(
  provenance: Provenance,
  connection: Provenance,
): string | null {
  if (provenance === connection) return null;
  return `A card of provenance ${provenance} is not written to a ${connection} CRM.`;
}

/** What a person reads when their tenant has not connected the CRM. */
export function notConnectedMessage(crm: CrmName): string {
  return `No ${crmFacts[crm].title} is connected for this workspace; an administrator of the deployment can connect one.`;
}

/** A record as it would be written or was written, and why it would not be. */
export interface Planned extends Omit<
  CrmTask,
  keyof Try | "dueAt" | "priority"
> {
  readonly crm: CrmName;
  /** `none` where the tenant has not connected that CRM. */
  readonly connection: Provenance | "none";
  readonly object: (typeof crmFacts)[CrmName]["records"][number];
  /** Null for a note, which is never due. */
  readonly dueAt: Date | null;
  readonly priority: CrmTask["priority"] | null;
  readonly whyNot: string | null;
}

/** Every record that the card's approval leads to; without an approval, as if `by` approved it now. */
export function plannedRecords(
  {
    tenantId,
    id,
    data,
    account,
  }: {
    readonly tenantId: TenantId;
    readonly id: OpportunityId;
    readonly data: Opportunity;
    readonly account: Pick<Account, "identifiers">;
  },
  { by, now }: { readonly by: Uid; readonly now: Date },
  { crmProvenance, crmOwners }: Pick<Deps, "crmProvenance" | "crmOwners">,
): readonly Planned[] {
  const { card, provenance } = data;
  const approval = toApproval(data, by, now);
  const externalId = toExternalId(id, approval.version);
  return CrmName.options.flatMap((crm) => {
    const connected = isConnected(crmOwners[crm], tenantId);
    const connection = connected ? crmProvenance[crm] : "none";
    const whyNot =
      connection === "none"
        ? notConnectedMessage(crm)
        : (approval.whyNot ?? whyNotWritten(provenance, connection));
    const about = { externalId, crm, approvedAt: approval.at };
    const task = toCrmTask(about, { card, account });
    const body = `${task.subject}\n\n${task.body}`;
    const note = { ...task, body, dueAt: null, priority: null };
    return crmFacts[crm].records.map((object) => ({
      crm,
      connection,
      object,
      ...(object === "Task" ? task : note),
      whyNot,
    }));
  });
}

function toApproval(opportunity: Opportunity, by: Uid, now: Date) {
  const { state, version } = opportunity;
  if ("contentHash" in state) {
    const whyNot =
      state.status === "activated" ? "It has already been written." : null;
    return { at: state.at, version: state.version, whyNot };
  }
  const moved = move(opportunity, { kind: "approve", by }, now);
  return {
    at: now,
    version: version + 1,
    whyNot: moved.ok ? null : moved.why,
  };
}
