import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { ringAfterMs } from "../../functions/src/domain/messages/message.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import { crewFor, stageFor } from "../../functions/src/pipeline/index.ts";
import type { Ring } from "../../functions/src/ports/messaging.ts";
import type { Write } from "../../functions/src/ports/store.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import { withFaults } from "../support/faults.ts";
import {
  type Crms,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

let crms: Crms;
let world: World;
let rings: Ring[];
let writes: Write[][];

/** The world's, with what is rung for and written kept. */
const watched = () => ({
  ...world.deps,
  store: {
    ...world.deps.store,
    commit: async (batch: readonly Write[], now: Date) => {
      writes.push([...batch]);
      return world.deps.store.commit(batch, now);
    },
  },
  doorbell: {
    ...world.deps.doorbell,
    ring: async (more: readonly Ring[]) => void rings.push(...more),
  },
});

beforeEach(async () => {
  crms = await startCrms();
  world = openWorld(5, crms);
  await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  rings = [];
  writes = [];
});
afterEach(async () => {
  await Promise.all([world.close(), crms.close()]);
});

/** Hands a tip in; the ring for it. */
async function handIn(n: number): Promise<Ring> {
  const origin = { traceId: `t${n}`, runId: null, causedBy: null };
  await commitOutcome(
    { outcome: { emits: [aTip(accountId, n)] } },
    { tenantId, actor: "anna", origin },
    watched(),
  );
  const ring = rings.pop();
  if (ring === undefined) throw new Error("Nothing was rung for.");
  writes = [];
  return ring;
}

const stateOf = async ({ messageId }: Ring) =>
  (await world.database.store.read(at.message(tenantId, messageId)))?.data;

const messageWrites = () =>
  writes.flat().filter(({ ref }) => ref.path.includes("/messages/"));

describe("a message's first start", () => {
  it("commits once, with the end of its message and the next, and claims nothing", async () => {
    const ring = await handIn(1);
    expect(await deliver(ring, { stageFor }, watched())).toBe("done");
    expect(writes).toHaveLength(1);
    expect(messageWrites().map(({ kind }) => kind)).toEqual([
      "update",
      "create",
    ]);
    expect(await stateOf(ring)).toMatchObject({ state: "done", starts: 0 });
  });

  it("is no first start once the sweeper may have rung: it is claimed, so that what kills its process is counted", async () => {
    const ring = await handIn(2);
    world.clock.advance(ringAfterMs);
    expect(await deliver(ring, { stageFor }, watched())).toBe("done");
    expect(writes).toHaveLength(2);
    expect(await stateOf(ring)).toMatchObject({ state: "done", starts: 1 });
  });

  it("ends where another start of the message has ended it, and what it would have written is not there", async () => {
    const ring = await handIn(3);
    const [one, other] = await Promise.all([
      deliver(ring, { stageFor }, watched()),
      deliver(ring, { stageFor }, watched()),
    ]);
    expect([one, other].sort()).toEqual(["done", "ended"]);
    const signals = await world.database.db.collectionGroup("signals").get();
    expect(signals.size).toBe(1);
  });

  it("claims the message where a document that it overwrites was changed meanwhile", async () => {
    const ring = await handIn(4);
    await deliver(ring, { stageFor }, watched());
    const next = rings.pop();
    if (next === undefined) throw new Error("Nothing was rung for.");
    writes = [];
    let isChanged = false;
    const done = await deliver(
      next,
      {
        stageFor: (topic) => ({
          ...stageFor(topic),
          run: async (job, deps) => {
            const outcome = await stageFor(topic).run(job, deps);
            const [write] = outcome.writes ?? [];
            if (!isChanged && write !== undefined)
              await world.database.db
                .doc(write.ref.path)
                .update({ publisher: "Somebody else" });
            isChanged = true;
            return outcome;
          },
        }),
      },
      watched(),
    );
    expect(done).toBe("done");
    expect(await stateOf(next)).toMatchObject({ state: "done", starts: 1 });
  });

  it("counts what its run throws, and waits as long as any other", async () => {
    const ring = await handIn(5);
    const failing = await deliver(
      ring,
      {
        stageFor: (topic) => ({
          ...stageFor(topic),
          run: async () => {
            throw new Error("no");
          },
        }),
      },
      watched(),
    );
    expect(failing).toBe("later");
    expect(await stateOf(ring)).toMatchObject({
      state: "open",
      starts: 0,
      attempts: 1,
      lease: null,
    });
  });
});

describe("a run whose outcome is one piece of work for its own function", () => {
  const toEmbed = async (n: number) => {
    await deliver(await handIn(n), crewFor("signal-received"), watched());
    const ring = rings.pop();
    if (ring?.topic !== "signal-ingested")
      throw new Error("It was not rung for the next stage.");
    writes = [];
    return ring;
  };

  it("goes on with it, to the card, and rings for nothing", async () => {
    const ring = await toEmbed(6);
    await deliver(ring, crewFor(ring.topic), watched());
    // The review's deadline is a day ahead.
    expect(rings).toEqual([]);
    const cards = await world.database.db.collectionGroup("inbox").get();
    expect(cards.size).toBe(1);
    const topics = (await world.messages())
      .filter(({ data }) => data.state === "done")
      .map(({ data }) => data.topic);
    expect(topics.sort()).toEqual([
      "account-assess",
      "signal-ingested",
      "signal-qualified",
      "signal-received",
    ]);
  });

  it("rings for what might outlast its time", async () => {
    const ring = await toEmbed(7);
    const crew = { ...crewFor(ring.topic), budgetMs: 60_000 };
    await deliver(ring, crew, watched());
    expect(rings.map(({ topic }) => topic)).toEqual(["signal-qualified"]);
  });

  it("leaves it to the sweeper where its process dies between the two", async () => {
    const ring = await toEmbed(8);
    const { result, struck } = await withFaults(
      {
        deps: watched(),
        clock: world.clock,
        // Embed's read is of the text, assess's of the tenant.
        plan: (point) => (point === "recent.read#2:before" ? "kill" : null),
      },
      (faulty) => deliver(ring, crewFor(ring.topic), faulty),
    );
    expect([result, struck?.fault]).toEqual(["killed", "kill"]);
    expect(rings).toEqual([]);
    const open = (await world.messages()).filter(
      ({ data }) => data.state === "open" && data.topic === "account-assess",
    );
    expect(open).toHaveLength(1);
    world.clock.advance(ringAfterMs);
    await world.settle({ kill: 0, cut: 0, duplicate: 0, lose: 0 });
    const cards = await world.database.db.collectionGroup("inbox").get();
    expect(cards.size).toBe(1);
  });
});
