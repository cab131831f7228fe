import { Message, shards } from "../domain/messages/message.ts";
import type { z } from "zod";
import { toBatches } from "../domain/kernel/lists.ts";
import { addMs, minuteMs } from "../domain/kernel/instant.ts";
import { pageLimit, pages, commitTogether, toTenantId } from "./clockPages.ts";
import { tryToPark } from "./unreadable.ts";
import { update, type Read } from "../ports/store.ts";
import { ring, toRing } from "./ring.ts";
import { MessageId } from "../domain/kernel/ids.ts";

import type { Deps } from "../ports/deps.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "log">;

/** How many shards are swept in parallel; this limits memory. */
const sweepers = 4;

/** Large enough to be quick, small enough that few messages of a batch are claimed before it is committed. */
const ringsPerCommit = 500;

/** The fields that the clock needs of the messages that it scans. */
const Bell = Message.pick({
  topic: true,
  state: true,
  traceId: true,
  runAt: true,
  ringAt: true,
  starts: true,
  updatedAt: true,
});

type Bell = z.infer<typeof Bell>;

/**
 * Rings, shard by shard, for every open message that is due, and at its own moment for each that becomes due within
 * the minute. Returns how many were due.
 */
export async function sweep(until: Date, deps: Needs): Promise<number> {
  return sweepShards(until, { ahead: true }, deps);
}

/** The same between two ticks, for what is due alone. */
export async function sweepDue(until: Date, deps: Needs): Promise<number> {
  return sweepShards(until, { ahead: false }, deps);
}

/** Whether what becomes due within the minute is rung for as well. */
interface Reach {
  readonly ahead: boolean;
}

async function sweepShards(
  until: Date,
  reach: Reach,
  deps: Needs,
): Promise<number> {
  const left = Array.from({ length: shards }, (_, shard) => shard);
  const sweeper = async () => {
    let rung = 0;
    for (let shard = left.pop(); shard !== undefined; shard = left.pop())
      rung += await sweepShard({ shard, ...reach }, until, deps);
    return rung;
  };
  const rung = await Promise.all(Array.from({ length: sweepers }, sweeper));
  return rung.reduce((sum, count) => sum + count, 0);
}

async function sweepShard(
  { shard, ahead }: Reach & { readonly shard: number },
  until: Date,
  deps: Needs,
): Promise<number> {
  const now = deps.clock.now();
  // Moves a message out of this window once rung for, so that the same sweep does not meet it again.
  const nextTick = addMs(now, minuteMs);
  const isDue = ({ state, ringAt }: Bell) => state === "open" && ringAt <= now;
  const wanted = {
    of: "messages",
    schema: Bell,
    where: [
      ["state", "==", "open"],
      ["shard", "==", shard],
      ["ringAt", "<", ahead ? nextTick : addMs(now, 1)],
    ],
    by: "ringAt",
    limit: pageLimit,
    whenUnreadable: (path: string) => tryToPark(path, deps),
  } as const;
  let rung = 0;
  for await (const page of pages(wanted, until, deps)) {
    for (const batch of toBatches(page, ringsPerCommit)) {
      if (deps.clock.now() >= until) return rung;
      const { held: moved } = await commitTogether(
        batch.filter(({ data }) => isDue(data)),
        { change: (read) => [update(read, { ringAt: nextTick })], isDue },
        deps,
      );
      const soon = batch.filter(({ data }) => !isDue(data));
      await ring(
        [
          ...moved.map((read) => ringFor(read, now)),
          ...soon.map((read) => ringFor(read, read.data.ringAt)),
        ],
        deps,
      );
      rung += moved.length;
    }
  }
  return rung;
}

function ringFor(read: Read<Bell>, moment: Date) {
  return toRing(toTenantId(read), MessageId.parse(read.id), {
    ...read.data,
    runAt: moment,
  });
}
