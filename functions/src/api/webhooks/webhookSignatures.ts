import { createHmac, timingSafeEqual } from "node:crypto";
import { minuteMs, secondMs } from "../../domain/kernel/instant.ts";
import type { Sender } from "../../domain/tenants/webhookSecrets.ts";

/** How far a webhook's clock may differ from ours, in either direction. */
const windowMs = 5 * minuteMs;

/** A request as it was sent, before it is trusted. */
export interface SignedRequest {
  readonly method: string;
  /** The full URL that the sender called: scheme, host, path and query. */
  readonly url: string;
  readonly header: (name: string) => string | undefined;
  readonly raw: Uint8Array;
}

interface Scheme {
  /** The header with the time of signing, and its unit. */
  readonly timestamp: { readonly name: string; readonly unitMs: number };
  /** The signatures of the request: one of them must be right. */
  readonly given: (sent: SignedRequest) => readonly string[];
  /** The signature that the request must carry, in its canonical form; null if the request cannot be signed. */
  readonly wanted: (
    secret: string,
    timestamp: string,
    sent: SignedRequest,
  ) => string | null;
}

const schemes: Readonly<Record<Sender, Scheme>> = {
  salesforce: {
    timestamp: { name: "X-ClientPulse-Timestamp", unitMs: secondMs },
    given: ({ header }) => [header("X-ClientPulse-Signature") ?? ""],
    wanted: (secret, timestamp, { raw }) =>
      salesforceSignature(secret, timestamp, raw),
  },
  hubspot: {
    timestamp: { name: "X-HubSpot-Request-Timestamp", unitMs: 1 },
    given: ({ header }) => [header("X-HubSpot-Signature-v3") ?? ""],
    wanted: hubspotSignature,
  },
  webhook: {
    timestamp: { name: "webhook-timestamp", unitMs: secondMs },
    given: ({ header }) => (header("webhook-signature") ?? "").split(" "),
    wanted: (secret, timestamp, { header, raw }) => {
      const id = header("webhook-id") ?? "";
      // With a full stop in the id, the signed text would be ambiguous.
      if (!/^[^\s.]{1,200}$/.test(id)) return null;
      return standardSignature(secret, { id, timestamp }, raw);
    },
  },
};

/**
 * Why a request is not accepted as signed by this sender within five minutes of now; null if it is. Every secret is tried,
 * and comparisons take constant time.
 */
export function signatureFault(
  sender: Sender,
  sent: SignedRequest,
  known: { readonly secrets: readonly string[]; readonly now: Date },
): string | null {
  if (known.secrets.length === 0)
    return "the tenant has no secret for this sender";
  const { timestamp, given, wanted } = schemes[sender];
  const stamp = sent.header(timestamp.name) ?? "";
  if (!/^\d{1,15}$/.test(stamp)) return "the timestamp is not a number";
  const offMs = known.now.getTime() - Number(stamp) * timestamp.unitMs;
  if (Math.abs(offMs) > windowMs)
    return "the timestamp is more than five minutes off";
  const offered = given(sent);
  const matches = known.secrets.flatMap((secret) => {
    const right = wanted(secret, stamp, sent);
    return offered.map((one) => right !== null && isSame(one, right));
  });
  return matches.includes(true) ? null : "the signature does not match";
}

/** The signature of our own scheme: lower-case hex HMAC-SHA256 of the timestamp in seconds, a dot, and the raw body. */
export function salesforceSignature(
  secret: string,
  timestamp: string,
  raw: Uint8Array,
): string {
  const hmac = createHmac("sha256", secret).update(`${timestamp}.`);
  return hmac.update(raw).digest("hex");
}

/** HubSpot's signature (Validating requests, v3): Base64 HMAC-SHA256 of method, URL, body and the timestamp in milliseconds. */
export function hubspotSignature(
  secret: string,
  timestamp: string,
  { method, url, raw }: Pick<SignedRequest, "method" | "url" | "raw">,
): string {
  const hmac = createHmac("sha256", secret);
  hmac.update(`${method}${asHubspotSigns(url)}`).update(raw);
  return hmac.update(timestamp).digest("base64");
}

/** The signature of Standard Webhooks 1.0: `v1,` and Base64 HMAC-SHA256 of id, timestamp in seconds and body, separated by dots. */
export function standardSignature(
  secret: string,
  { id, timestamp }: { readonly id: string; readonly timestamp: string },
  raw: Uint8Array,
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const hmac = createHmac("sha256", key).update(`${id}.${timestamp}.`);
  return `v1,${hmac.update(raw).digest("base64")}`;
}

/** Decodes exactly the characters that HubSpot decodes in a URL before signing it (Validating requests, v3). */
function asHubspotSigns(url: string): string {
  return url.replace(
    /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi,
    decodeURIComponent,
  );
}

/** Compares the text, not the decoded bytes: Base64 and hex can write the same bytes in several ways. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
