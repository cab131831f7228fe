import { expect, test } from "vitest";
import { readEntries } from "../../functions/src/adapters/connectors/feeds/parts/feedEntries.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { errorOf } from "../support/sources.ts";

const url = "https://news.example.com/feed.xml";
const item = "<item><title>A plant</title></item>";
const rss = (inside: string) =>
  `<rss version="2.0"><channel>${inside}</channel></rss>`;

const laughs = Array.from(
  { length: 12 },
  (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
).join("");

/** Bombs, each with what its first entry may say at most. */
const bombs: readonly (readonly [string, string, string])[] = [
  [
    "a billion laughs",
    `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">${laughs}]>${rss("<item><title>&l12;</title></item>")}`,
    "&l12;",
  ],
  [
    "a quadratic blow-up",
    `<!DOCTYPE rss [<!ENTITY a "${"a".repeat(50_000)}">]>${rss(`<item><title>${"&a;".repeat(1000)}</title></item>`)}`,
    "&a;".repeat(1000),
  ],
  [
    "an external entity",
    `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rss("<item><title>&x;</title></item>")}`,
    "&x;",
  ],
  [
    "an external document type with parameters",
    `<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>${rss(item)}`,
    "A plant",
  ],
  [
    "an item in an entity",
    `<!DOCTYPE rss [<!ENTITY x "<item><title>Evil</title></item>">]>${rss(`&x;${item}`)}`,
    "A plant",
  ],
];

test.each(bombs)(
  "%s is not expanded, within 1 s and 100 MB",
  async (_name, text, title) => {
    const before = process.resourceUsage().maxRSS;
    const start = performance.now();
    const entries = await readEntries(text, url);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);
    expect(entries.map((entry) => entry.title)).toEqual([title]);
  },
);

const bytes = 20_000_000;
const filled = (part: string) => part.repeat(Math.floor(bytes / part.length));

/** 20 MB each, all made to take long or much. */
const floods: Readonly<Record<string, () => string>> = {
  "open tags": () => rss(filled("<a>")),
  "open tags in a text": () =>
    rss(`<item><body>${filled("<a>")}</body></item>`),
  "end tags of nothing": () =>
    rss(`<item><body>${"<b>".repeat(70)}${filled("</a>")}</body></item>`),
  "open quotes": () => rss(`<item>${filled('<a ="')}</item>`),
  "angle brackets": () => rss(`<item><body>${filled("<")}</body></item>`),
  ampersands: () => rss(`<item><title>${filled("&")}</title></item>`),
  "escaped tags": () =>
    rss(`<item><title>${filled("&lt;b&gt;")}</title></item>`),
  "empty fields": () => rss(`<item>${filled("<title/>")}</item>`),
  "fields of strangers": () => rss(`<item>${filled("<a:b/>")}</item>`),
  attributes: () => rss(`<item${filled(" a='b'")}>x</item>`),
  namespaces: () =>
    `<rss${filled(" xmlns:a='b'")}>${'<item><b xmlns:c="d"/></item>'.repeat(1000)}</rss>`,
  "open comments": () => rss(`<item><body>${filled("<!-- ")}`),
  declarations: () => rss(`<item><body>${filled("<!X <!-- >")}</body></item>`),
  "document types": () => filled("<!DOCTYPE a["),
  brackets: () => `<!DOCTYPE a [${filled("] ")}]>${rss(item)}`,
  items: () => rss(filled(item)),
  "arrays of JSON": () => `{"items":[${filled("[")}`,
  "a page's links": () => `<html><head>${filled("<link rel=a type=b href=c>")}`,
};

// Each takes about a second; a reader that is not linear would take hours.
test.each(Object.keys(floods))(
  "20 MB of %s end in entries or a PermanentError, within 250 MB",
  { timeout: 30_000 },
  async (name) => {
    const text = floods[name]?.() ?? "";
    expect(text.length).toBeGreaterThan(bytes * 0.9);
    const before = process.resourceUsage().maxRSS;
    const outcome = await errorOf(readEntries(text, url));
    if (outcome !== "no error") expect(outcome).toBeInstanceOf(PermanentError);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(250_000);
  },
);
