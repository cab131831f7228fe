import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { acme, bodyOf, problemOf, sharedApi } from "../support/api.ts";
import { futureDates, impossibleDates } from "../support/oddValues.ts";
import { all } from "../support/stories.ts";

const Result = z.object({
  committed: z.boolean(),
  counts: z.object({ new: z.int(), unchanged: z.int(), error: z.int() }),
  rows: z.array(
    z.object({
      line: z.int(),
      result: z.string(),
      externalId: z.string().nullable(),
      accountId: z.string().nullable(),
      messageId: z.string().nullable(),
      errors: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
  ),
});
const route = "/api/v1/signals/import";
const header =
  "External ID,account_id,domain,account_name,identifier.hubspot,title,text,url,source_type,occurred_at";
const table = [
  header,
  'fair-17,globex,,,,Globex looks for a partner,"They told us, at the fair: call +1 650 253 0000",https://globex.example/fair?who=pat@globex.example,meeting,2026-10-30',
  "fair-18,,,,1001,Globex opens a plant,The plant opens in Linz in spring.,,,",
  "fair-19,,,Hooli,,Hooli looks for a partner,They told us at the fair in Linz.,,,",
  "fair-20,initech,,,,Initech moves,They move to Graz.,,,",
  "fair-20,globex,,,,Again,The key of another.,,,",
  "fair-21,globex,,,,,No title.,ftp://x,,tomorrow",
].join("\n");

const api = await sharedApi();

const send = (csv: string, query = "", person = "otto") =>
  api.as(person, `${route}${query}`, { body: { csv } });
const sendText = (csv: string, query = "", type = "text/csv; charset=utf-8") =>
  api.as("otto", `${route}${query}`, {
    body: csv,
    headers: { "Content-Type": type },
  });
const stored = () => all(api, at.messages(acme));

describe("a list of signals", () => {
  it("is shown first: what each record would do, and each fault by its field", async () => {
    const { committed, counts, rows } = bodyOf(await send(table), 200, Result);
    expect(committed).toBe(false);
    expect(counts).toEqual({ new: 4, unchanged: 0, error: 2 });
    expect(
      rows.map(({ line, result, accountId }) => [line, result, accountId]),
    ).toEqual([
      [2, "new", "globex"],
      [3, "new", "globex"],
      [4, "new", null],
      [5, "new", "initech"],
      [6, "error", null],
      [7, "error", null],
    ]);
    const faults = rows.map(({ errors }) => errors.map(({ field }) => field));
    expect(faults.slice(4)).toEqual([
      ["external_id"],
      ["title", "url", "occurred_at"],
    ]);
    expect(await stored()).toEqual([]);
    expect(await api.audit()).toEqual([]);
    expect(api.rings).toEqual([]);
  });

  it("of a person who sees some accounts alone is of those alone", async () => {
    const { rows } = bodyOf(await send(table, "", "anna"), 200, Result);
    expect(rows.map(({ result, accountId }) => accountId ?? result)).toEqual([
      "globex",
      "globex",
      "error",
      "error",
      "error",
      "error",
    ]);
    expect(rows[3]?.errors).toEqual([
      { field: "account_id", message: "no account of yours: initech" },
    ]);
    for (const person of ["vera", "ina"])
      problemOf(await send(table, "?commit=true", person), 403);
    expect(await stored()).toEqual([]);
  });

  it("is carried out where it has no faults, without anybody's address", async () => {
    const answer = await sendText(table, "?commit=true");
    const { committed, counts, rows } = bodyOf(answer, 200, Result);
    expect(committed).toBe(true);
    expect(counts).toEqual({ new: 4, unchanged: 0, error: 2 });
    const kept = await stored();
    expect(kept.map(({ id }) => id).toSorted()).toEqual(
      rows.flatMap(({ messageId }) => messageId ?? []).toSorted(),
    );
    const [first, , third] = rows.map(
      ({ messageId }) => kept.find(({ id }) => id === messageId)?.data.payload,
    );
    expect(first).toMatchObject({
      accountId: "globex",
      sourceKey: "csv",
      by: "otto",
      handedIn: { text: "They told us, at the fair: call [phone]" },
      item: {
        source: "csv",
        itemId: "fair-17",
        url: "https://globex.example/fair",
        publishedAt: new Date("2026-10-30T00:00:00Z"),
        facts: { source_type: "meeting" },
      },
    });
    expect(third).toMatchObject({
      accountId: null,
      about: { names: ["Hooli"] },
    });
    expect(JSON.stringify(kept)).not.toMatch(/pat@|650 253/);
    expect(await api.audit()).toHaveLength(4);
    expect(api.rings).toHaveLength(4);
  });

  it("changes nothing when it is sent again; other contents under a key are a new revision", async () => {
    for (const query of ["", "?commit=true"]) {
      const again = bodyOf(await send(table, query), 200, Result);
      expect(again.counts).toEqual({ new: 0, unchanged: 4, error: 2 });
    }
    expect(await stored()).toHaveLength(4);
    expect(await api.audit()).toHaveLength(4);
    const revised = table.replace("in Linz in spring", "in Graz in spring");
    const { counts, rows } = bodyOf(
      await send(revised, "?commit=true"),
      200,
      Result,
    );
    expect(counts).toEqual({ new: 1, unchanged: 3, error: 2 });
    expect(rows[1]?.result).toBe("new");
    const items = (await stored()).map(({ data }) => data.payload["item"]);
    const ids = z.array(z.object({ itemId: z.string() })).parse(items);
    expect(ids.filter(({ itemId }) => itemId === "fair-18")).toHaveLength(2);
  });

  it("takes a thousand records in one request, and no more", async () => {
    const rows = Array.from(
      { length: 1000 },
      (_, n) => `n${n},globex,Title ${n},Text of the record ${n}.`,
    );
    const csv = ["external_id,account_id,title,text", ...rows].join("\n");
    const { counts } = bodyOf(await send(csv, "?commit=true"), 200, Result);
    expect(counts).toEqual({ new: 1000, unchanged: 0, error: 0 });
    const again = bodyOf(await send(csv, "?commit=true"), 200, Result);
    expect(again.counts).toEqual({ new: 0, unchanged: 1000, error: 0 });
    problemOf(await send(`${csv}\nx,globex,T,x`), 400);
  });

  it("may be as long as is allowed, in the widest script and lengthened by redaction", async () => {
    const longest = "a@b.co ".repeat(2285).trim();
    const cyrillic = "щ".repeat(16_000);
    const rows = Array.from({ length: 60 }, (_, n) =>
      n % 3 === 0 ? `w${n},globex,T,${longest}` : `w${n},globex,T,${cyrillic}`,
    );
    const csv = ["external_id,account_id,title,text", ...rows].join("\n");
    const { counts } = bodyOf(await sendText(csv, "?commit=true"), 200, Result);
    expect(counts).toEqual({ new: 60, unchanged: 0, error: 0 });
  });

  it("is refused as a whole where it is no such list", async () => {
    const odd = ["\n", 'title\n"x', `${header},shoe size\nx`];
    for (const csv of odd) {
      const problem = problemOf(await send(csv, "?commit=true"), 400);
      expect(problem.errors?.[0]?.field).toBe("csv");
    }
    problemOf(await send("", "?commit=maybe"), 400);
    problemOf(await sendText(table, "", "application/xml"), 415);
    problemOf(await api.as("otto", route, { body: "{" }), 400);
    problemOf(await sendText(`${table}${"x".repeat(5_000_000)}`), 413);
  });

  it("refuses a row for a date that cannot be kept, by its field, and takes the others", async () => {
    const rows = [...impossibleDates, ...futureDates].filter(Boolean);
    const csv = [
      "external_id,account_id,title,text,occurred_at",
      ...rows.map(
        (date, n) =>
          `odd-${n},globex,Odd ${n},They told us at the fair of ${n}.,"${date}"`,
      ),
    ].join("\n");
    for (const query of ["", "?commit=true"]) {
      const { counts, rows: done } = bodyOf(
        await send(csv.replaceAll("odd-", `odd${query.length}-`), query),
        200,
        Result,
      );
      // 2099-01-01, 2099-12-31T23:59:59Z and 2150-06-01T00:00:00+14:00.
      expect(counts).toEqual({ new: 3, unchanged: 0, error: rows.length - 3 });
      for (const { result, errors } of done)
        if (result === "error")
          expect(errors.map(({ field }) => field)).toEqual(["occurred_at"]);
    }
  });
});
