import { describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import { addMs, secondMs } from "../../functions/src/domain/kernel/instant.ts";
import {
  acme,
  bodyOf,
  openApi,
  problemOf,
  type TestApi,
} from "../support/api.ts";
import { aUid } from "../support/builders.ts";
import { all } from "../support/stories.ts";
import {
  approve,
  decideOnMany,
  putCards,
  Results,
} from "../support/bulkDecisions.ts";

describe("decisions on many cards that come again with their key", () => {
  const names = Array.from({ length: 7 }, (_, i) => `g${i}`);
  /** The third has moved on already. */
  const decisions = names.map((name, i) => approve(name, i === 2 ? 4 : 1));

  /** An instance whose commits fail from the one that this card is in. */
  const failingAt = (to: TestApi, name: string) => {
    const { store } = to.deps;
    return to.another({
      store: {
        ...store,
        commit: async (writes, now) => {
          const hit = writes.some(({ ref }) =>
            ref.path.endsWith(`/opportunities/${name}`),
          );
          if (hit) throw new Error("This process is dead.");
          return store.commit(writes, now);
        },
      },
    });
  };

  it("get their first answer, and do nothing more", async () => {
    const lone = await openApi();
    await putCards(lone, names);
    const by = lone;
    const first = await decideOnMany(by, decisions, { key: "k" });
    expect(bodyOf(first, 200, Results).results[2]).toMatchObject({
      status: 409,
    });
    lone.clock.advance(secondMs);
    const again = await decideOnMany(by, decisions, { key: "k" });
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await lone.audit()).toHaveLength(6);
    const other = await decideOnMany(by, decisions.slice(1), { key: "k" });
    problemOf(other, 422);
    await lone.close();
  });

  it("go on where the first run died, and answer for what it had done as it would have", async () => {
    const lone = await openApi();
    await putCards(lone, names);
    const { store } = lone.deps;
    let left = 3;
    // The first five are begun together; of them three are done, then the database is gone.
    const dying = lone.another({
      store: {
        ...store,
        commit: async (writes, now) => {
          const isEffect = writes.some(({ ref }) =>
            ref.path.includes("/opportunities/"),
          );
          if (isEffect && left-- <= 0)
            return new Promise<never>(() => undefined);
          return store.commit(writes, now);
        },
      },
    });
    void decideOnMany(dying, decisions, { key: "k" });
    await expect.poll(() => lone.audit()).toHaveLength(3);

    lone.clock.advance(80 * secondMs);
    const second = await decideOnMany(lone, decisions, { key: "k" });
    const { results } = bodyOf(second, 200, Results);
    expect(results.map(({ status }) => status)).toEqual(
      names.map((_, i) => (i === 2 ? 409 : "approved")),
    );
    // Three were approved by the run that died: they answer with its moment, not with this one's.
    const undos = results.flatMap((r) => (r.ok ? [r.undoUntil] : []));
    const mine = addMs(lone.clock.now(), 10_000).toISOString();
    expect(undos.filter((moment) => moment === mine)).toHaveLength(3);
    expect(await lone.audit()).toHaveLength(6);
    const waiting = await all(lone, at.messages(acme));
    expect(waiting).toHaveLength(6);
    const third = await decideOnMany(lone, decisions, { key: "k" });
    expect(third.text).toBe(second.text);
    await lone.close();
  });

  it("have one effect each where a run that was thought dead goes on beside them", async () => {
    const lone = await openApi();
    await putCards(lone, names);
    const { store } = lone.deps;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let stalled = 0;
    const slow = lone.another({
      store: {
        ...store,
        commit: async (writes, now) => {
          if (writes.some(({ ref }) => ref.path.includes("/opportunities/"))) {
            stalled++;
            await held;
          }
          return store.commit(writes, now);
        },
      },
    });
    const first = decideOnMany(slow, decisions, { key: "k" });
    await expect.poll(() => stalled).toBe(4);
    lone.clock.advance(80 * secondMs);
    const second = await decideOnMany(lone, decisions, { key: "k" });
    release();
    expect((await first).json).toEqual(second.json);
    expect(await lone.audit()).toHaveLength(6);
    await lone.close();
  });

  it("are answered with 503 where the database is away, which is no answer to keep", async () => {
    const lone = await openApi();
    await putCards(lone, names);
    const { store } = lone.deps;
    const away = lone.another({
      store: {
        ...store,
        commit: async (writes, now) => {
          if (writes.some(({ ref }) => ref.path.endsWith("/g5")))
            throw new RetryableError("store-busy", "away");
          return store.commit(writes, now);
        },
      },
    });
    problemOf(await decideOnMany(away, decisions, { key: "k" }), 503);
    const again = await decideOnMany(lone, decisions, { key: "k" });
    const { results } = bodyOf(again, 200, Results);
    expect(results.filter(({ ok }) => ok)).toHaveLength(6);
    expect(await lone.audit()).toHaveLength(6);
    await lone.close();
  });

  it("of another person, or another key, are other decisions", async () => {
    const lone = await openApi();
    await putCards(lone, names);
    await decideOnMany(lone, decisions, { key: "k" });
    for (const asking of [
      { person: "lea", key: "k" },
      { person: "anna", key: "k2" },
    ]) {
      const answer = await decideOnMany(lone, decisions, { ...asking });
      const { results } = bodyOf(answer, 200, Results);
      expect(results.every(({ status }) => status === 409)).toBe(true);
    }
    expect(
      (await lone.audit()).every(({ actor }) => actor === aUid("anna")),
    ).toBe(true);
    await lone.close();
  });

  it("answer as broken what breaks in one card, and go on with the others", async () => {
    const lone = await openApi();
    await putCards(lone, names);
    const by = failingAt(lone, "g1");
    const { results } = bodyOf(await decideOnMany(by, decisions), 200, Results);
    expect(results.map(({ status }) => status)).toEqual(
      names.map((_, i) => ["approved", 500, 409][i] ?? "approved"),
    );
    await lone.close();
  });
});
