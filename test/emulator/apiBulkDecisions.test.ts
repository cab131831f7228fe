import { describe, expect, it } from "vitest";
import { addMs, dayMs } from "../../functions/src/domain/kernel/instant.ts";
import type { Store } from "../../functions/src/ports/store.ts";
import {
  aCase,
  bodyOf,
  present,
  problemOf,
  sharedApi,
} from "../support/api.ts";
import {
  approve,
  decideOnMany,
  putCards,
  Results,
} from "../support/bulkDecisions.ts";

const api = await sharedApi();

describe("decisions on many cards", () => {
  it("are each carried out as it would be alone, and answered in their order", async () => {
    await putCards(api, ["b1", "b2", "b3", "b4", "b5", "b6", "b7"]);
    const until = addMs(api.clock.now(), dayMs).toISOString();
    const of = (id: string, decision: string, more: object = {}) => {
      return { id, version: 1, decision, ...more };
    };
    const first = await decideOnMany(api, [
      of("b1", "approve"),
      of("b2", "reject", { reason: "duplicate", note: "See +1 650 253 0000" }),
      of("b3", "snooze", { until, reason: "later" }),
      of("b4", "reject", { reason: "old_news" }),
      of("b5", "snooze", { until }),
      of("b6", "approve"),
      of("b7", "wake"),
    ]);
    const undoUntil = addMs(api.clock.now(), 10_000).toISOString();
    const stands = (id: string, status: string, version = 2) => {
      return { ok: true, id, status, version };
    };
    expect(bodyOf(first, 200, Results).results).toEqual([
      { ...stands("b1", "approved"), undoUntil },
      stands("b2", "rejected"),
      stands("b3", "snoozed"),
      stands("b4", "rejected"),
      stands("b5", "snoozed"),
      { ...stands("b6", "approved"), undoUntil },
      {
        ok: false,
        id: "b7",
        status: 409,
        problem: {
          title: "This has changed in the meantime",
          detail: "A card that is in review cannot be woken.",
          current: { version: 1, status: "in_review" },
        },
      },
    ]);
    const again = (id: string, decision: string) => {
      return { id, version: 2, decision };
    };
    const second = await decideOnMany(api, [
      again("b1", "withdraw"),
      again("b4", "reopen"),
      again("b5", "wake"),
    ]);
    expect(bodyOf(second, 200, Results).results).toEqual([
      stands("b1", "in_review", 3),
      stands("b4", "in_review", 3),
      stands("b5", "in_review", 3),
    ]);
    const entries = (await api.audit()).filter((e) => e.entity.id === "b2");
    expect(entries).toMatchObject([
      { action: "REJECT", actor: "anna", reason: "duplicate: See [phone]" },
    ]);
  });

  it("leave what one card refuses to that card", async () => {
    const [, , broken] = await putCards(api, ["c1", "c2", "c3", "c5"]);
    await api.write(
      aCase("c4", api.clock.now(), {
        opportunity: { audience: ["u:bob"] },
      }).writes,
    );
    await api.database.db
      .doc(broken?.ref.path ?? "")
      .update({ "card.receipt": "x" });
    const until = addMs(api.clock.now(), 181 * dayMs).toISOString();
    const answer = await decideOnMany(api, [
      approve("c1", 9),
      approve("none"),
      approve("c4"),
      { ...approve("c2"), decision: "snooze", until },
      approve("c3"),
      approve("c5"),
    ]);
    const { results } = bodyOf(answer, 200, Results);
    expect(results.map(({ status }) => status)).toEqual([
      409,
      404,
      404,
      400,
      500,
      "approved",
    ]);
    // The document that cannot be read is named to whoever has to mend it, and no other is held up by it.
    expect(results[4]).toMatchObject({
      problem: { title: "A stored document cannot be read" },
    });
    expect(results[0]).toMatchObject({
      problem: { current: { version: 1, status: "in_review" } },
    });
  });

  it("are of one to fifty cards, each named once, and complete", async () => {
    await putCards(api, ["d1"]);
    const fieldsOf = async (decisions: readonly object[]) => {
      const { errors } = problemOf(await decideOnMany(api, decisions), 400);
      return errors?.map(({ field }) => field);
    };
    expect(await fieldsOf([])).toEqual(["decisions"]);
    const many = Array.from({ length: 51 }, (_, i) => approve(`d${i}`));
    expect(await fieldsOf(many)).toEqual(["decisions"]);
    expect(await fieldsOf([approve("d1"), approve("d1", 2)])).toEqual([
      "decisions",
    ]);
    const odd = [approve("d1"), { ...approve("x"), decision: "delete" }];
    expect(await fieldsOf(odd)).toEqual(["decisions.1.decision"]);
    const bare = { ...approve("d1"), decision: "reject" };
    expect(await fieldsOf([bare])).toEqual(["decisions.0.reason"]);
    const { data } = present(
      await api.deps.store.read(aCase("d1", api.clock.now()).ref),
    );
    expect(data.version).toBe(1);
  });

  it("are for those whose role may decide on many, and on their own cards alone", async () => {
    await putCards(api, ["e1"]);
    for (const person of ["vera", "otto"])
      problemOf(await decideOnMany(api, [approve("e1")], { person }), 403);
    const alien = await decideOnMany(api, [approve("e1")], { person: "bob" });
    expect(bodyOf(alien, 200, Results).results).toMatchObject([
      { ok: false, status: 404 },
    ]);
  });

  it("are carried out on five cards at a time, and no more", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `f${i}`);
    await putCards(api, names);
    let [now, most] = [0, 0];
    const { store } = api.deps;
    const counting: Store = {
      ...store,
      commit: async (writes, at) => {
        most = Math.max(most, ++now);
        return store.commit(writes, at).finally(() => now--);
      },
    };
    const by = api.another({ store: counting });
    const answer = await decideOnMany(
      by,
      names.map((name) => approve(name)),
    );
    const { results } = bodyOf(answer, 200, Results);
    expect(results.map(({ id, ok }) => [id, ok])).toEqual(
      names.map((name) => [name, true]),
    );
    expect(most).toBe(5);
  });
});
