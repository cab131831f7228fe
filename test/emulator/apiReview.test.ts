import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import { toMessageId } from "../../functions/src/domain/messages/topics.ts";
import {
  aCase,
  acme,
  bodyOf,
  globex,
  openApi,
  present,
  problemOf,
  sharedApi,
} from "../support/api.ts";

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
    const messageId = toMessageId("opportunity-approved", {
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
    const messageId = toMessageId("signal-qualified", {
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
