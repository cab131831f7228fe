import { afterAll, beforeEach, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { addMs, minuteMs } from "../../functions/src/domain/kernel/instant.ts";
import {
  Message,
  newMessage,
} from "../../functions/src/domain/messages/message.ts";
import { create, type Read, update } from "../../functions/src/ports/store.ts";
import {
  commitTogether,
  pages,
} from "../../functions/src/delivery/clockPages.ts";
import { anAccountId, aTenantId, aTip } from "../support/builders.ts";
import { openDatabase } from "../support/emulator.ts";
import { virtualClock } from "../support/virtualClock.ts";

const Bell = Message.pick({ state: true, ringAt: true, updatedAt: true });
const tenantId = aTenantId("north");
const clock = virtualClock();
const log = { write: () => undefined };

describe("the clock's documents", () => {
  let database = openDatabase();
  beforeEach(async () => {
    await database.close();
    database = openDatabase();
    await database.store.commit(twenty(), clock.now());
  });
  afterAll(() => database.close());

  it("come page by page, each once, though more than a page are of one moment", async () => {
    const seen = (await all()).map((page) => page.map(({ id }) => id));
    expect(seen.map((ids) => ids.length)).toEqual([7, 7, 6]);
    expect(new Set(seen.flat()).size).toBe(20);
  });

  it("are committed without those that somebody else changed since", async () => {
    const reads = (await all()).flat();
    const [taken, ended, ...others] = reads;
    if (taken === undefined || ended === undefined) throw new Error("None.");
    const later = addMs(clock.now(), minuteMs);
    await database.store.commit(
      [update(taken, { ringAt: later }), update(ended, { state: "done" })],
      clock.now(),
    );
    const { held, left } = await commitTogether(
      reads,
      {
        change: (read) => [update(read, { ringAt: later })],
        isDue: ({ state, ringAt }) => state === "open" && ringAt <= clock.now(),
      },
      { store: database.store, clock },
    );
    expect(held.map(({ id }) => id)).toEqual(others.map(({ id }) => id));
    expect(left).toEqual([]);
    expect(await all()).toEqual([[]]);
  });

  /** The pages of all open messages that are due. */
  async function all(): Promise<readonly (readonly Read<Bell>[])[]> {
    const wanted = {
      of: "messages",
      schema: Bell,
      where: [
        ["state", "==", "open"],
        ["shard", "==", 3],
        ["ringAt", "<=", clock.now()],
      ],
      by: "ringAt",
      limit: 7,
    } as const;
    const { store } = database;
    const until = addMs(clock.now(), minuteMs);
    const found = [];
    for await (const page of pages(wanted, until, { store, clock, log }))
      found.push(page);
    return found;
  }
});

type Bell = (typeof Bell)["_output"];

/** Open messages of one shard, all due at one moment. */
function twenty() {
  const origin = { traceId: "trace", runId: null, causedBy: null };
  return Array.from({ length: 20 }, (_, n) => {
    const tip = aTip(anAccountId("globex"), n);
    const { id, data } = newMessage(tip, origin, clock.now());
    const ringAt = clock.now();
    return create(at.message(tenantId, id), { ...data, shard: 3, ringAt });
  });
}
