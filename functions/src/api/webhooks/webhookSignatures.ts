import { createHmac, timingSafeEqual } from "node:crypto";
import { minuteMs, secondMs } from "../../domain/kernel/instant.ts";
import type { Sender } from "../../domain/tenants/webhookSecrets.ts";

/** How far a webhook's clock may be from ours, either way. */
const windowMs = 5 * minuteMs;

/** A request as it was sent, before anything of it is believed. */
export interface Sent {
  readonly method: string;
  /** The whole address that the sender called: scheme, host, path and query. */
  readonly url: string;
  readonly header: (name: string) => string | undefined;
  readonly raw: Uint8Array;
}

interface Scheme {
  /** The header with the moment of signing, and what it counts. */
  readonly timestamp: { readonly name: string; readonly unitMs: number };
  /** The signatures that the request carries: one of them must be right. */
  readonly given: (sent: Sent) => readonly string[];
  /** The signature that it must carry, in the one way of writing it; null where nothing can be signed so. */
  readonly wanted: (
    secret: string,
    timestamp: string,
    sent: Sent,
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
      // With a full stop in it, what is signed could be read in two ways.
      if (!/^[^\s.]{1,200}$/.test(id)) return null;
      return standardSignature(secret, { id, timestamp }, raw);
    },
  },
};

/**
 * Why a request is not believed to come from this sender within five minutes of now; null where it is. Every secret is
 * tried, and each comparison takes the same time wherever the difference is.
 */
export function faultOf(
  sender: Sender,
  sent: Sent,
  known: { readonly secrets: readonly string[]; readonly now: Date },
): string | null {
  if (known.secrets.length === 0) return "the tenant has no such secret";
  const { timestamp, given, wanted } = schemes[sender];
  const stamp = sent.header(timestamp.name) ?? "";
  if (!/^\d{1,15}$/.test(stamp)) return "the timestamp is no number";
  const offMs = known.now.getTime() - Number(stamp) * timestamp.unitMs;
  if (Math.abs(offMs) > windowMs)
    return "the timestamp is not of these five minutes";
  const offered = given(sent);
  const matches = known.secrets.flatMap((secret) => {
    const right = wanted(secret, stamp, sent);
    return offered.map((one) => right !== null && isSame(one, right));
  });
  return matches.includes(true) ? null : "the signature is another";
}

/** The signature of our own scheme: lower-case hex HMAC-SHA256 of the timestamp in seconds, a dot, and the body as it was sent. */
export function salesforceSignature(
  secret: string,
  timestamp: string,
  raw: Uint8Array,
): string {
  const hmac = createHmac("sha256", secret).update(`${timestamp}.`);
  return hmac.update(raw).digest("hex");
}

/** HubSpot's signature (Validating requests, v3): Base64 HMAC-SHA256 of method, address, body and the timestamp in milliseconds. */
export function hubspotSignature(
  secret: string,
  timestamp: string,
  { method, url, raw }: Pick<Sent, "method" | "url" | "raw">,
): string {
  const hmac = createHmac("sha256", secret);
  hmac.update(`${method}${asHubspotSigns(url)}`).update(raw);
  return hmac.update(timestamp).digest("base64");
}

/** The signature of Standard Webhooks 1.0: `v1,` and Base64 HMAC-SHA256 of id, timestamp in seconds and body, parted by dots. */
export function standardSignature(
  secret: string,
  { id, timestamp }: { readonly id: string; readonly timestamp: string },
  raw: Uint8Array,
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const hmac = createHmac("sha256", key).update(`${id}.${timestamp}.`);
  return `v1,${hmac.update(raw).digest("base64")}`;
}

/** The encoded characters that HubSpot decodes in an address before it signs it, and no others (Validating requests, v3). */
function asHubspotSigns(url: string): string {
  return url.replace(
    /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi,
    decodeURIComponent,
  );
}

/** Compares what is written, not what it decodes to: of Base64 and hex there are several ways to write the same bytes. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
