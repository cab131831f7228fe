import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Source } from "../../../../functions/src/domain/sources/source.ts";
import {
  canonicalUrl,
  urlSpellings,
} from "../../../../functions/src/domain/text/url.ts";
import { coversHost } from "../../../../functions/src/domain/sources/sourceHosts.ts";

const page = "https://globex.example/News/a?id=1";

describe("the canonical address of a page", () => {
  it.each([
    "HTTPS://Globex.Example/News/a?id=1",
    "https://globex.example:443/News/a?id=1#top",
    "https://globex.example/News/a/?id=1",
    "https://globex.example/News/a?utm_source=x&id=1&UTM_medium=y&fbclid=z",
    "  https://globex.example/News/a?id=1&  ",
  ])("is the same for %s", (spelled) => {
    expect(canonicalUrl(spelled)).toBe(page);
  });

  it.each([
    "https://globex.example/news/a?id=1",
    "https://globex.example/News/a?id=2",
    "https://globex.example/News/a",
    "http://globex.example/News/a?id=1",
    "https://globex.example:8443/News/a?id=1",
    "https://www.globex.example/News/a?id=1",
    "https://globex.example/News/a?id=1&utmost=1",
  ])("is another for %s", (other) => {
    expect(canonicalUrl(other)).not.toBe(page);
  });

  it.each([
    "",
    "globex",
    "mailto:ann@globex.example",
    "ftp://globex.example/a",
  ])("is none for %j", (text) => {
    expect(canonicalUrl(text)).toBeNull();
    expect(urlSpellings(text)).toEqual([text]);
  });

  it("is its own canonical address", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        const once = canonicalUrl(url);
        expect(canonicalUrl(once ?? "")).toBe(once);
      }),
    );
  });
});

describe("the spellings of an address", () => {
  it("are the given one, and with and without a slash by http and https", () => {
    const given = "http://Globex.example/a/?utm_source=x#top";
    expect(urlSpellings(given)).toEqual([
      given,
      "http://globex.example/a",
      "http://globex.example/a/",
      "https://globex.example/a",
      "https://globex.example/a/",
    ]);
    expect(urlSpellings("https://globex.example/a?b=/c?d")).toContain(
      "http://globex.example/a/?b=/c?d",
    );
  });

  it("hold the canonical one of every other spelling, five at most", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        const spellings = urlSpellings(url);
        expect(spellings.length).toBeLessThanOrEqual(5);
        for (const one of spellings)
          expect(spellings).toContain(canonicalUrl(one));
      }),
    );
  });
});

describe("a source", () => {
  const feed = Source.parse({
    kind: "rss",
    key: "feed",
    url: "https://www.feeds.globex.example/rss",
    publisher: "Globex",
    reliability: 0.7,
    licence: "CC0",
  });

  it("watches the site that it is on, and what is below or above it", () => {
    expect(coversHost(feed, "feeds.globex.example")).toBe(true);
    expect(coversHost(feed, "WWW.globex.example")).toBe(true);
    expect(coversHost(feed, "de.feeds.globex.example")).toBe(true);
    expect(coversHost(feed, "otherglobex.example")).toBe(false);
    const filings = { kind: "sec", key: "s", cik: "0000000001" } as const;
    expect(coversHost(filings, "www.sec.gov")).toBe(true);
    expect(coversHost(filings, "globex.example")).toBe(false);
    const jobs = { kind: "greenhouse", key: "j", board: "globex" } as const;
    expect(coversHost(jobs, "boards.greenhouse.io")).toBe(true);
  });
});
