import { describe, expect, it } from "vitest";
import { parseCsv } from "../../functions/src/domain/imports/csv.ts";
import { toAudience } from "../../functions/src/domain/people/roles.ts";
import { aCase, initech, problemOf, sharedApi } from "../support/api.ts";

const api = await sharedApi();
const now = api.clock.now();

const mine = aCase("mine", now);
const formula = aCase("formula", now, {
  opportunity: { accountName: '=HYPERLINK("https://evil.example")' },
});
const theirs = aCase("theirs", now, {
  opportunity: {
    accountId: initech,
    accountName: "Initech",
    audience: toAudience(["bob"], ["south"]),
    state: {
      status: "expired",
      at: now,
    },
  },
});
await api.write([mine, formula, theirs].flatMap(({ writes }) => writes));

const byText = (a: string | undefined, b: string | undefined) =>
  (a ?? "") < (b ?? "") ? -1 : 1;

async function table(path: string, person = "anna") {
  const answer = await api.as(person, path);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const read = parseCsv(answer.text);
  if (!read.ok) throw new Error(read.why);
  const [head = [], ...rows] = read.records.map(({ values }) => values);
  return rows.map((row) =>
    Object.fromEntries(head.map((name, i) => [name, row[i] ?? ""])),
  );
}

describe("an export of the inbox", () => {
  it("holds the cards of the filter that the caller may see", async () => {
    const rows = await table("/api/v1/inbox/export.csv");
    expect(rows.map((row) => row["id"]).toSorted(byText)).toEqual([
      "formula",
      "mine",
    ]);
    const own = await table("/api/v1/inbox/export.csv?status=all");
    expect(own).toHaveLength(2);
    expect(await table("/api/v1/inbox/export.csv", "ada")).toHaveLength(2);
    const all = await table("/api/v1/inbox/export.csv?status=all", "ada");
    expect(all.map((row) => row["id"]).toSorted(byText)).toEqual([
      "formula",
      "mine",
      "theirs",
    ]);
    const expired = "/api/v1/inbox/export.csv?status=expired";
    expect(await table(expired, "bob")).toMatchObject([
      {
        id: "theirs",
        account: "Initech",
        status: "expired",
        sources: "manual",
      },
    ]);
    expect(await table(`${expired}&min_score=100`, "bob")).toEqual([]);
  });

  it("never begins a text with what a spreadsheet would run", async () => {
    const rows = await table("/api/v1/inbox/export.csv");
    expect(rows.find((row) => row["id"] === "formula")?.["account"]).toBe(
      `'=HYPERLINK("https://evil.example")`,
    );
  });

  it("is audited, and is for those alone who may export", async () => {
    const before = (await api.audit()).length;
    await table("/api/v1/inbox/export.csv");
    const entries = await api.audit();
    expect(entries).toHaveLength(before + 1);
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: "VIEW",
        actor: "anna",
        entity: { kind: "inbox", id: "inbox" },
        after: { items: 2 },
        reason: "export",
      }),
    );
    problemOf(await api.as("vera", "/api/v1/inbox/export.csv"), 403);
    problemOf(await api.as("anna", "/api/v1/inbox/export.csv?status=x"), 400);
  });
});

describe("an export of a card", () => {
  it("holds its claims, each with its quote and where that is from", async () => {
    expect(await table(`${mine.path}/export.csv`)).toMatchObject([
      {
        account: "Globex",
        kind: "FOUND",
        claim: mine.quote,
        quote: mine.quote,
        publisher: "Globex",
        licence: "CC0",
        link: "https://globex.example/news",
        published: now.toISOString(),
      },
    ]);
    expect(await api.audit()).toContainEqual(
      expect.objectContaining({
        entity: { kind: "opportunity", id: "mine" },
        reason: "export",
      }),
    );
  });

  it("is for those who may export and see it", async () => {
    const refused = async (person: string, path: string, status: number) =>
      expect(problemOf(await api.as(person, path), status).title).not.toBe("");
    await refused("vera", `${mine.path}/export.csv`, 403);
    await refused("bob", `${mine.path}/export.csv`, 404);
    await refused("anna", "/api/v1/opportunities/no/export.csv", 404);
  });
});
