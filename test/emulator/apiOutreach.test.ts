import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import { hashCard } from "../../functions/src/domain/cards/opportunity.ts";
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

/** A card of its own in the database, with a draft of an e-mail and one of a call. */
async function put(id: string) {
  const { opportunity } = aCase(id, api.clock.now());
  const call = { channel: "call" as const, subject: "", body: "Ask for Pat." };
  const { outreach } = opportunity.card;
  const card = { ...opportunity.card, outreach: [...outreach, call] };
  const made = aCase(id, api.clock.now(), { opportunity: { card } });
  await api.write(made.writes);
  return { ...made, card };
}
type Put = Awaited<ReturnType<typeof put>>;

const wording = { version: 1, index: 1, subject: "Pat", body: "Call Pat." };
const edit = ({ path }: Put, changes: object = {}, person = "anna") =>
  api.as(person, `${path}/outreach`, {
    method: "PATCH",
    body: { ...wording, ...changes },
  });
const cardOf = async ({ ref }: Put) =>
  present(await api.deps.store.read(ref)).data;
const Decided = z.strictObject({
  id: z.string(),
  status: z.string(),
  version: z.int(),
});
const History = z.object({
  items: z.array(
    z.object({ id: z.string(), what: z.string(), note: z.string().nullable() }),
  ),
});

describe("a draft that is reworded", () => {
  it("makes a new version of the card, redacted, whose claims, evidence and receipt stay", async () => {
    const card = await put("worded");
    const before = await cardOf(card);
    const body = "Write to pat.doe@globex.example, or call +1 650 253 0000.";
    const answer = await edit(card, { index: 0, subject: " News ", body });
    expect(bodyOf(answer, 200, Decided)).toEqual({
      id: "worded",
      status: "in_review",
      version: 2,
    });
    const after = await cardOf(card);
    const [, call] = before.card.outreach;
    expect(after.card).toEqual({
      ...before.card,
      outreach: [
        {
          channel: "email",
          subject: "News",
          body: "Write to [email], or call [phone].",
        },
        call,
      ],
    });
    expect(after.card.receipt).toBe(before.card.receipt);
    const history = await api.as("vera", `${card.path}/history`);
    expect(bodyOf(history, 200, History).items).toEqual([
      {
        id: "v2_outreach_edited",
        what: "outreach edited",
        note: "draft 1: News",
      },
    ]);
    const entries = (await api.audit()).filter((e) => e.entity.id === "worded");
    expect(entries).toMatchObject([{ action: "UPDATE", actor: "anna" }]);
    const line = await api.deps.store.read(at.inboxItem(acme, card.id));
    expect(line?.data.version).toBe(2);
  });

  it("keeps the deadline of its review, which passes on the new version", async () => {
    const card = await put("timed");
    const { state } = await cardOf(card);
    api.clock.advance(hourMs);
    await edit(card);
    expect((await cardOf(card)).state).toEqual(state);
    const payload = { accountId: globex, opportunityId: card.id, version: 2 };
    const deadline = present(
      await api.deps.store.read(
        at.message(acme, toMessageId("review-deadline", payload)),
      ),
    );
    const dueAt = addMs(api.clock.now(), 23 * hourMs);
    expect(deadline.data.runAt).toEqual(dueAt);
  });

  it("is what an approval is bound to", async () => {
    const card = await put("bound");
    await edit(card);
    const approve = (version: number) =>
      api.as("anna", `${card.path}/approve`, { body: { version } });
    const stale = problemOf(await approve(1), 409);
    expect(stale.current).toEqual({ version: 2, status: "in_review" });
    expect((await approve(2)).status).toBe(200);
    const { state, card: worded } = await cardOf(card);
    expect(state).toMatchObject({ contentHash: hashCard(worded) });
    const late = problemOf(await edit(card, { version: 3 }), 409);
    expect(late.detail).toBe("A card that is approved cannot be edited.");
  });

  it("is refused by its field where it does not fit, and on another version than was looked at", async () => {
    const card = await put("odd");
    const fieldsOf = async (changes: object) =>
      problemOf(await edit(card, changes), 400).errors?.map((e) => e.field);
    for (const index of [2, -1, 0.5])
      expect(await fieldsOf({ index })).toEqual(["index"]);
    expect(await fieldsOf({ subject: "x".repeat(301) })).toEqual(["subject"]);
    for (const body of ["", " ", "x".repeat(10_001)])
      expect(await fieldsOf({ body })).toEqual(["body"]);
    const stale = problemOf(await edit(card, { version: 2, index: 9 }), 409);
    expect(stale.current).toEqual({ version: 1, status: "in_review" });
    expect((await cardOf(card)).version).toBe(1);
  });

  it("is for those who may word what goes out, on their own cards", async () => {
    const card = await put("guarded");
    for (const person of ["vera", "otto"])
      problemOf(await edit(card, {}, person), 403);
    problemOf(await edit(card, {}, "bob"), 404);
    expect((await edit(card, {}, "lea")).status).toBe(200);
  });
});
