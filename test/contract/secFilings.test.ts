import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import { productToken } from "../../functions/src/adapters/web/fetcher.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import type { Source } from "../../functions/src/domain/sources/source.ts";
import {
  never,
  nvidia,
  secAt,
  serving,
  always,
  answers,
  errorOf,
} from "../support/sources.ts";

const brindlewick = {
  kind: "sec",
  key: "sec",
  cik: "0009999901",
} as const satisfies Source;

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe("SEC filings", () => {
  type Rows = readonly (readonly [string, string, string])[];
  const listOf = (rows: Rows) => ({
    accessionNumber: rows.map(([accession]) => accession),
    acceptanceDateTime: rows.map(([, at]) => at),
    form: rows.map(([, , form]) => form),
    items: rows.map(([, , form]) => (form.startsWith("8-K") ? "1.05" : "")),
    primaryDocument: rows.map(() => "doc.htm"),
    reportDate: rows.map(() => "2026-06-30"),
  });
  const columns = (rows: Rows, files: readonly object[] = []) =>
    JSON.stringify({
      name: "EXAMPLE CORP",
      filings: { recent: listOf(rows), files },
    });
  const path = `/data.sec.gov/submissions/CIK${nvidia.cik}.json`;
  const accession = (n: number) =>
    `0001045810-26-${String(n).padStart(6, "0")}`;

  test("are titled by their items, carry small facts and lead to sec.gov", async () => {
    const { items } = await secAt(replay.url).poll(nvidia, null, never);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      itemId: "0009999999-26-000012",
      title:
        "NVIDIA CORP 8-K: Item 5.02 Departure of Directors or Certain Officers; Election of Directors; Appointment of Certain Officers; Compensatory Arrangements of Certain Officers",
      url: "https://www.sec.gov/Archives/edgar/data/1045810/000999999926000012/nvda-example-8k.htm",
      publisher: "SEC EDGAR",
      publishedAt: new Date("2026-03-06T21:11:25Z"),
      facts: {
        form: "8-K",
        items: "5.02,9.01",
        primaryDocument: "nvda-example-8k.htm",
        reportDate: "2026-03-02",
      },
    });
  });

  test("are of the moment that their own header gives in New York's time, whatever the list says", async () => {
    // On both sides of a change of the clocks.
    const listed = ["2026-03-06T16:11:25.000Z", "2026-03-09T16:11:25.000Z"];
    const rows = listed.map((at, n) => [accession(n), at, "10-Q"] as const);
    const header = (n: number, given: string) => ({
      [`/www.sec.gov/Archives/edgar/data/1045810/${accession(n).replaceAll("-", "")}/${accession(n)}-index-headers.html`]: `<pre>&lt;SEC-HEADER&gt;\n&lt;ACCEPTANCE-DATETIME&gt;${given}\nACCESSION NUMBER: x\n&lt;DOCUMENT&gt;\n`,
    });
    const timesBy = async (given: string) => {
      const at = { [path]: columns(rows), ...header(1, given) };
      const connector = secAt(await answers(at));
      const { items, cursor } = await connector.poll(nvidia, null, never);
      // The bookmark is in the list's own time, or it would find them again, or miss some.
      expect(cursor["acceptedAt"]).toBe(listed[1]);
      return [
        cursor["clock"],
        ...items.map(({ publishedAt }) => publishedAt?.toISOString()),
      ];
    };
    // This filer's list gives New York's time as if it were UTC.
    expect(await timesBy("20260309161125")).toEqual([
      "newYork",
      "2026-03-06T21:11:25.000Z",
      "2026-03-09T20:11:25.000Z",
    ]);
    expect(await timesBy("20260309121125")).toEqual(["utc", ...listed]);

    // What a filer's list goes by is remembered, and no header asked for again.
    const cursor = { acceptedAt: listed[0] ?? "", seen: accession(0) };
    const later = await secAt(await answers({ [path]: columns(rows) })).poll(
      nvidia,
      { ...cursor, clock: "newYork" },
      never,
    );
    expect(later.items.map(({ publishedAt }) => publishedAt)).toEqual([
      new Date("2026-03-09T20:11:25Z"),
    ]);
  });

  test("without a header are of the moment that the list gives", async () => {
    const rows = [[accession(1), "2026-03-06T16:11:25.000Z", "10-Q"]] as const;
    const at = await answers({ [path]: columns(rows) });
    const { items } = await secAt(at).poll(nvidia, null, never);
    expect(items[0]?.publishedAt).toEqual(new Date("2026-03-06T16:11:25Z"));
  });

  test("are asked for with a contact, and only in turn", async () => {
    const seen: string[] = [];
    const url = await serving((request, response) => {
      seen.push(`asked as ${request.headers["user-agent"]}`);
      response.writeHead(200).end(columns([]));
    });
    const turn = (vendor: string, perSecond: number) => {
      seen.push(`turn ${vendor} ${perSecond}`);
      return Promise.resolve();
    };
    await secAt(url, { pacer: { turn, spend: () => Promise.resolve() } }).poll(
      nvidia,
      null,
      never,
    );
    expect(seen).toEqual([
      "turn sec 10",
      `asked as ${productToken} ops@clientpulse.example`,
    ]);
  });

  test("are the newest three of each form at the first poll, amendments counted with their form", async () => {
    const rows = [
      "8-K",
      "8-K/A",
      "8-K",
      "8-K",
      "10-Q",
      "10-K/A",
      "4",
      "8-K12B",
    ].map(
      (form, n) =>
        [accession(n), `2026-06-0${n + 1}T12:00:00.000Z`, form] as const,
    );
    const { items } = await secAt(
      await answers({ [path]: columns(rows) }),
    ).poll(nvidia, null, never);
    expect(items.map((item) => item.facts["form"])).toEqual([
      "8-K/A",
      "8-K",
      "8-K",
      "10-Q",
      "10-K/A",
    ]);
    expect(items.at(-1)?.title).toBe(
      "EXAMPLE CORP 10-K/A (annual report), amends the 10-K for the period ended 2026-06-30",
    );
  });

  test("of the same second as the bookmark, or listed late, are found once each", async () => {
    const second = "2026-06-10T12:00:00.000Z";
    const before = [[accession(1), second, "8-K"]] as const;
    const after = [
      [accession(3), "2026-06-10T12:00:00.000Z", "8-K"],
      ...before,
      [accession(2), "2026-06-09T23:00:00.000Z", "8-K"],
    ] as const;
    const first = await secAt(await answers({ [path]: columns(before) })).poll(
      nvidia,
      null,
      never,
    );
    const later = secAt(await answers({ [path]: columns(after) }));
    const second_ = await later.poll(nvidia, first.cursor, never);
    expect(second_.items.map((item) => item.itemId)).toEqual([
      accession(2),
      accession(3),
    ]);
    expect((await later.poll(nvidia, second_.cursor, never)).items).toEqual([]);
  });

  test("are all found of a company that had none at the first poll", async () => {
    const none = await secAt(await answers({ [path]: columns([]) })).poll(
      nvidia,
      null,
      never,
    );
    const rows = [1, 2, 3, 4, 5].map(
      (n) => [accession(n), `2026-06-0${n}T12:00:00.000Z`, "8-K"] as const,
    );
    const { items } = await secAt(
      await answers({ [path]: columns(rows) }),
    ).poll(nvidia, none.cursor, never);
    expect(items).toHaveLength(5);
  });

  test("are to be asked for later when EDGAR answers 403 to whoever is too fast", async () => {
    const error = await errorOf(
      secAt(await always(403, "")).poll(nvidia, null, never),
    );
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "vendor-busy" });
  });

  test("of columns that do not match are refused by name", async () => {
    const broken = columns([
      [accession(1), "2026-06-10T12:00:00.000Z", "8-K"],
    ]).replace('["8-K"]', '["8-K","4"]');
    const error = await errorOf(
      secAt(await answers({ [path]: broken })).poll(nvidia, null, never),
    );
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain("filings.recent");
  });

  test("without a main document are the complete submission", async () => {
    const list = columns([
      [accession(1), "2026-06-10T12:00:00.000Z", "8-K"],
    ]).replace('"doc.htm"', '""');
    const { items } = await secAt(await answers({ [path]: list })).poll(
      nvidia,
      null,
      never,
    );
    expect(items[0]?.url).toMatch(
      /\/000104581026000001\/0001045810-26-000001\.txt$/,
    );
  });

  test("are those of the forms that are worth a look, by default without what insiders hold", async () => {
    const { items } = await secAt(replay.url).poll(brindlewick, null, never);
    expect(items.map((item) => item.facts["form"])).toEqual([
      "10-K",
      "10-K/A",
      "DEF 14A",
      "10-Q",
      "SCHEDULE 13D/A",
      "8-K",
      "8-K/A",
      "8-K",
      "8-K",
    ]);
    expect(items[2]?.title).toBe(
      "BRINDLEWICK SYSTEMS INC DEF 14A (proxy statement)",
    );
    expect(items[2]?.facts).toMatchObject({ formName: "proxy statement" });
    expect(items[2]?.facts["formTells"]).toContain("Who leads it");
  });

  test("are those of the forms that the source names, amendments and new names of them included", async () => {
    const formsOf = async (...forms: string[]) => {
      const source = { ...brindlewick, forms };
      const { items } = await secAt(replay.url).poll(source, null, never);
      return items.map((item) => item.facts["form"]);
    };
    expect(await formsOf("4")).toEqual(["4"]);
    expect(await formsOf("SC 13D")).toEqual(["SCHEDULE 13D/A"]);
    expect(await formsOf("10-K", "4")).toEqual(["4", "10-K", "10-K/A"]);
    const list = columns([
      [accession(1), "2026-06-10T12:00:00.000Z", "424B5"],
      [accession(2), "2026-06-11T12:00:00.000Z", "424B2"],
    ]);
    const bank = secAt(await answers({ [path]: list }));
    const count = async (form: string) =>
      (await bank.poll({ ...nvidia, forms: [form] }, null, never)).items.length;
    expect(await count("424B")).toBe(2);
    expect(await count("424B5")).toBe(1);
  });

  test("say what they amend", async () => {
    const { items } = await secAt(replay.url).poll(brindlewick, null, never);
    const amending = items.filter((i) => i.facts["form"]?.endsWith("/A"));
    expect(amending.map((item) => item.title)).toEqual([
      "BRINDLEWICK SYSTEMS INC 10-K/A (annual report), amends the 10-K filed 2026-02-25",
      "BRINDLEWICK SYSTEMS INC SCHEDULE 13D/A (report of an active holder of over 5 %), amends an earlier SC 13D",
      "BRINDLEWICK SYSTEMS INC 8-K/A, amends the 8-K filed 2026-07-20: Item 5.02 Departure of Directors or Certain Officers; Election of Directors; Appointment of Certain Officers; Compensatory Arrangements of Certain Officers",
    ]);
    expect(amending.map((item) => item.facts["amends"])).toEqual([
      "0009999901-26-000012",
      undefined,
      "0009999901-26-000039",
    ]);
  });

  test("bring the press release behind a cover page, and nothing else that it lists", async () => {
    const connector = secAt(replay.url);
    const before = replay.requests().length;
    const { items } = await connector.poll(brindlewick, null, never);
    const release = items.at(-1);
    expect(items.at(-2)?.itemId).toBe("0009999901-26-000042");
    expect(release).toMatchObject({
      itemId: "0009999901-26-000042/q2fy26pr.htm",
      title:
        "BRINDLEWICK SYSTEMS INC 8-K: Item 2.02 Results of Operations and Financial Condition – EX-99.1 PRESS RELEASE OF JULY 30, 2026",
      url: "https://www.sec.gov/Archives/edgar/data/9999901/000999990126000042/q2fy26pr.htm",
      facts: {
        exhibit: "EX-99.1",
        accession: "0009999901-26-000042",
        items: "2.02,9.01",
      },
    });
    if (release === undefined) throw new Error("nothing was found");
    const fetched = await connector.fetch(release, brindlewick, never);
    expect(new TextDecoder().decode(fetched?.body)).toContain("$84.1 million");
    const asked = replay
      .requests()
      .slice(before)
      .filter((path) => path.includes("headers"));
    // Of filings that say themselves what they report, no header is asked for.
    expect(new Set(asked).size).toBe(1);
  });

  test("of before the recent ones are caught up on after a long pause", async () => {
    const cursor = { acceptedAt: "2025-11-01T00:00:00.000Z", seen: "" };
    const { items } = await secAt(replay.url).poll(brindlewick, cursor, never);
    expect(items[0]?.itemId).toBe("0009999901-25-000044");
    expect(items.map((item) => item.itemId)).not.toContain(
      "0009999901-24-000051",
    );
    expect(items).toHaveLength(11);
  });

  test("come a hundred at a poll, the oldest first, until none is left", async () => {
    const day = (n: number) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString();
    const rows = (from: number, to: number) =>
      Array.from(
        { length: to - from },
        (_, n) => [accession(from + n), day(from + n), "10-Q"] as const,
      );
    const file = (name: string, to: number) => ({
      name: `CIK${nvidia.cik}-submissions-${name}.json`,
      filingTo: day(to).slice(0, 10),
    });
    const filed: Readonly<Record<string, string>> = {
      "": columns(rows(240, 260), [
        file("001", 239),
        file("002", 109),
        file("003", -1),
      ]),
      "-submissions-001": JSON.stringify(listOf(rows(110, 240))),
      "-submissions-002": JSON.stringify(listOf(rows(0, 110))),
    };
    const asked: string[] = [];
    const url = await serving((request, response) => {
      const name = /CIK\d+(.*)\.json$/.exec(request.url ?? "")?.[1];
      if (name === undefined) return response.writeHead(404).end();
      asked.push(name);
      const isSame = request.headers["if-none-match"] === '"v1"';
      return response
        .writeHead(isSame ? 304 : 200, { etag: '"v1"' })
        .end(isSame ? "" : filed[name]);
    });
    const connector = secAt(url);
    let cursor: Readonly<Record<string, string>> = {
      acceptedAt: day(3),
      seen: [1, 2, 3].map(accession).join(" "),
    };
    const looks: number[] = [];
    const found: string[] = [];
    for (let n = 0; n < 5; n++) {
      const seen = await connector.poll(nvidia, cursor, never);
      looks.push(seen.items.length);
      found.push(...seen.items.map((item) => item.itemId));
      cursor = seen.cursor;
      expect(JSON.stringify(cursor).length).toBeLessThan(30_000);
    }
    expect(looks).toEqual([100, 100, 57, 0, 0]);
    expect(asked).toEqual([
      "",
      "-submissions-002",
      "",
      "-submissions-002",
      "-submissions-001",
      "",
      "-submissions-001",
      "",
      "",
    ]);
    const known = [1, 2, 3].map(accession);
    const all = Array.from({ length: 260 }, (_, n) => accession(n));
    expect(found).toEqual(all.filter((one) => !known.includes(one)));
  });
});
