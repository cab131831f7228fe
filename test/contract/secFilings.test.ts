import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import { productToken } from "../../functions/src/adapters/web/fetcher.ts";
import { RetryableError } from "../../functions/src/domain/errors.ts";
import {
  never,
  nvidia,
  secAt,
  serving,
  always,
  answers,
  errorOf,
} from "../support/sources.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe("SEC filings", () => {
  const columns = (rows: readonly (readonly [string, string, string])[]) =>
    JSON.stringify({
      name: "EXAMPLE CORP",
      filings: {
        recent: {
          accessionNumber: rows.map(([accession]) => accession),
          acceptanceDateTime: rows.map(([, at]) => at),
          form: rows.map(([, , form]) => form),
          items: rows.map(([, , form]) =>
            form.startsWith("8-K") ? "1.05" : "",
          ),
          primaryDocument: rows.map(() => "doc.htm"),
          reportDate: rows.map(() => "2026-06-30"),
        },
      },
    });
  const path = `/data.sec.gov/submissions/CIK${nvidia.cik}.json`;
  const accession = (n: number) =>
    `0001045810-26-${String(n).padStart(6, "0")}`;

  test("are titled by their items, carry small facts and lead to sec.gov", async () => {
    const { items } = await secAt(replay.url).look(nvidia, null, never);
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
    await secAt(url, { pacer: { turn, spend: () => Promise.resolve() } }).look(
      nvidia,
      null,
      never,
    );
    expect(seen).toEqual([
      "turn sec 10",
      `asked as ${productToken} ops@clientpulse.example`,
    ]);
  });

  test("are the newest three of each form at the first look, amendments counted with their form", async () => {
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
    ).look(nvidia, null, never);
    expect(items.map((item) => item.facts["form"])).toEqual([
      "8-K/A",
      "8-K",
      "8-K",
      "10-Q",
      "10-K/A",
    ]);
    expect(items.at(-1)?.title).toBe(
      "EXAMPLE CORP 10-K/A for the period ended 2026-06-30",
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
    const first = await secAt(await answers({ [path]: columns(before) })).look(
      nvidia,
      null,
      never,
    );
    const later = secAt(await answers({ [path]: columns(after) }));
    const second_ = await later.look(nvidia, first.cursor, never);
    expect(second_.items.map((item) => item.itemId)).toEqual([
      accession(2),
      accession(3),
    ]);
    expect((await later.look(nvidia, second_.cursor, never)).items).toEqual([]);
  });

  test("are all found of a company that had none at the first look", async () => {
    const none = await secAt(await answers({ [path]: columns([]) })).look(
      nvidia,
      null,
      never,
    );
    const rows = [1, 2, 3, 4, 5].map(
      (n) => [accession(n), `2026-06-0${n}T12:00:00.000Z`, "8-K"] as const,
    );
    const { items } = await secAt(
      await answers({ [path]: columns(rows) }),
    ).look(nvidia, none.cursor, never);
    expect(items).toHaveLength(5);
  });

  test("are to be asked for later when EDGAR answers 403 to whoever is too fast", async () => {
    const error = await errorOf(
      secAt(await always(403, "")).look(nvidia, null, never),
    );
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "vendor-busy" });
  });

  test("of columns that do not match are refused by name", async () => {
    const broken = columns([
      [accession(1), "2026-06-10T12:00:00.000Z", "8-K"],
    ]).replace('["8-K"]', '["8-K","4"]');
    const error = await errorOf(
      secAt(await answers({ [path]: broken })).look(nvidia, null, never),
    );
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain("filings.recent");
  });

  test("without a main document are the complete submission", async () => {
    const list = columns([
      [accession(1), "2026-06-10T12:00:00.000Z", "8-K"],
    ]).replace('"doc.htm"', '""');
    const { items } = await secAt(await answers({ [path]: list })).look(
      nvidia,
      null,
      never,
    );
    expect(items[0]?.url).toMatch(
      /\/000104581026000001\/0001045810-26-000001\.txt$/,
    );
  });
});
