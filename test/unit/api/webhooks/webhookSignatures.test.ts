import { describe, expect, it } from "vitest";
import {
  signatureFault,
  hubspotSignature,
  standardSignature,
} from "../../../../functions/src/api/webhooks/webhookSignatures.ts";
import {
  type Sender,
  senders,
} from "../../../../functions/src/domain/tenants/webhookSecrets.ts";
import {
  flipped,
  flippedText,
  publicUrl,
  signedBy,
  signedHeaders,
  type SignedRequest,
  webhookSecrets,
} from "../../../support/webhooks.ts";

const now = new Date("2026-11-20T10:00:00Z");
const event = {
  account: "001000000000001AAA",
  name: "Renewal with Zoë",
  text: "words ".repeat(200),
};

function faultIn(
  sender: Sender,
  { headers, ...sent }: SignedRequest,
  secrets: readonly string[] = [webhookSecrets[sender]],
) {
  const lower = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const header = (name: string) => lower.get(name.toLowerCase());
  return signatureFault(sender, { ...sent, header }, { secrets, now });
}

describe("the signatures are those of", () => {
  it("HubSpot's own library, with the address decoded as HubSpot says", () => {
    // Made with Signature.getSignature of @hubspot/api-client 14.
    const raw = Buffer.from('[{"objectId":1001,"name":"Zoë"}]');
    const url = `${publicUrl}/api/integrations/hubspot/webhook/acme?a=b%3Ac`;
    const signed = { method: "POST", url, raw };
    const stamp = "1795168800000";
    const made = "MxvnrbUHaIgJG1Ysb9dEvS154cqScD5zWwzvmFWFcrk=";
    expect(hubspotSignature(webhookSecrets.hubspot, stamp, signed)).toBe(made);
    // A space and a percent sign are not in its list.
    const other = { ...signed, url: `${publicUrl}/a%20b%253A` };
    const plain = { ...signed, url: `${publicUrl}/a b%3A` };
    expect(hubspotSignature(webhookSecrets.hubspot, stamp, other)).not.toBe(
      hubspotSignature(webhookSecrets.hubspot, stamp, plain),
    );
  });

  it("the library of Standard Webhooks", () => {
    // Made with standardwebhooks 1.1.1.
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const signed = {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: "1614265330",
    };
    const raw = Buffer.from('{"test": 2432232314}');
    expect(standardSignature(secret, signed, raw)).toBe(
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
  });
});

describe.each(senders)("what %s has signed", (sender) => {
  const good = signedBy(sender, event, { at: now });

  it("is believed, and with any one bit flipped it is not: of 10,000 none", () => {
    expect(faultIn(sender, good)).toBeNull();
    const tries: SignedRequest[] = [];
    for (const name of signedHeaders[sender]) {
      const value = good.headers[name] ?? "";
      for (let bit = 0; bit < value.length * 8; bit++) {
        const changed = flippedText(value, bit);
        if (changed !== null)
          tries.push({
            ...good,
            headers: { ...good.headers, [name]: changed },
          });
      }
    }
    expect(tries.length).toBeGreaterThan(300);
    // Bytes that are no text, among which a reader of text sees no difference.
    const bytes = Buffer.concat([Buffer.alloc(200, 0xc0), good.raw]);
    const binary = signedBy(sender, bytes, { at: now });
    expect(faultIn(sender, binary)).toBeNull();
    for (let bit = 0; tries.length < 10_000; bit++)
      tries.push({ ...binary, raw: flipped(binary.raw, bit) });
    const believed = tries.filter((one) => faultIn(sender, one) === null);
    expect(believed).toEqual([]);
  });

  it("is believed for five minutes before and after, by the same clock", () => {
    const faultAt = (offMs: number) =>
      faultIn(
        sender,
        signedBy(sender, event, { at: new Date(now.getTime() + offMs) }),
      );
    for (const s of [-300, -299, 0, 299, 300])
      expect(faultAt(s * 1000), `${s} s`).toBeNull();
    const far = [-31_536_000, -301, 301, 31_536_000];
    for (const s of far)
      expect(faultAt(s * 1000), `${s} s`).toContain("five minutes");
  });

  it("is believed by either secret while it is changed, and by no other or older form", () => {
    const next = `${webhookSecrets[sender]}QUJD`;
    const signedAnew = signedBy(sender, event, { at: now, secret: next });
    expect(faultIn(sender, signedAnew)).toBe("the signature does not match");
    const both = [webhookSecrets[sender], next];
    expect(faultIn(sender, signedAnew, both)).toBeNull();
    expect(faultIn(sender, good, both)).toBeNull();
    expect(faultIn(sender, good, [])).toBe(
      "the tenant has no secret for this sender",
    );
    const [stamp, signature] = signedHeaders[sender];
    const value = good.headers[signature] ?? "";
    for (const headers of [
      {},
      { [stamp]: "" },
      { [stamp]: `${good.headers[stamp]} ` },
      { [stamp]: `${good.headers[stamp]}.0` },
      { [signature]: "" },
      { [signature]: value.toUpperCase() },
      { [signature]: value.slice(0, -1) },
      { [signature]: `${value}=` },
      { [signature]: value.replace(/^v1,/, "v1a,").replace(/^[^v]/, "") },
    ]) {
      const rest = Object.keys(headers).length === 0 ? {} : good.headers;
      const one = { ...good, headers: { ...rest, ...headers } };
      expect(faultIn(sender, one), JSON.stringify(headers)).not.toBeNull();
    }
  });
});

describe("a signature in Base64", () => {
  const letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  it.each(["hubspot", "webhook"] as const)(
    "of %s is refused where it is written otherwise, though its bytes are the same",
    (sender) => {
      const good = signedBy(sender, event, { at: now });
      const [, name] = signedHeaders[sender];
      const value = good.headers[name] ?? "";
      // The last letter before "=" carries two bits that no byte has.
      const last = letters.indexOf(value.at(-2) ?? "");
      const twin = `${value.slice(0, -2)}${letters[last ^ 1]}=`;
      const bytesOf = (text: string) =>
        Buffer.from(text.replace(/^v1,/, ""), "base64");
      expect(bytesOf(twin)).toEqual(bytesOf(value));
      for (const other of [twin, value.replace("=", "")]) {
        const headers = { ...good.headers, [name]: other };
        expect(faultIn(sender, { ...good, headers })).not.toBeNull();
      }
    },
  );
});

describe("Standard Webhooks", () => {
  const good = signedBy("webhook", event, { at: now });
  const withHeaders = (headers: Record<string, string>) =>
    faultIn("webhook", { ...good, headers: { ...good.headers, ...headers } });

  it("may carry several signatures, of which one is right", () => {
    const right = good.headers["webhook-signature"] ?? "";
    const others = ["v1,AAAA", "v1a,AAAA", right];
    expect(withHeaders({ "webhook-signature": others.join(" ") })).toBeNull();
    expect(
      withHeaders({ "webhook-signature": others.slice(0, 2).join(" ") }),
    ).not.toBeNull();
  });

  it("have an id without a full stop, so that what is signed is read in one way", () => {
    const id = "a.1";
    const dotted = signedBy("webhook", event, { at: now, id });
    expect(faultIn("webhook", dotted)).toBe("the signature does not match");
    expect(withHeaders({ "webhook-id": "" })).not.toBeNull();
  });
});

describe("HubSpot", () => {
  it("signs the method and the address too", () => {
    const good = signedBy("hubspot", event, { at: now });
    for (const change of [
      { method: "PUT" },
      { url: good.url.replace("https", "http") },
      { url: good.url.replace("acme", "umbrella") },
      { url: `${good.url}?a=1` },
    ])
      expect(faultIn("hubspot", { ...good, ...change })).not.toBeNull();
  });
});
