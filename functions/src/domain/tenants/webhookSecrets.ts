import { z } from "zod";
import type { TenantId } from "../kernel/ids.ts";

/** Who signs what is sent to a tenant: one of its CRMs, or any system that signs by Standard Webhooks. */
export const senders = ["salesforce", "hubspot", "webhook"] as const;
export type Sender = (typeof senders)[number];

/** The secrets that a sender and we share: one or, during a rotation, the old and the new. */
const oneOrTwo = (secret: z.ZodType<string>) =>
  z.union([secret.transform((one) => [one]), z.array(secret).max(2)]).catch([]);

const Secret = z.string().min(16);
/** A key of at least 16 bytes in Base64 (Standard Webhooks 1.0, Signature scheme). */
const StandardSecret = z
  .string()
  .regex(/^whsec_(?:[A-Za-z0-9+/]{4}){5,}[A-Za-z0-9+/]{2,4}={0,2}$/);

const OfTenant = z.union([
  // The format from when only Salesforce signed.
  Secret.transform((secret) => ({ salesforce: [secret] })),
  z.object({
    salesforce: oneOrTwo(Secret).optional(),
    hubspot: oneOrTwo(Secret).optional(),
    webhook: oneOrTwo(StandardSecret).optional(),
  }),
]);

/**
 * The secrets that a tenant shares with a sender, from WEBHOOK_SECRETS: an object of tenants, each an object of
 * senders. A malformed entry counts as none, without affecting the others: nothing from that sender is then accepted.
 */
export function webhookSecretsIn(
  setting: unknown,
): (tenantId: TenantId, sender: Sender) => readonly string[] {
  const read = z.record(z.string(), z.unknown()).safeParse(setting);
  const byTenant = new Map(Object.entries(read.data ?? {}));
  return (tenantId, sender) => {
    const ofTenant = OfTenant.safeParse(byTenant.get(tenantId)).data;
    return new Map(Object.entries(ofTenant ?? {})).get(sender) ?? [];
  };
}
