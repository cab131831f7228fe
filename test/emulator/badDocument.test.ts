import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import { create } from "../../functions/src/ports/store.ts";
import { SignalId } from "../../functions/src/domain/kernel/ids.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { parked, theCard } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

describe("a document that cannot be read", () => {
  let crms: Crms;
  let world: World;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterEach(() => world.close());
  afterAll(() => crms.close());

  it("parks the work that needs it, though what parking means cannot be written either", async () => {
    await begin();
    await world.emit(tenantId, aTip(accountId, "first"));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    const { accountId: of, clusterId, playbookId, signalIds } = card.data;
    await world.database.db.doc(card.ref.path).update({ "card.receipt": "x" });
    await world.emit(tenantId, {
      topic: "signal-qualified",
      payload: {
        accountId: of,
        opportunityId: card.opportunityId,
        playbookId,
        clusterId,
        signalIds: [...signalIds, SignalId.parse("globex_more")],
        refined: null,
      },
    });
    await world.settle(fair);

    expect(await parked(world)).toEqual(["signal-qualified unreadable"]);
  });

  it.each([
    ["schedules/broken", { active: true, dueAt: new Date(0) }],
    ["signals/broken", { accountId: "globex", unfoldedAt: new Date(0) }],
    [
      "messages/broken",
      { state: "open", shard: 0, ringAt: new Date(0), topic: "no-such-topic" },
    ],
  ])("at %s does not stop the clock", async (path, data) => {
    await begin();
    await world.database.db.doc(`tenants/${tenantId}/${path}`).set(data);
    const schedule = {
      accountId,
      active: true,
      intervalMs: hourMs,
      dueAt: world.clock.now(),
    };
    await world.write([create(at.schedule(tenantId, accountId), schedule)]);
    const ids = [];
    for (let n = 0; n < 16; n++)
      ids.push(await world.emit(tenantId, aTip(accountId, n)));
    world.clock.advance(90_000);
    await world.tick();

    const { store } = world.database;
    const heartbeat = await store.read(at.heartbeat);
    expect(heartbeat?.data).toMatchObject({
      tickedAt: world.clock.now(),
      due: 1,
    });
    const next = await store.read(at.schedule(tenantId, accountId));
    expect(next?.data.dueAt).toEqual(addMs(schedule.dueAt, hourMs));
    const rung = await store.readAll(ids.map((id) => at.message(tenantId, id)));
    for (const message of rung)
      expect(message?.data.ringAt).toEqual(addMs(world.clock.now(), 60_000));
  });

  async function begin(): Promise<void> {
    world = openWorld(61, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  }
});
