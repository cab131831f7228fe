import { describe, expect, test } from "vitest";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import {
  type PolledKind,
  polledKinds,
} from "../../functions/src/domain/sources/source.ts";
import { connectorRows } from "../support/connectorRows.ts";
import { pdfWith } from "../support/hostilePdf.ts";
import { reachOf } from "../support/reach.ts";
import { connect, never } from "../support/sources.ts";

const megabyte = (part: string) =>
  part.repeat(Math.ceil(1_000_000 / Buffer.byteLength(part)));
const item =
  "<item><title>A plant</title><link>https://a.example/</link></item>";

/** Bodies that were made to break whoever reads them; `says`: how a reader of JSON refuses them. */
const bodies: Readonly<
  Record<
    string,
    { readonly body: () => string | Uint8Array; readonly says?: RegExp }
  >
> = {
  "arrays 100,000 levels deep": {
    body: () => "[".repeat(100_000) + "]".repeat(100_000),
    says: /nests more than 64 levels/u,
  },
  "objects 100,000 levels deep": {
    body: () => `{"a":`.repeat(100_000) + "1" + "}".repeat(100_000),
    says: /nests more than 64 levels/u,
  },
  "600,000 empty objects": {
    body: () => `[${"{},".repeat(600_000)}{}]`,
    says: /more than 1000000 values/u,
  },
  "a string of quotes": { body: () => `{"a":"${megabyte('\\"')}"}` },
  "1 MB of <": { body: () => megabyte("<") },
  "1 MB of ‹": { body: () => megabyte("‹") },
  "1 MB of open tags": { body: () => `<rss><channel><item>${megabyte("<a>")}` },
  "100,000 items": {
    body: () =>
      `<rss version="2.0"><channel>${item.repeat(100_000)}</channel></rss>`,
  },
  "1,000 titles of tags": {
    body: () =>
      `<rss version="2.0"><channel>${`<item><title>${"&lt;b&gt;".repeat(550)}</title></item>`.repeat(1000)}</channel></rss>`,
  },
  "XML 100,000 levels deep": {
    body: () => `<workzag-jobs>${"<a>".repeat(100_000)}</workzag-jobs>`,
  },
  "600,000 elements of XML": {
    body: () => `<workzag-jobs>${"<a/>".repeat(600_000)}</workzag-jobs>`,
  },
  "a billion laughs": {
    body: () =>
      `<!DOCTYPE a [<!ENTITY l0 "ha">${Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("")}]><rss><channel><item><title>&l12;</title></item></channel></rss>`,
  },
  "a PDF": { body: () => pdfWith("") },
  "every byte there is": {
    body: () => Uint8Array.from({ length: 100_000 }, (_, n) => n % 256),
  },
};

/** Those that read no JSON. */
const ofXml: readonly string[] = ["rss", "personio"];

/** The connector of this kind, against somebody who answers everything with this. */
function answered(kind: PolledKind, body: Uint8Array) {
  const reach = reachOf("http://127.0.0.1:9", {
    fetch: async (url) => ({ status: 200, headers: new Headers(), body, url }),
  });
  return connect(kind, reach);
}

describe.each(Object.keys(bodies))("an answer of %s", (name) => {
  const { body = () => "", says } = bodies[name] ?? {};
  const made = body();
  const bytes =
    typeof made === "string" ? new TextEncoder().encode(made) : made;

  test.each(polledKinds)("is read or refused for good by %s", async (kind) => {
    const connector = answered(kind, bytes);
    const polled = await connector
      .poll(connectorRows[kind].source, null, never)
      .catch(asError);
    if (polled instanceof Error) {
      expect([PermanentError, RetryableError]).toContain(polled.constructor);
      if (says !== undefined && !ofXml.includes(kind))
        expect(String(polled)).toMatch(says);
    } else expect(polled.items.length).toBeLessThanOrEqual(10);
    const fetched = await connector
      .fetch(anItem(kind), connectorRows[kind].source, never)
      .catch(asError);
    if (fetched instanceof Error)
      expect([PermanentError, RetryableError]).toContain(fetched.constructor);
  });
});

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function anItem(kind: PolledKind): SourceItem {
  return {
    source: kind,
    itemId: "1",
    revision: "1",
    url: null,
    title: "A plant",
    publisher: "Example",
    publishedAt: null,
    facts: { jobId: "1" },
  };
}
