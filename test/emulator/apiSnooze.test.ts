import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import {
  addMs,
  dayMs,
  hourMs,
} from "../../functions/src/domain/kernel/instant.ts";
import { toMessageId } from "../../functions/src/domain/messages/topics.ts";
import {
  aCase,
  acme,
  bodyOf,
  globex,
  present,
  problemOf,
  sharedApi,
} from "../support/api.ts";

const api = await sharedApi();

/** A card of its own in the database. */
async function put(id: string) {
  const card = aCase(id, api.clock.now());
  await api.write(card.writes);
  return card;
}
type Put = Awaited<ReturnType<typeof put>>;

const Decided = z.strictObject({
  id: z.string(),
  status: z.string(),
  version: z.int(),
});
const inDays = (days: number) => addMs(api.clock.now(), days * dayMs);

const ask = ({ path }: Put, verb: string, body: object, person = "anna") =>
  api.as(person, `${path}/${verb}`, { body });
const snooze = (card: Put, version: number, more: object = {}) =>
  ask(card, "snooze", { version, until: inDays(7).toISOString(), ...more });
const lineOf = async ({ id }: Put) =>
  present(await api.deps.store.read(at.inboxItem(acme, id))).data;
const messageOf = async (
  topic: "snooze-end" | "review-deadline",
  { id: opportunityId }: Put,
  version: number,
) => {
  const payload = { accountId: globex, opportunityId, version };
  const ref = at.message(acme, toMessageId(topic, payload));
  return present(await api.deps.store.read(ref)).data;
};

describe("a card that is snoozed", () => {
  it("is put aside until the moment, says so in the inbox, and is audited with the reason, redacted", async () => {
    const card = await put("aside");
    const reason = "Ask pat.doe@globex.example in January.";
    const answer = await snooze(card, 1, { reason });
    expect(bodyOf(answer, 200, Decided)).toEqual({
      id: "aside",
      status: "snoozed",
      version: 2,
    });
    const until = inDays(7);
    const kept = "Ask [email] in January.";
    const { data } = present(await api.deps.store.read(card.ref));
    expect(data.state).toMatchObject({ by: "anna", until, reason: kept });
    expect(await lineOf(card)).toMatchObject({
      status: "snoozed",
      snoozedUntil: until,
      dueAt: null,
    });
    expect((await messageOf("snooze-end", card, 2)).runAt).toEqual(until);
    const entry = (await api.audit()).find((e) => e.entity.id === "aside");
    expect(entry).toMatchObject({ action: "UPDATE", reason: kept });
    const List = z.object({
      items: z.array(
        z.object({ id: z.string(), snoozedUntil: z.iso.datetime().nullable() }),
      ),
    });
    const inbox = await api.as("anna", "/api/v1/inbox?status=snoozed");
    expect(bodyOf(inbox, 200, List).items).toContainEqual({
      id: "aside",
      snoozedUntil: until.toISOString(),
    });
  });

  it("sleeps for 180 days at most, from now on, and needs no reason", async () => {
    const card = await put("long");
    const untils = [
      inDays(-1),
      api.clock.now(),
      addMs(inDays(180), 1),
      "tomorrow",
      "",
    ];
    for (const until of untils) {
      const { errors } = problemOf(await snooze(card, 1, { until }), 400);
      expect(errors?.map(({ field }) => field)).toEqual(["until"]);
    }
    const reason = "x".repeat(501);
    const { errors } = problemOf(await snooze(card, 1, { reason }), 400);
    expect(errors?.map(({ field }) => field)).toEqual(["reason"]);
    expect((await api.deps.store.read(card.ref))?.data.version).toBe(1);
    expect((await snooze(card, 1, { until: inDays(180) })).status).toBe(200);
  });

  it("is woken by a person at once, into a review of the tenant's hours", async () => {
    const card = await put("woken");
    await snooze(card, 1);
    api.clock.advance(hourMs);
    const woken = await ask(card, "wake", { version: 2 });
    expect(bodyOf(woken, 200, Decided)).toMatchObject({
      status: "in_review",
      version: 3,
    });
    const dueAt = addMs(api.clock.now(), 24 * hourMs);
    expect(await lineOf(card)).toMatchObject({ dueAt, snoozedUntil: null });
    expect((await messageOf("review-deadline", card, 3)).runAt).toEqual(dueAt);
    const again = problemOf(await ask(card, "wake", { version: 3 }), 409);
    expect(again.current).toEqual({ version: 3, status: "in_review" });
  });

  it("can be rejected as it lies, and not be approved", async () => {
    const card = await put("lying");
    await snooze(card, 1);
    const approve = await ask(card, "approve", { version: 2 });
    expect(problemOf(approve, 409).detail).toBe(
      "A card that is snoozed cannot be approved.",
    );
    const rejected = { version: 2, reason: "old_news" };
    expect((await ask(card, "reject", rejected)).status).toBe(200);
  });
});

describe("a rejection that is taken back", () => {
  it("puts the card into review again, with a deadline of its own, and is audited", async () => {
    const card = await put("undone");
    await ask(card, "reject", { version: 1, reason: "duplicate" });
    api.clock.advance(hourMs);
    const reopened = await ask(card, "reopen", { version: 2 }, "lea");
    expect(bodyOf(reopened, 200, Decided)).toEqual({
      id: "undone",
      status: "in_review",
      version: 3,
    });
    const dueAt = addMs(api.clock.now(), 24 * hourMs);
    expect(await lineOf(card)).toMatchObject({ status: "in_review", dueAt });
    expect((await messageOf("review-deadline", card, 3)).runAt).toEqual(dueAt);
    const entries = (await api.audit()).filter((e) => e.entity.id === "undone");
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: "UPDATE",
        actor: "lea",
        reason: "rejection taken back",
        before: { status: "rejected", version: 2 },
      }),
    );
    expect((await ask(card, "approve", { version: 3 })).status).toBe(200);
  });

  it("is refused where nothing is rejected", async () => {
    const card = await put("standing");
    const problem = problemOf(await ask(card, "reopen", { version: 1 }), 409);
    expect(problem.detail).toBe("A card that is in review cannot be reopened.");
  });
});

describe.each(["snooze", "wake", "reopen"])("%s", (verb) => {
  const body = (version: number) => ({
    version,
    ...(verb === "snooze" && { until: inDays(1).toISOString() }),
  });

  it("is for those who may reject: nobody else's, and no stranger's", async () => {
    const card = await put(`guarded-${verb}`);
    for (const person of ["vera", "otto"])
      problemOf(await ask(card, verb, body(1), person), 403);
    problemOf(await ask(card, verb, body(1), "bob"), 404);
    expect((await api.deps.store.read(card.ref))?.data.version).toBe(1);
  });

  it("is refused on another version than was looked at, with how the card stands", async () => {
    const card = await put(`stale-${verb}`);
    const stale = problemOf(await ask(card, verb, body(2)), 409);
    expect(stale.current).toEqual({ version: 1, status: "in_review" });
    const { errors } = problemOf(await ask(card, verb, body(0)), 400);
    expect(errors?.map(({ field }) => field)).toEqual(["version"]);
  });
});
