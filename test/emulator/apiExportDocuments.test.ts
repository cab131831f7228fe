import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { toInboxItem } from "../../functions/src/domain/cards/inbox.ts";
import { OpportunityId } from "../../functions/src/domain/kernel/ids.ts";
import { toAudience } from "../../functions/src/domain/people/roles.ts";
import { create } from "../../functions/src/ports/store.ts";
import {
  aCase,
  acme,
  initech,
  problemOf,
  sharedApi,
  type TestApi,
} from "../support/api.ts";
import { footOf, pagesOf, saidOn, squeezed } from "../support/pdf.ts";

const api = await sharedApi();
const now = api.clock.now();

const mine = aCase("mine", now);
const theirs = aCase("theirs", now, {
  opportunity: {
    accountId: initech,
    accountName: "Initech",
    audience: toAudience(["bob"], ["south"]),
    state: { status: "expired", at: now },
  },
});
await api.write([mine, theirs].flatMap(({ writes }) => writes));
const step = { at: now, from: "in_review", to: "rejected", version: 1 };
await api.write([
  create(at.historyEntry(acme, mine.id, "v0"), {
    ...step,
    by: "bob",
    what: "reject",
    note: "the budget is spent",
  }),
]);

async function document(path: string, person = "anna", asked: TestApi = api) {
  const answer = await asked.as(person, path);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  const pages = await pagesOf(answer.bytes);
  const named = answer.headers.get("content-disposition");
  return { pages, named, said: saidOn(pages) };
}

const entriesOf = async (traceId: string) =>
  (await api.audit()).filter((entry) => entry.traceId === traceId);

describe("a card as a document", () => {
  const path = `${mine.path}/export.pdf`;

  it("holds what it says, what that rests on, and what happened to it", async () => {
    const { pages, named, said } = await document(path);
    expect(named).toBe('attachment; filename="card-mine.pdf"');
    for (const text of [
      "Globex has a new CIO",
      "Leadership change",
      "To review",
      mine.opportunity.card.score.total.toFixed(1),
      ...mine.opportunity.card.score.factors.map(({ reason }) => reason),
      mine.opportunity.card.summary,
      `“${mine.quote}”`,
      "Globex appoints",
      "https://globex.example/news",
      "Licence: CC0",
      "Checked at the export",
      "Outreach drafts",
      "Dear ...",
      "the budget is spent",
    ])
      expect(said).toContain(squeezed(text));
    expect(said).not.toContain("Warning");
    expect(pages.map(footOf).join()).toMatch(
      /Exported .+ UTC by Anna · Version 1 .*Page 1 of \d/,
    );
    const urls = pages.flatMap(({ links }) => links.map(({ url }) => url));
    expect(new Set(urls)).toEqual(new Set(["https://globex.example/news"]));
  });

  it("speaks the language that is asked for", async () => {
    const { pages, said } = await document(`${path}?lang=uk`);
    for (const text of ["Зміна керівництва", "На розгляд", "Знайдено"])
      expect(said).toContain(squeezed(text));
    expect(pages.map(footOf).join()).toContain("Сторінка 1 з");
    problemOf(await api.as("anna", `${path}?lang=de`), 400);
  });

  it("is audited, and so is the reading of its evidence", async () => {
    const headers = { "X-Request-ID": "printing" };
    expect((await api.as("anna", path, { headers })).status).toBe(200);
    const entries = await entriesOf("printing");
    expect(entries).toHaveLength(2);
    for (const [entity, reason] of [
      [{ kind: "evidence", id: "mine" }, null],
      [{ kind: "opportunity", id: "mine" }, "export"],
    ] as const)
      expect(entries).toContainEqual(
        expect.objectContaining({
          action: "VIEW",
          actor: "anna",
          entity,
          reason,
        }),
      );
  });

  it("is for those who may export and see it", async () => {
    const refused = async (person: string, asked: string, status: number) =>
      expect(problemOf(await api.as(person, asked), status).title).not.toBe("");
    await refused("vera", path, 403);
    await refused("bob", path, 404);
    await refused("anna", "/api/v1/opportunities/no/export.pdf", 404);
  });

  it("warns of a quote that no longer stands, and of one that is lost", async () => {
    const altered = aCase("altered", now);
    await api.write(altered.writes);
    const asked = `${altered.path}/export.pdf`;
    const forged = gzipSync("Globex appointed nobody at all. ".repeat(40));
    await api.database.db.doc(altered.snapshot.path).update({ gzip: forged });
    const { said } = await document(asked);
    expect(said).toContain(squeezed("no longer matches the archived text"));
    expect(said).not.toContain(squeezed("Checked at the export"));
    await api.database.db
      .doc(`${altered.ref.path}/evidence/quotes`)
      .update({ "quotes.e1.quote": "Globex appointed Eve" });
    const lost = await document(asked);
    expect(lost.said).toContain(squeezed("was lost or altered"));
    expect(lost.said).not.toContain("Eve");
  });

  it("is not handed out where that cannot be audited, nor audited where it cannot be printed", async () => {
    const unaudited = api.another({
      store: {
        ...api.deps.store,
        commit: () => Promise.reject(new Error("full")),
      },
    });
    const answer = await unaudited.as("anna", path);
    expect(problemOf(answer, 500).title).not.toBe("");
    const unprinted = api.another({
      printer: {
        print: () => Promise.reject(new RetryableError("unknown", "no ink")),
      },
    });
    const headers = { "X-Request-ID": "unprinted" };
    problemOf(await unprinted.as("anna", path, { headers }), 503);
    expect(await entriesOf("unprinted")).toEqual([]);
  });
});

describe("the inbox as a document", () => {
  const path = "/api/v1/inbox/export.pdf";

  it("holds the cards of the filter that the caller may see", async () => {
    const { named, said } = await document(`${path}?status=all`, "bob");
    expect(named).toBe('attachment; filename="inbox.pdf"');
    expect(said).toContain("Initech");
    expect(said).toContain("Expired");
    expect(said).toContain(squeezed("All statuses"));
    expect(said).toContain(squeezed("Cards shown 1"));
    expect(said).not.toContain(squeezed("Globex Globex has"));
    const none = await document(`${path}?min_score=100&lang=uk`, "bob");
    expect(none.said).toContain(squeezed("Жодна картка не відповідає фільтру"));
  });

  it("is audited, and is for those alone who may export", async () => {
    const headers = { "X-Request-ID": "printing-all" };
    await api.as("bob", `${path}?status=all`, { headers });
    expect(await entriesOf("printing-all")).toMatchObject([
      {
        action: "VIEW",
        actor: "bob",
        entity: { kind: "inbox", id: "inbox" },
        after: { items: 1 },
        reason: "export",
      },
    ]);
    problemOf(await api.as("vera", path), 403);
    problemOf(await api.as("anna", `${path}?status=x`), 400);
  });

  it("ends with the 200th card, and says so", async () => {
    const more = Array.from({ length: 201 }, (_, n) =>
      create(at.inboxItem(acme, OpportunityId.parse(`more-${n}`)), {
        ...toInboxItem(mine.opportunity),
        audience: toAudience(["lea"], []),
        title: `Card #${n}.`,
        status: "approved",
        score: n / 3,
      }),
    );
    await api.write(more);
    const asked = `${path}?status=approved`;
    const { pages, said } = await document(asked, "lea");
    expect(said).toContain(squeezed("there are more"));
    const shown = [...said.matchAll(/Card#(\d+)\./g)].map(([, n]) => Number(n));
    expect(shown).toEqual(Array.from({ length: 200 }, (_, n) => 200 - n));
    for (const page of pages) expect(saidOn([page])).toContain("Opportunity");
  });
});
