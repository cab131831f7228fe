import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type {
  Activation,
  CrmName,
} from "../../functions/src/domain/activation.ts";
import { receiptOf } from "../../functions/src/domain/claims.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type { Unstamped } from "../../functions/src/domain/document.ts";
import { sha256 } from "../../functions/src/domain/hash.ts";
import { OpportunityId } from "../../functions/src/domain/ids.ts";
import { addMs, hourMs } from "../../functions/src/domain/instant.ts";
import { inboxItemOf } from "../../functions/src/domain/inbox.ts";
import { newMessage } from "../../functions/src/domain/message.ts";
import { contentHashOf } from "../../functions/src/domain/opportunity.ts";
import { messageIdOf } from "../../functions/src/domain/topics.ts";
import { create } from "../../functions/src/pipeline/ports.ts";
import {
  aCase,
  acme,
  bodyOf,
  globex,
  openApi,
  present,
  problemOf,
  sharedApi,
  type TestApi,
} from "../support/api.ts";
import { aUid } from "../support/builders.ts";

const api = await sharedApi();

/** A card of its own in the database. */
async function put(id: string, changes: Parameters<typeof aCase>[2] = {}) {
  const card = aCase(id, api.clock.now(), changes);
  await api.write(card.writes);
  return card;
}

const Decided = z.strictObject({
  id: z.string(),
  status: z.string(),
  version: z.int(),
  undoUntil: z.iso.datetime().optional(),
});

describe("the inbox", () => {
  const Page = z.object({
    items: z.array(
      z.object({ id: z.string(), score: z.number(), status: z.string() }),
    ),
    nextCursor: z.string().nullable(),
  });
  let lone: TestApi;
  beforeAll(async () => {
    lone = await openApi();
    const now = lone.clock.now();
    const { opportunity } = aCase("x", now);
    const line = inboxItemOf(opportunity);
    // Many share a score, so that only the id tells them apart.
    const writes = Array.from({ length: 57 }, (_, i) => {
      const mine = i % 3 !== 0;
      return create(at.inboxItem(acme, OpportunityId.parse(`card-${i}`)), {
        ...line,
        score: [90, 50, 50, 50, 10.5][i % 5] ?? 0,
        status: i % 10 === 9 ? "rejected" : "in_review",
        dueAt: addMs(now, i % 10 === 0 ? -hourMs : hourMs),
        audience: mine ? ["u:anna", "t:north"] : ["u:bob", "t:south"],
      });
    });
    await lone.write(writes);
  });
  afterAll(() => lone.close());

  async function walk(person: string, query: string) {
    const seen: z.infer<typeof Page>["items"] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 60; pages++) {
      const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const path = `/api/v1/inbox?${query}${next}`;
      const page = bodyOf(await lone.as(person, path), 200, Page);
      const most = Number(/limit=(\d+)/.exec(query)?.[1] ?? 50);
      expect(page.items.length).toBeLessThanOrEqual(most);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    return seen;
  }

  it.each([1, 4, 7, 50, 100])(
    "pages by %i through all cards by falling score, without a gap or a double",
    async (limit) => {
      const seen = await walk("ada", `status=all&limit=${limit}`);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(57);
      expect(seen).toHaveLength(57);
      const scores = seen.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    },
  );

  it("shows an account manager their own cards, a lead their team's, the others all", async () => {
    const ids = async (person: string) =>
      (await walk(person, "status=all")).map(({ id }) => id).sort();
    const all = await ids("vera");
    const mine = await ids("anna");
    expect(all).toHaveLength(57);
    expect(mine).toHaveLength(38);
    expect(await ids("lea")).toEqual(mine);
    expect(await ids("otto")).toEqual(all);
    expect(await ids("bob")).toEqual(all.filter((id) => !mine.includes(id)));
  });

  it("shows what is in review unless asked otherwise, from a score on", async () => {
    const review = await walk("anna", "limit=5");
    expect(new Set(review.map(({ status }) => status))).toEqual(
      new Set(["in_review"]),
    );
    const rejected = await walk("anna", "status=rejected");
    expect(review.length + rejected.length).toBe(38);
    const high = await walk("anna", "min_score=50&limit=5");
    expect(high).toEqual(review.filter(({ score }) => score >= 50));
    expect(await walk("anna", "min_score=10.5")).toEqual(review);
  });

  it("counts what the caller may see", async () => {
    const Stats = z.object({
      byStatus: z.record(z.string(), z.int()),
      total: z.int(),
      inReview: z.int(),
      overdue: z.int(),
    });
    const stats = async (person: string) =>
      bodyOf(await lone.as(person, "/api/v1/inbox/stats"), 200, Stats);
    expect(await stats("ada")).toMatchObject({
      total: 57,
      inReview: 52,
      overdue: 6,
      byStatus: { in_review: 52, rejected: 5, approved: 0, draft: 0 },
    });
    expect(await stats("anna")).toMatchObject({ total: 38, overdue: 4 });
  });
});

describe("a card", () => {
  it("is shown whole, with its moments as text, and nothing internal", async () => {
    const { path, opportunity } = await put("shown");
    const answer = await api.as("anna", path);
    const Shown = z.object({
      id: z.literal("shown"),
      version: z.literal(1),
      receivedAt: z.iso.datetime(),
      state: z.object({
        status: z.literal("in_review"),
        dueAt: z.iso.datetime(),
      }),
      card: z.object({
        score: z.object({
          total: z.number(),
          factors: z.array(z.unknown()).length(6),
        }),
      }),
    });
    const { card } = bodyOf(answer, 200, Shown);
    expect(card.score.total).toBe(opportunity.card.score.total);
    for (const internal of ["audience", "receipt", "schemaVersion"]) {
      expect(answer.text).not.toContain(internal);
    }
  });

  it("looks the same to whom it is not shown as one that does not exist", async () => {
    const { path } = await put("hidden");
    for (const rest of ["", "/evidence", "/history", "/activations"]) {
      const hidden = problemOf(await api.as("bob", `${path}${rest}`), 404);
      const missing = problemOf(
        await api.as("bob", `/api/v1/opportunities/none${rest}`),
        404,
      );
      expect(hidden.detail).toBe(missing.detail);
    }
  });
});

describe("a decision", () => {
  it("approves: bound to the version, audited, and carried out ten seconds later", async () => {
    const { path, id, ref } = await put("approved");
    const headers = { "X-Request-ID": "approval-1" };
    const answer = await api.as("anna", `${path}/approve`, {
      body: { version: 1 },
      headers,
    });
    const decided = bodyOf(answer, 200, Decided);
    const undoUntil = addMs(api.clock.now(), 10_000);
    expect(decided).toEqual({
      id,
      status: "approved",
      version: 2,
      undoUntil: undoUntil.toISOString(),
    });
    const { data } = present(await api.deps.store.read(ref));
    expect(data.state).toMatchObject({ by: "anna", version: 2 });
    const messageId = messageIdOf("opportunity-approved", {
      accountId: globex,
      opportunityId: id,
      version: 2,
    });
    const message = present(
      await api.deps.store.read(at.message(acme, messageId)),
    );
    expect(message.data).toMatchObject({
      traceId: "approval-1",
      runAt: undoUntil,
    });
    expect(api.rings.map((ring) => ring.messageId)).toContain(messageId);
    const entries = (await api.audit()).filter(
      (e) => e.traceId === "approval-1",
    );
    expect(entries).toMatchObject([
      { action: "APPROVE", actor: "anna", entity: { kind: "opportunity", id } },
    ]);
  });

  it("refuses a second approval, and one of another version, with how the card stands", async () => {
    const { path } = await put("twice");
    const approve = (person: string, version: number) =>
      api.as(person, `${path}/approve`, { body: { version } });
    const early = problemOf(await approve("anna", 2), 409);
    expect(early.current).toEqual({ version: 1, status: "in_review" });
    expect((await approve("anna", 1)).status).toBe(200);
    for (const version of [1, 2]) {
      const again = problemOf(await approve("anna", version), 409);
      expect(again.current).toEqual({ version: 2, status: "approved" });
    }
  });

  it("is one of many made at once", async () => {
    const { path, ref } = await put("rush");
    const people = ["anna", "lea", "ada"];
    const answers = await Promise.all(
      people.flatMap((person) => [
        api.as(person, `${path}/approve`, { body: { version: 1 } }),
        api.as(person, `${path}/reject`, {
          body: { version: 1, reason: "old_news" },
        }),
      ]),
    );
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    expect(present(await api.deps.store.read(ref)).data.version).toBe(2);
  });

  it("goes through when something else of the card was written in between, and only its version counts", async () => {
    const { path, ref } = await put("busy");
    let disturb = 2;
    const busy = await openApi({
      store: {
        ...api.deps.store,
        commit: async (writes, now) => {
          if (
            writes.some((write) => write.kind === "update") &&
            disturb-- > 0
          ) {
            await api.database.db
              .doc(ref.path)
              .update({ updatedAt: new Date() });
          }
          return api.deps.store.commit(writes, now);
        },
      },
    });
    const body = { version: 1 };
    expect((await busy.as("anna", `${path}/approve`, { body })).status).toBe(
      200,
    );
    disturb = 99;
    const withdraw = await busy.as("anna", `${path}/withdraw`, {
      body: { version: 2 },
    });
    expect(problemOf(withdraw, 409).current).toEqual({
      version: 2,
      status: "approved",
    });
    await busy.close();
  });

  it("withdraws an approval within its ten seconds, into a review as long as the tenant's", async () => {
    const { path, ref } = await put("withdrawn");
    await api.as("anna", `${path}/approve`, { body: { version: 1 } });
    const back = await api.as("anna", `${path}/withdraw`, {
      body: { version: 2 },
    });
    expect(bodyOf(back, 200, Decided)).toMatchObject({
      status: "in_review",
      version: 3,
    });
    const { state } = present(await api.deps.store.read(ref)).data;
    expect(state).toMatchObject({ dueAt: addMs(api.clock.now(), 24 * hourMs) });
    await api.as("anna", `${path}/approve`, { body: { version: 3 } });
    api.clock.advance(10_001);
    const late = await api.as("anna", `${path}/withdraw`, {
      body: { version: 4 },
    });
    expect(problemOf(late, 409).current).toEqual({
      version: 4,
      status: "approved",
    });
  });

  it("rejects with a reason, which must be one of the list", async () => {
    const { path } = await put("rejected");
    const reject = (body: object) => api.as("anna", `${path}/reject`, { body });
    const none = problemOf(await reject({ version: 1 }), 400);
    expect(none.errors?.map(({ field }) => field)).toEqual(["reason"]);
    problemOf(await reject({ version: 1, reason: "because" }), 400);
    const note = "Ask pat.doe@globex.example";
    const done = await reject({ version: 1, reason: "old_news", note });
    expect(bodyOf(done, 200, Decided).status).toBe("rejected");
    const entry = (await api.audit()).find(
      ({ entity }) => entity.id === "rejected",
    );
    expect(entry).toMatchObject({
      action: "REJECT",
      reason: "old_news: Ask [email]",
    });
  });

  it("sends a card back with a note, redacted, for a new draft", async () => {
    const { path, id, ref, opportunity } = await put("refined");
    const note = "Shorter, and call +1 650 253 0000 first.";
    const done = await api.as("anna", `${path}/refine`, {
      body: { version: 1, note },
    });
    expect(bodyOf(done, 200, Decided)).toMatchObject({
      status: "draft",
      version: 2,
    });
    const { state } = present(await api.deps.store.read(ref)).data;
    expect(state).toMatchObject({ note: "Shorter, and call [phone] first." });
    const { playbookId, clusterId, signalIds } = opportunity;
    const messageId = messageIdOf("signal-qualified", {
      accountId: globex,
      opportunityId: id,
      playbookId,
      clusterId,
      signalIds: [...signalIds],
      refined: { version: 2 },
    });
    expect(
      await api.deps.store.read(at.message(acme, messageId)),
    ).not.toBeNull();
  });

  it("stands in the history, the newest first, page by page", async () => {
    const { path } = await put("storied");
    for (let version = 1; version <= 6; version += 2) {
      await api.as("anna", `${path}/approve`, { body: { version } });
      await api.as("lea", `${path}/withdraw`, {
        body: { version: version + 1 },
      });
    }
    const Page = z.object({
      items: z.array(
        z.object({ id: z.string(), by: z.string(), version: z.int() }),
      ),
      nextCursor: z.string().nullable(),
    });
    const seen: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = bodyOf(
        await api.as("vera", `${path}/history?limit=4${next}`),
        200,
        Page,
      );
      seen.push(...page.items.map(({ version }) => version));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2]);
  });
});

describe("evidence", () => {
  const List = z.object({
    items: z.array(
      z.object({
        verified: z.boolean(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        source: z
          .object({ quote: z.string(), publishedAt: z.string() })
          .nullable(),
      }),
    ),
  });
  const read = async (path: string, requestId = "reading") =>
    bodyOf(
      await api.as("vera", `${path}/evidence`, {
        headers: { "X-Request-ID": requestId },
      }),
      200,
      List,
    ).items;

  it("is shown with its surroundings, checked anew, and each reading is audited", async () => {
    const { path, quote } = await put("proven");
    const [item] = await read(path, "reading-1");
    expect(item).toMatchObject({ verified: true, source: { quote } });
    expect(item?.before).toHaveLength(200);
    expect(item?.after).toMatch(/^ on March 3, 2026\./);
    await read(path, "reading-2");
    const readings = (await api.audit()).filter((e) =>
      e.traceId.startsWith("reading-"),
    );
    expect(readings).toHaveLength(2);
    expect(readings[0]).toMatchObject({
      action: "VIEW",
      actor: "vera",
      entity: { kind: "evidence", id: "proven" },
    });
  });

  it("is not shown where its reading cannot be audited", async () => {
    const { path } = await put("unaudited");
    const lone = await openApi({
      store: {
        ...api.deps.store,
        commit: () => Promise.reject(new Error("full")),
      },
    });
    const answer = await lone.as("vera", `${path}/evidence`);
    problemOf(answer, 500);
    expect(answer.text).not.toContain("Pat Doe");
    await lone.close();
  });

  it("counts as unverified once its snapshot is altered, torn or gone", async () => {
    const { path, snapshot } = await put("altered");
    const document = api.database.db.doc(snapshot.path);
    expect((await read(path))[0]?.verified).toBe(true);
    const forged = "Globex appointed nobody at all, as far as anybody knows.";
    await document.update({ gzip: gzipSync(forged.repeat(20)) });
    expect(await read(path)).toMatchObject([{ verified: false, before: null }]);
    await document.update({ gzip: Buffer.from("this is not gzip") });
    expect((await read(path))[0]?.verified).toBe(false);
    await document.delete();
    expect((await read(path))[0]?.verified).toBe(false);
  });

  it("counts as unverified once the quote is altered, or moved", async () => {
    const { path, ref } = await put("misquoted");
    const document = api.database.db.doc(`${ref.path}/evidence/quotes`);
    await document.update({ "quotes.e1.quote": "Globex appointed Eve" });
    expect(await read(path)).toMatchObject([{ verified: false, source: null }]);
    const moved = aCase("misquoted", api.clock.now()).opportunity.card
      .evidence[0];
    await document.update({
      "quotes.e1.quote": aCase("misquoted", api.clock.now()).quote,
      "quotes.e1.start": (moved?.start ?? 0) + 1,
      "quotes.e1.end": (moved?.end ?? 0) + 1,
    });
    expect((await read(path))[0]?.verified).toBe(false);
  });

  it("counts as unverified where card and evidence were altered alike, but the archive was not", async () => {
    const { path, ref, quote, opportunity } = await put("conspired");
    const forged = quote.replace("Pat Doe", "Eve Roe");
    const refs = opportunity.card.evidence.map((evidence) => {
      return { ...evidence, quoteHash: sha256(forged) };
    });
    await api.database.db.doc(ref.path).update({
      "card.evidence": refs,
      "card.receipt": receiptOf(opportunity.card.claims, refs),
    });
    const document = api.database.db.doc(`${ref.path}/evidence/quotes`);
    await document.update({
      "quotes.e1.quote": forged,
      "quotes.e1.quoteHash": sha256(forged),
    });
    expect((await read(path))[0]).toMatchObject({
      verified: false,
      source: { quote: forged },
    });
  });
});

describe("an activation that failed", () => {
  async function failed(id: string) {
    const now = api.clock.now();
    const base = aCase(id, now);
    const contentHash = contentHashOf(base.opportunity.card);
    const approval = { by: aUid("anna"), at: now, version: 2, contentHash };
    const card = aCase(id, now, {
      opportunity: {
        version: 2,
        state: {
          status: "partially_activated",
          ...approval,
          settledAt: now,
        },
      },
    });
    const activation = (
      crm: CrmName,
      changes: Partial<Unstamped<Activation>>,
    ) =>
      create(at.activation(acme, card.id, crm), {
        opportunityId: card.id,
        accountId: globex,
        audience: card.opportunity.audience,
        provenance: "live",
        crm,
        approvedVersion: 2,
        contentHash,
        state: "done",
        externalId: `clientpulse-${id}-v2`,
        recordId: "00T1",
        link: "https://crm.example/00T1",
        error: null,
        inverse: { operation: "delete", recordId: "00T1" },
        revision: 2,
        ...changes,
      });
    const payload = {
      accountId: globex,
      opportunityId: card.id,
      version: 2,
      crm: "hubspot",
    } as const;
    const origin = { traceId: "t", runId: null, causedBy: null };
    const message = newMessage({ topic: "crm-write", payload }, origin, now);
    const error = { code: "vendor-auth", message: "The token was refused." };
    await api.write([
      ...card.writes,
      activation("salesforce", {}),
      activation("hubspot", {
        state: "failed",
        error,
        recordId: null,
        link: null,
        inverse: null,
      }),
      create(at.message(acme, message.id), {
        ...message.data,
        state: "parked",
        starts: 5,
        attempts: 5,
        error: { ...error, at: now },
      }),
    ]);
    return { ...card, messageId: message.id };
  }

  it("is listed per CRM, with its error, and without how to undo it", async () => {
    const { path } = await failed("half");
    const List = z.object({
      items: z.array(
        z.object({
          crm: z.string(),
          state: z.string(),
          link: z.string().nullable(),
          error: z.object({ message: z.string() }).nullable(),
        }),
      ),
    });
    const answer = await api.as("anna", `${path}/activations`);
    expect(bodyOf(answer, 200, List).items).toMatchObject([
      { crm: "salesforce", state: "done", link: "https://crm.example/00T1" },
      {
        crm: "hubspot",
        state: "failed",
        error: { message: "The token was refused." },
      },
    ]);
    expect(answer.text).not.toContain("inverse");
  });

  it("is tried again once, and rung for", async () => {
    const { path, messageId } = await failed("again");
    api.rings.length = 0;
    const retry = () =>
      api.as("otto", `${path}/retry-activation`, { method: "POST" });
    expect(bodyOf(await retry(), 200, Decided).status).toBe("activating");
    expect(api.rings).toMatchObject([
      { messageId, starts: 0, topic: "crm-write" },
    ]);
    const message = present(
      await api.deps.store.read(at.message(acme, messageId)),
    );
    expect(message.data).toMatchObject({
      state: "open",
      starts: 0,
      error: null,
    });
    const again = problemOf(await retry(), 409);
    expect(again.current).toEqual({ version: 2, status: "activating" });
  });
});
