import {
  hubspotSignature,
  salesforceSignature,
  standardSignature,
} from "../../functions/src/api/webhooks/webhookSignatures.ts";
import type { Sender } from "../../functions/src/domain/tenants/webhookSecrets.ts";

/** What the tenant acme shares with each sender. */
export const webhookSecrets = {
  salesforce: "shared-with-salesforce-and-nobody-else",
  hubspot: "8f14e45f-ceea-467f-a0ed-1f2b3c4d5e6f",
  webhook: "whsec_c2hhcmVkLXdpdGgtb25lLW1vcmUtc3lzdGVt",
} as const;

/** Where the world calls the API. */
export const publicUrl = "https://clientpulse.example";

/** Where each sender calls for the tenant acme. */
export const webhookPaths = {
  salesforce: "/api/integrations/salesforce/webhook",
  hubspot: "/api/integrations/hubspot/webhook/acme",
  webhook: "/api/integrations/webhook/acme",
} as const satisfies Record<Sender, string>;

/** The headers that say when something was signed, and the signature, of each sender. */
export const signedHeaders = {
  salesforce: ["X-ClientPulse-Timestamp", "X-ClientPulse-Signature"],
  hubspot: ["X-HubSpot-Request-Timestamp", "X-HubSpot-Signature-v3"],
  webhook: ["webhook-timestamp", "webhook-signature", "webhook-id"],
} as const satisfies Record<Sender, readonly string[]>;

export type SignedRequest = ReturnType<typeof signedBy>;

/** A body as the sender would sign it at that moment for the tenant acme; by another secret where one is named. */
export function signedBy(
  sender: Sender,
  body: string | object,
  { at, secret = webhookSecrets[sender], id = "msg_1" }: Signing,
) {
  const raw =
    body instanceof Uint8Array
      ? body
      : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const path: string = webhookPaths[sender];
  const seconds = String(Math.floor(at.getTime() / 1000));
  const millis = String(at.getTime());
  const url = `${publicUrl}${path}`;
  const sent = { method: "POST", url, raw };
  const headers = {
    salesforce: () => ({
      "X-ClientPulse-Tenant": "acme",
      "X-ClientPulse-Timestamp": seconds,
      "X-ClientPulse-Signature": salesforceSignature(secret, seconds, raw),
    }),
    hubspot: () => ({
      "X-HubSpot-Request-Timestamp": millis,
      "X-HubSpot-Signature-v3": hubspotSignature(secret, millis, sent),
    }),
    webhook: () => ({
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": standardSignature(
        secret,
        { id, timestamp: seconds },
        raw,
      ),
    }),
  } satisfies Record<Sender, () => Record<string, string>>;
  return { ...sent, path, headers: headers[sender]() as Headers };
}

type Headers = Readonly<Record<string, string>>;

interface Signing {
  readonly at: Date;
  readonly secret?: string;
  readonly id?: string;
}

/** The same bytes but for one bit. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** The same header value but for one bit; null where no client could send it. */
export function flippedText(text: string, bit: number): string | null {
  const copy = flipped(Buffer.from(text, "latin1"), bit);
  return copy.some((byte) => byte < 32 || byte === 127)
    ? null
    : Buffer.from(copy).toString("latin1");
}
