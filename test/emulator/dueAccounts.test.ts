import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import {
  addMs,
  dayMs,
  hourMs,
  minuteMs,
} from "../../functions/src/domain/kernel/instant.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { create, update, type Write } from "../../functions/src/ports/store.ts";
import { sweep } from "../../functions/src/delivery/sweep.ts";
import { tick } from "../../functions/src/delivery/tick.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { all } from "../support/stories.ts";
import {
  type Crms,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accounts = Array.from({ length: 25 }, (_, n) =>
  anAccountId(`globex-${n}`),
);

describe("the clock", () => {
  let crms: Crms;
  let world: World;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterEach(() => world.close());
  afterAll(() => crms.close());

  it("looks once at each account that is due, though two ticks overlap", async () => {
    await begin();
    const dueAt = world.clock.now();
    world.clock.advance(17_000);
    await Promise.all([tick(world.deps), tick(world.deps)]);

    expect(await looks()).toEqual(
      accounts.map((id) => `${id}_${dueAt.getTime()}`).sort(),
    );
    expect(await nextDue()).toEqual(accounts.map(() => addMs(dueAt, hourMs)));
    expect(await all(world, at.runs(tenantId))).toHaveLength(accounts.length);

    world.clock.advance(60_000);
    await tick(world.deps);
    expect(await looks()).toHaveLength(accounts.length);
  });

  it("looks at an account only once after a long pause, and stays on its grid", async () => {
    await begin();
    const dueAt = world.clock.now();
    world.clock.advance(3 * dayMs + 25 * 60_000);
    await tick(world.deps);
    await tick(world.deps);

    expect(await looks()).toHaveLength(accounts.length);
    expect(await nextDue()).toEqual(
      accounts.map(() => addMs(dueAt, 73 * hourMs)),
    );
  });

  it("looks again at an account that is set back to a time at which it was looked at before", async () => {
    await begin();
    await tick(world.deps);
    const dueAt = world.clock.now();
    const [read] = await all(world, at.schedules(tenantId));
    if (read === undefined) throw new Error("There is no schedule.");
    await world.write([update(read, { dueAt })]);
    world.clock.advance(60_000);
    await tick(world.deps);

    expect(await nextDue()).toEqual(accounts.map(() => addMs(dueAt, hourMs)));
  });

  it("leaves accounts alone that are not active", async () => {
    await begin({ active: false });
    await tick(world.deps);
    expect(await looks()).toEqual([]);
  });

  it("rings for every message that is due in one sweep", async () => {
    world = openWorld(82, crms);
    const origin = { traceId: "trace", runId: null, causedBy: null };
    const begunAt = world.clock.now();
    const made = Array.from({ length: 330 }, (_, n) => {
      const { id, data } = newMessage(
        aTip(accounts[0] ?? none(), n),
        origin,
        begunAt,
      );
      // All of one stream; its first page ends amid those of one moment.
      const ringAt = n < 290 ? addMs(data.ringAt, -1) : data.ringAt;
      return create(at.message(tenantId, id), { ...data, shard: 3, ringAt });
    });
    await world.write(made);
    world.clock.advance(10 * 60_000);
    const now = world.clock.now();
    expect(await sweep(addMs(now, 50_000), world.deps)).toBe(330);
    for (const { data } of await all(world, at.messages(tenantId)))
      expect(data.ringAt).toEqual(addMs(now, minuteMs));
  });

  it("rings for messages that together hold more than one commit takes", async () => {
    world = openWorld(83, crms);
    const origin = { traceId: "trace", runId: null, causedBy: null };
    const text = "Globex appointed a chief information officer. ".repeat(430);
    const made = Array.from({ length: 90 }, (_, n) => {
      const tip = aTip(accounts[0] ?? none(), n, { text });
      const { id, data } = newMessage(tip, origin, world.clock.now());
      return create(at.message(tenantId, id), { ...data, shard: 3 });
    });
    for (let i = 0; i < made.length; i += 30)
      await world.write(made.slice(i, i + 30));
    world.clock.advance(10 * 60_000);
    const until = addMs(world.clock.now(), 50_000);
    expect(await sweep(until, world.deps)).toBe(made.length);
  });

  async function begin(changes: { readonly active?: boolean } = {}) {
    world = openWorld(81, crms);
    await world.write(
      aTenantWith(
        tenantId,
        accounts.map((id) => [id, anAccount()] as const),
      ),
    );
    await world.write(
      accounts.map((accountId): Write =>
        create(at.schedule(tenantId, accountId), {
          accountId,
          active: true,
          intervalMs: hourMs,
          dueAt: world.clock.now(),
          ...changes,
        }),
      ),
    );
  }

  /** Which looks were asked for. */
  async function looks(): Promise<readonly string[]> {
    return (await all(world, at.messages(tenantId)))
      .filter(({ data }) => data.topic === "account-due")
      .map(({ data }) => String(data.payload["occasion"]))
      .sort();
  }

  async function nextDue(): Promise<readonly Date[]> {
    return (await all(world, at.schedules(tenantId))).map(
      ({ data }) => data.dueAt,
    );
  }
});

function none(): never {
  throw new Error("There is no account.");
}
