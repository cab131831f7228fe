import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import type { Reach } from "../../functions/src/adapters/connectors/reach.ts";
import { productToken } from "../../functions/src/adapters/web/fetcher.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import { Source } from "../../functions/src/domain/sources/source.ts";
import type { Connector } from "../../functions/src/ports/sources.ts";
import { searches } from "../support/searches.ts";
import {
  always,
  answers,
  connectorAt,
  errorOf,
  never,
  secAt,
  serving,
} from "../support/sources.ts";

const source = searches.sec_search;
const path = "/efts.sec.gov/LATEST/search-index";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

const at = (base: string, changes: Partial<Reach> = {}): Connector =>
  connectorAt("sec_search", base, changes);

const hit = (n: number, file_date: string, changes: object = {}) => {
  const adsh = `0009999902-26-${String(n).padStart(6, "0")}`;
  return {
    _id: `${adsh}:doc.htm`,
    _source: {
      adsh,
      ciks: ["0009999902"],
      display_names: ["MERIDOWN LOGISTICS CORP  (MRDN)  (CIK 0009999902)"],
      file_date,
      form: "10-Q",
      file_type: "10-Q",
      ...changes,
    },
  };
};
const hits = (total: number, ...listed: readonly object[]) =>
  JSON.stringify({ hits: { total: { value: total }, hits: listed } });

describe("SEC full-text search", () => {
  test("finds the documents that name the account, oldest first, without what nobody reads", async () => {
    const { items } = await at(replay.url).poll(source, null, never);
    for (const item of items) expect(SourceItem.parse(item)).toEqual(item);
    expect(items.map(({ itemId, title, url }) => [itemId, title, url])).toEqual(
      [
        [
          "0009999903-26-000003",
          "OSTRAVIK FOODS PLC 6-K (current report of a foreign company)",
          "https://www.sec.gov/Archives/edgar/data/9999903/000999990326000003/ostra-20260715.htm",
        ],
        [
          "0009999902-26-000007",
          "MERIDOWN LOGISTICS CORP (MRDN) 10-Q (quarterly report) for the period ended 2026-06-30",
          "https://www.sec.gov/Archives/edgar/data/9999902/000999990226000007/mrdn-20260630.htm",
        ],
        [
          "0009999901-26-000042/q2fy26pr.htm",
          "BRINDLEWICK SYSTEMS INC (BRWK) 8-K: Item 2.02 Results of Operations and Financial Condition – EX-99.1 PRESS RELEASE OF JULY 30, 2026",
          "https://www.sec.gov/Archives/edgar/data/9999901/000999990126000042/q2fy26pr.htm",
        ],
      ],
    );
    expect(items[1]).toMatchObject({
      source: "sec_search",
      publishedAt: new Date("2026-07-28T00:00:00Z"),
      facts: {
        accession: "0009999902-26-000007",
        form: "10-Q",
        query: '"Brindlewick Systems"',
      },
    });
  });

  test("calls a document as the company's own list of filings does", async () => {
    const own = await secAt(replay.url).poll(
      { kind: "sec", key: "sec", cik: "0009999901" },
      null,
      never,
    );
    const { items } = await at(replay.url).poll(source, null, never);
    const [found] = items.filter(({ facts }) => facts["exhibit"] === "EX-99.1");
    const same = own.items.find(({ itemId }) => itemId === found?.itemId);
    expect(same?.url).toBe(found?.url);
    expect(same?.facts["accession"]).toBe(found?.facts["accession"]);
  });

  test("finds nothing at the second poll, and what was filed late once", async () => {
    const connector = at(replay.url);
    const first = await connector.poll(source, null, never);
    expect(await connector.poll(source, first.cursor, never)).toEqual({
      items: [],
      cursor: first.cursor,
    });
    const later = at(
      await answers({
        [path]: hits(2, hit(8, "2026-07-28"), hit(9, "2026-07-20")),
      }),
    );
    const second = await later.poll(source, first.cursor, never);
    expect(second.items.map(({ itemId }) => itemId)).toEqual([
      "0009999902-26-000008",
    ]);
    expect((await later.poll(source, second.cursor, never)).items).toEqual([]);
  });

  test("fetches the document, with its licence, and null where it is gone", async () => {
    const connector = at(replay.url);
    const { items } = await connector.poll(source, null, never);
    const item = items[1];
    if (item === undefined) throw new Error("nothing was found");
    const fetched = await connector.fetch(item, source, never);
    expect(new TextDecoder().decode(fetched?.body)).toContain(
      "eleven warehouses",
    );
    expect(fetched?.licence).toContain("Public domain");
    expect(
      await at(await always(404, "")).fetch(item, source, never),
    ).toBeNull();
  });

  test("is asked as SEC wants it, at the pace of all of SEC, for the days since the bookmark", async () => {
    const seen: string[] = [];
    const url = await serving((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://x");
      seen.push(String(request.headers["user-agent"]));
      seen.push(JSON.stringify(Object.fromEntries(searchParams)));
      response.writeHead(200).end(hits(0));
    });
    const pacer = {
      turn: (vendor: string, perSecond: number) => {
        seen.push(`turn ${vendor} ${perSecond}`);
        return Promise.resolve();
      },
      spend: () => Promise.resolve(),
    };
    const chosen = Source.parse({
      ...source,
      forms: ["8-K", "SC 13D", "424B"],
    });
    await at(url, { pacer }).poll(chosen, null, never);
    expect(seen).toEqual([
      "turn sec 10",
      `${productToken} ops@clientpulse.example`,
      JSON.stringify({
        q: '"Brindlewick Systems"',
        dateRange: "custom",
        startdt: "2026-07-02",
        enddt: "2026-08-01",
        forms:
          "8-K,SC 13D,SCHEDULE 13D,424B1,424B2,424B3,424B4,424B5,424B7,424B8",
        from: "0",
      }),
    ]);
    for (const [newest, start] of [
      ["2026-07-28T00:00:00.000Z", "2026-07-25"],
      ["2025-01-01T00:00:00.000Z", "2026-05-03"],
      ["", "2026-05-03"],
    ] as const) {
      await at(url).poll(source, { newest, seen: "" }, never);
      expect(seen.at(-1)).toContain(`"startdt":"${start}"`);
    }
  });

  test("reads on while there are more hits, three pages at most", async () => {
    let all = 1000;
    const starts: string[] = [];
    const url = await serving((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://x");
      const start = Number(searchParams.get("from"));
      starts.push(String(start));
      const page = Array.from({ length: 100 }, (_, n) =>
        hit(start + n, "2026-07-28"),
      );
      response.writeHead(200).end(hits(all, ...page));
    });
    const { items } = await at(url).poll(
      source,
      { newest: "", seen: "" },
      never,
    );
    expect(starts).toEqual(["0", "100", "200"]);
    expect(items).toHaveLength(300);
    all = 100;
    await at(url).poll(source, null, never);
    expect(starts).toHaveLength(4);
  });

  test("leads to the page of a document that is XML", async () => {
    const form4 = {
      ...hit(1, "2026-07-28", { form: "4", file_type: "4", xsl: "xslF345X05" }),
      _id: "0009999902-26-000001:form4.xml",
    };
    const { items } = await at(await answers({ [path]: hits(1, form4) })).poll(
      source,
      null,
      never,
    );
    expect(items[0]?.url).toMatch(
      /\/000999990226000001\/xslF345X05\/form4\.xml$/,
    );
    expect(items[0]?.itemId).toBe("0009999902-26-000001");
  });

  test("leaves out a hit that cannot be read, and refuses an answer of nothing else", async () => {
    const broken = hit(2, "yesterday");
    const { items } = await at(
      await answers({ [path]: hits(2, broken, hit(1, "2026-07-28")) }),
    ).poll(source, null, never);
    expect(items).toHaveLength(1);
    const error = await errorOf(
      at(await answers({ [path]: hits(1, broken) })).poll(source, null, never),
    );
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain("file_date");
  });

  test("is to be asked later where it is busy or down, and no more where it is gone", async () => {
    for (const [status, code, name] of [
      [403, "vendor-busy", "RetryableError"],
      [429, "vendor-busy", "RetryableError"],
      [500, "vendor-down", "RetryableError"],
      [404, "not-found", "PermanentError"],
    ] as const) {
      const error = await errorOf(
        at(await always(status, "")).poll(source, null, never),
      );
      expect(error).toMatchObject({ name, code });
    }
  });
});
