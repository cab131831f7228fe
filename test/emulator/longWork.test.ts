import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import type { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import {
  leaseMs,
  renewEveryMs,
} from "../../functions/src/domain/messages/topics.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import type { AnyStage } from "../../functions/src/ports/stage.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import {
  type Crms,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const topic = "account-due";

let crms: Crms;
let world: World;
let messageId: MessageId;
let release: () => void;

beforeEach(async () => {
  crms = await startCrms();
  world = openWorld(6, crms);
  await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  const payload = { accountId, occasion: "1", sourceKey: null, part: 0 };
  messageId = await world.emit(tenantId, { topic, payload });
});
afterEach(async () => {
  await Promise.all([world.close(), crms.close()]);
});

/** Begins work that takes its lease and then waits to be released. */
async function begin(deps = world.deps) {
  let isHeld: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (isHeld = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const slow = (of: AnyStage["topic"]): AnyStage => ({
    ...stageFor(of),
    run: async (job, ports) => {
      await job.takeLease();
      isHeld();
      await released;
      return stageFor(of).run(job, ports);
    },
  });
  const ended = deliver({ tenantId, messageId }, { stageFor: slow }, deps);
  await held;
  return { ended };
}

const message = async () =>
  (await world.database.store.read(at.message(tenantId, messageId)))?.data;

/** Goes on by as long as the lease is renewed within, so many times, each seen in the database. */
async function goOn(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const before = (await message())?.lease?.expiresAt.getTime() ?? 0;
    world.clock.advance(renewEveryMs);
    await expect
      .poll(async () => (await message())?.lease?.expiresAt.getTime() ?? 0)
      .toBeGreaterThan(before);
  }
}

describe("long work", () => {
  it("keeps its lease for as long as it lives, and commits by it", async () => {
    const { ended } = await begin();
    await goOn(5);
    const other = await deliver(
      { tenantId, messageId },
      { stageFor },
      world.deps,
    );
    expect(other).toBe("leased");
    release();
    expect(await ended).toBe("done");
    expect(await message()).toMatchObject({ state: "done", lease: null });
  });

  it("is another's soon after its process died", async () => {
    // A process that is dead renews nothing.
    const never = new AbortController().signal;
    const abortAfter = () => ({ signal: never, cancel: () => undefined });
    const clock = { ...world.clock, abortAfter };
    const { ended } = await begin({ ...world.deps, clock });
    world.clock.advance(leaseMs(topic) + 1);
    const other = await deliver(
      { tenantId, messageId },
      { stageFor },
      world.deps,
    );
    expect(other).toBe("done");
    release();
    expect(await ended).toBe("not-mine");
  });

  it("goes on where a renewal finds no database, and ends as not its own where another has taken the message", async () => {
    let fails = true;
    const deps = {
      ...world.deps,
      store: {
        ...world.deps.store,
        commit: async (
          ...given: Parameters<World["deps"]["store"]["commit"]>
        ) => {
          const [[write]] = given;
          const isRenewal =
            write?.kind === "update" && write.fields.join() === "lease,ringAt";
          if (isRenewal && fails) {
            fails = false;
            throw new Error("no database");
          }
          return world.deps.store.commit(...given);
        },
      },
    };
    const { ended } = await begin(deps);
    world.clock.advance(renewEveryMs);
    await expect.poll(() => fails).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await goOn(1);
    await world.database.db
      .doc(at.message(tenantId, messageId).path)
      .update({ lease: null, starts: 7 });
    world.clock.advance(renewEveryMs);
    release();
    expect(await ended).toBe("not-mine");
    expect(await message()).toMatchObject({ state: "open", starts: 7 });
  });
});
