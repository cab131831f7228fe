import { z } from "zod";
import { Audience, Provenance, stamps } from "../kernel/document.ts";
import { AccountId, OpportunityId, type TenantId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";

/** A CRM that approved cards are written to. */
export const CrmName = z.enum(["salesforce", "hubspot"]);
export type CrmName = z.infer<typeof CrmName>;

/**
 * Which tenants the deployment's CRM connection serves: the one that owns its credentials, every tenant where a
 * stand-in replaces the CRM, or none.
 */
export type CrmOwner =
  | { readonly serves: "one"; readonly tenantId: TenantId }
  | { readonly serves: "every" }
  | { readonly serves: "none" };

/** Whether this tenant may write to the connection. */
export function isConnected(owner: CrmOwner, tenantId: TenantId): boolean {
  if (owner.serves === "one") return owner.tenantId === tenantId;
  return owner.serves === "every";
}

/**
 * Facts about each CRM: its name in sentences, and what an approved card becomes there: a task and, where its people
 * look for notes, a note with the same content.
 */
export const crmFacts: Readonly<
  Record<
    CrmName,
    { readonly title: string; readonly records: readonly ("Task" | "Note")[] }
  >
> = {
  salesforce: { title: "Salesforce", records: ["Task"] },
  hubspot: { title: "HubSpot", records: ["Task", "Note"] },
};

/** What is written to a CRM when a card is approved. `externalId` makes a repeated write the same write. */
export const CrmTask = z.object({
  externalId: z.string().min(1).max(100),
  subject: z.string().min(1).max(255),
  body: z.string().max(20_000),
  dueAt: Instant,
  priority: z.enum(["HIGH", "MEDIUM", "LOW"]),
  /** The account's id in that CRM, where known. */
  crmAccountId: z.string().nullable(),
  /** When the card was approved: no try came before. */
  approvedAt: Instant,
  /** Whether there was an earlier try, which may have succeeded. */
  again: z.boolean(),
  /** How long ago the last try failed; null if there was none, or it is not known. */
  msSinceLastTry: z.int().nonnegative().nullable(),
});
export type CrmTask = z.infer<typeof CrmTask>;

/** What a CRM answers: its own id of the record, and where a person finds it. */
export const CrmReceipt = z.object({
  recordId: z.string().min(1),
  link: z.url(),
  created: z.boolean(),
  /** Ids of further records with the same key, for people to remove. */
  duplicates: z.array(z.string()),
});
export type CrmReceipt = z.infer<typeof CrmReceipt>;

/** `not_connected`: the tenant has not connected that CRM, so nothing is written there. */
export const ActivationState = z.enum([
  "pending",
  "done",
  "failed",
  "not_connected",
]);
export type ActivationState = z.infer<typeof ActivationState>;

/** The state of one approved card in one CRM. */
export const Activation = z.object({
  ...stamps,
  opportunityId: OpportunityId,
  accountId: AccountId,
  audience: Audience,
  crm: CrmName,
  /** The approved version, and the hash of the approved content. */
  approvedVersion: z.int().positive(),
  contentHash: z.string(),
  state: ActivationState,
  externalId: z.string(),
  recordId: z.string().nullable(),
  link: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** How to undo it. */
  inverse: z
    .object({ operation: z.literal("delete"), recordId: z.string() })
    .nullable(),
  /** Increases with each change of state. */
  revision: z.int().positive(),
  provenance: Provenance,
});
export type Activation = z.infer<typeof Activation>;

/** The only natural key of an approved card in every CRM: the same for each try, different for each approval. */
export function toExternalId(
  opportunityId: OpportunityId,
  version: number,
): string {
  return `clientpulse-${opportunityId}-v${version}`;
}
