import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { acme, bodyOf, present, problemOf, sharedApi } from "../support/api.ts";
import { anAccountId } from "../support/builders.ts";
import { all } from "../support/stories.ts";

const Result = z.object({
  committed: z.boolean(),
  counts: z.record(z.string(), z.int()),
  rows: z.array(
    z.object({
      line: z.int(),
      result: z.string(),
      id: z.string().nullable(),
      fields: z.array(z.string()),
      errors: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
  ),
});
const route = "/api/v1/accounts/import";
const table = [
  "Name,Domains,Owners,Teams,CIK,Salesforce,icp_fit,Feeds,identifier.vat",
  'Hooli,hooli.example,anna@acme.example,north,1326801,003,0.9,"https://hooli.example/news.xml",DE1',
  "Globex International,,,,,001000000000001AAA,,,",
  '"Initech, Inc.",,bob;stranger@x.example,,,,7,,',
  ",nameless.example,,,,,,,",
  "hooli,,,,,003,,,",
  "Globex,globex.example,,,,,,,",
].join("\r\n");

const api = await sharedApi();

const send = (csv: string, query = "", person = "otto") =>
  api.as(person, `${route}${query}`, { body: { csv } });
const sendText = (csv: string, query = "", type = "text/csv; charset=utf-8") =>
  api.as("otto", `${route}${query}`, {
    body: csv,
    headers: { "Content-Type": type },
  });
const ids = async () =>
  (await all(api, at.accounts(acme))).map(({ id }) => id).toSorted();

describe("a list of accounts", () => {
  it("is taken from administrators and operations alone", async () => {
    for (const person of ["anna", "lea", "vera", "ina"])
      problemOf(await send(table, "?commit=true", person), 403);
    expect(await ids()).toEqual(["globex", "initech"]);
  });

  it("is shown first: what each record would do, and each fault by its field", async () => {
    const { committed, counts, rows } = bodyOf(await send(table), 200, Result);
    expect(committed).toBe(false);
    expect(counts).toEqual({ create: 1, update: 1, unchanged: 0, error: 4 });
    expect(rows.map(({ line, result, id }) => [line, result, id])).toEqual([
      [2, "create", "hooli"],
      [3, "update", "globex"],
      [4, "error", null],
      [5, "error", null],
      [6, "error", null],
      [7, "error", null],
    ]);
    expect(rows[1]?.fields).toEqual(["name"]);
    const faults = rows.map(({ errors }) => errors.map(({ field }) => field));
    expect(faults.slice(2)).toEqual([
      ["owners", "icpFit"],
      ["name"],
      ["record"],
      ["record"],
    ]);
    expect(rows[2]?.errors[0]?.message).toContain("stranger@x.example");
    expect(rows[4]?.errors[0]?.message).toContain("as line 2 is");
    expect(await ids()).toEqual(["globex", "initech"]);
    expect(await api.audit()).toEqual([]);
  });

  it("is carried out where it has no faults, with schedules and audit entries", async () => {
    const answer = await sendText(table, "?commit=true");
    const { committed, counts } = bodyOf(answer, 200, Result);
    expect(committed).toBe(true);
    expect(counts).toEqual({ create: 1, update: 1, unchanged: 0, error: 4 });
    expect(await ids()).toEqual(["globex", "hooli", "initech"]);
    const read = (id: string) =>
      api.deps.store.read(at.account(acme, anAccountId(id)));
    expect(present(await read("hooli")).data).toMatchObject({
      name: "Hooli",
      audience: ["u:anna", "t:north"],
      icpFit: 0.9,
      identifiers: { cik: "0001326801", salesforce: "003", vat: "DE1" },
      sources: [
        { kind: "sec", cik: "0001326801" },
        { kind: "rss", url: "https://hooli.example/news.xml" },
      ],
    });
    const globex = present(await read("globex")).data;
    expect(globex).toMatchObject({
      name: "Globex International",
      version: 2,
      owners: ["anna"],
      aliases: ["Globex Corporation"],
    });
    const schedule = at.schedule(acme, anAccountId("hooli"));
    const { dueAt } = present(await api.deps.store.read(schedule)).data;
    expect(dueAt).toEqual(api.clock.now());
    const made = (await api.audit()).map(({ action, entity }) => {
      return `${action} ${entity.id}`;
    });
    expect(made.toSorted()).toEqual(["CREATE hooli", "UPDATE globex"]);
  });

  it("changes nothing when it is sent again, and hands over with other owners", async () => {
    const before = await api.audit();
    const again = bodyOf(await send(table, "?commit=true"), 200, Result);
    expect(again.counts).toMatchObject({ create: 0, update: 0, unchanged: 2 });
    expect(await api.audit()).toHaveLength(before.length);

    const other = "id,name,owners,teams\nhooli,Hooli,bob,south";
    const answer = await send(other, "?commit=true");
    expect(bodyOf(answer, 200, Result).counts).toMatchObject({ update: 1 });
    const told = (await all(api, at.messages(acme))).filter(
      ({ data }) => data.topic === "audience-changed",
    );
    expect(told).toMatchObject([{ data: { accountId: "hooli" } }]);
  });

  it("takes several hundred records in one request", async () => {
    const many = Array.from({ length: 300 }, (_, n) => `Company ${n}`);
    const csv = ["name", ...many].join("\n");
    const { counts } = bodyOf(await send(csv, "?commit=true"), 200, Result);
    expect(counts).toMatchObject({ create: 300, error: 0 });
    expect(await ids()).toHaveLength(303);
    const preview = bodyOf(await send(csv), 200, Result);
    expect(preview.counts).toMatchObject({ unchanged: 300 });
  });

  it("fits no more than one account by a record", async () => {
    const csv = "name,domains\nBoth,globex.example;hooli.example";
    const { rows } = bodyOf(await send(csv), 200, Result);
    expect(rows[0]?.errors[0]?.message).toContain("more than one account");
  });

  it("is refused as a whole where it is no such list", async () => {
    const many = `name\n${"x\n".repeat(1001)}`;
    for (const odd of ["\n", 'name\n"x', "name,shoe size\nx,42", many]) {
      const problem = problemOf(await send(odd, "?commit=true"), 400);
      expect(problem.errors?.[0]?.field).toBe("csv");
    }
    problemOf(await send("", "?commit=maybe"), 400);
    problemOf(await sendText(table, "", "application/xml"), 415);
    problemOf(await api.as("otto", route, { body: "{" }), 400);
    expect(await ids()).toHaveLength(303);
  });
});
