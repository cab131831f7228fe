import { z } from "zod";
import { Audience, Provenance, stamps } from "../kernel/document.ts";
import { AccountId, OpportunityId, type TenantId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";

/** A CRM that approved cards are written to. */
export const CrmName = z.enum(["salesforce", "hubspot"]);
export type CrmName = z.infer<typeof CrmName>;

/** Which tenants the deployment's connection to a CRM serves: the one that owns its credentials, every tenant where a stand-in takes the CRM's place, or none. */
export type CrmOwner =
  | { readonly serves: "one"; readonly tenantId: TenantId }
  | { readonly serves: "every" }
  | { readonly serves: "none" };

/** Whether the connection is this tenant's to write to. */
export function isConnected(owner: CrmOwner, tenantId: TenantId): boolean {
  if (owner.serves === "one") return owner.tenantId === tenantId;
  return owner.serves === "every";
}

/** What is known of each CRM: as sentences call it, and what it gets of an approved card: a task, and where its people look for notes, the same as one. */
export const crmFacts: Readonly<
  Record<
    CrmName,
    { readonly title: string; readonly records: readonly ("Task" | "Note")[] }
  >
> = {
  salesforce: { title: "Salesforce", records: ["Task"] },
  hubspot: { title: "HubSpot", records: ["Task", "Note"] },
};

/** What is written to a CRM when a card is approved. `externalId` makes a second write of it the same write. */
export const CrmTask = z.object({
  externalId: z.string().min(1).max(100),
  subject: z.string().min(1).max(255),
  body: z.string().max(20_000),
  dueAt: Instant,
  priority: z.enum(["HIGH", "MEDIUM", "LOW"]),
  /** The account's id in that CRM, where it is known. */
  crmAccountId: z.string().nullable(),
  /** When the card was approved: no try was before. */
  approvedAt: Instant,
  /** Whether a try went before, which may have come through. */
  again: z.boolean(),
  /** How long ago that try failed; null where none went before, or it is not known. */
  msSinceLastTry: z.int().nonnegative().nullable(),
});
export type CrmTask = z.infer<typeof CrmTask>;

/** What a CRM answered: its own id of the record and where a person finds it. */
export const CrmReceipt = z.object({
  recordId: z.string().min(1),
  link: z.url(),
  created: z.boolean(),
  /** Ids of further records with the same key, for people to remove. */
  duplicates: z.array(z.string()),
});
export type CrmReceipt = z.infer<typeof CrmReceipt>;

/** `not_connected`: the tenant has no connection to that CRM, so nothing is written there. */
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
  /** The approved version, and the hash of the content that was approved. */
  approvedVersion: z.int().positive(),
  contentHash: z.string(),
  state: ActivationState,
  externalId: z.string(),
  recordId: z.string().nullable(),
  link: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** How to take it back. */
  inverse: z
    .object({ operation: z.literal("delete"), recordId: z.string() })
    .nullable(),
  /** Grows with each change of state. */
  revision: z.int().positive(),
  provenance: Provenance,
});
export type Activation = z.infer<typeof Activation>;

/** The one natural key of an approved card in every CRM: the same for each try, another for each approval. */
export function toExternalId(
  opportunityId: OpportunityId,
  version: number,
): string {
  return `clientpulse-${opportunityId}-v${version}`;
}
