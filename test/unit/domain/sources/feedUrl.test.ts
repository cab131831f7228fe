import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccountForm } from "../../../../functions/src/domain/accounts/accountForm.ts";
import { whyNotWatched } from "../../../../functions/src/domain/sources/feedUrl.ts";
import { planImport } from "../../../../functions/src/domain/imports/accountImport.ts";

const inner = [
  "http://localhost/feed",
  "http://LOCALHOST./feed",
  "https://feeds.localhost/",
  "http://127.0.0.1/feed",
  "http://127.1/feed",
  "http://2130706433/feed",
  "http://0x7f000001/feed",
  "http://017700000001/feed",
  "http://１２７.０.０.１/feed",
  "http://127。0。0。1/feed",
  "http://[::1]/feed",
  "http://[::ffff:127.0.0.1]/feed",
  "http://169.254.169.254/computeMetadata/v1/",
  "http://metadata.google.internal/computeMetadata/v1/",
  "http://metadata/",
  "http://10.0.0.7/feed",
  "http://192.168.1.1/feed",
  "http://printer.local/feed",
  "http://router.home.arpa/feed",
  "http://wiki.corp/feed",
  "https://user:secret@news.example.com/feed",
  "https://token@news.example.com/feed",
  "https://news.example.com:6379/feed",
  "http://news.example.com:22/",
  "ftp://news.example.com/feed",
  "file:///etc/passwd",
];
const open = [
  "https://news.example.com/feed.xml",
  "http://news.example.com:8080/feed?x=user@host",
  "https://localhost.example.com/feed",
  "https://internal.news.example/feed",
  "https://bücher.example/feed",
];

describe("a feed that is to be watched", () => {
  it.each(inner)("is not at %s", (url) => {
    expect(whyNotWatched(url)).not.toBeNull();
  });

  it.each(open)("may be at %s", (url) => {
    expect(whyNotWatched(url)).toBeNull();
  });

  it("is not at any address of four numbers, however it is written", () => {
    fc.assert(
      fc.property(fc.ipV4Extended(), (address) => {
        expect(whyNotWatched(`http://${address}/feed`)).not.toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(whyNotWatched(`http://[${address}]/feed`)).not.toBeNull();
      }),
    );
  });

  it("is refused by its field when an account is saved, and by its line when accounts are imported", () => {
    const feed = {
      kind: "rss",
      publisher: "P",
      reliability: 0.7,
      licence: "L",
    };
    const sources = [...open, "http://127.0.0.1/"].map((url, n) => {
      return { ...feed, key: `feed-${n}`, url };
    });
    const saved = AccountForm.safeParse({ name: "Globex", sources });
    expect(saved.error?.issues.map(({ path }) => path.join("."))).toEqual([
      `sources.${open.length}.url`,
    ]);

    const records = [
      { line: 1, values: ["name", "feeds"] },
      {
        line: 2,
        values: ["Globex", "https://user:secret@news.example.com/feed"],
      },
    ];
    const world = {
      accounts: [],
      uidsByName: new Map(),
      own: { names: [], domains: [] },
    };
    const [planned] = planImport(records, world);
    expect(planned).toMatchObject({ line: 2, result: "error" });
    expect(JSON.stringify(planned)).toContain('"field":"feeds"');
    expect(JSON.stringify(planned)).not.toContain("secret");
  });
});
