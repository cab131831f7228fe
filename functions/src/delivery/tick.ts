import type { z } from "zod";
import * as at from "../domain/collections.ts";
import { AccountId, MessageId } from "../domain/kernel/ids.ts";
import { addMs, hourMs, minuteMs } from "../domain/kernel/instant.ts";
import { Message, newMessage, shards } from "../domain/messages/message.ts";
import { Signal } from "../domain/signals/signal.ts";
import { accountFold, ring, ringOf } from "./commit.ts";
import { create, type Deps, put, type Read, update } from "../ports/ports.ts";
import {
  commitTogether,
  inBatches,
  pageLimit,
  pages,
  tenantOf,
} from "./clockPages.ts";
import { lookAtDueAccounts } from "./dueLooks.ts";
import { parkWhatNoSweepFinds, tryToPark } from "./unreadable.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "chance" | "log">;

/** So many shards are swept at a time: it bounds the memory. */
const sweepers = 4;

/** Large enough to be quick, small enough that few of a batch are claimed while it is on its way. */
const ringsPerCommit = 500;

/** What the clock needs of the documents that it looks through. */
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
const Lying = Signal.pick({
  accountId: true,
  unfoldedAt: true,
  traceId: true,
  runId: true,
});

/** What has lain for so long is asked for once in as long: where it cannot be folded, asking each minute changes nothing. */
const lainLongMs = hourMs;

/** A tick that runs into the next one stops here and leaves the rest to it. */
const budgetMs = 50_000;

/** The clock: rings for messages that are due, folds what has lain, looks at accounts that are due, and leaves a sign of life. */
export async function tick(deps: Needs): Promise<{
  readonly due: number;
  readonly rung: number;
  readonly folded: number;
}> {
  const startedAt = deps.clock.now();
  const until = addMs(startedAt, budgetMs);
  await sweepHalfway(startedAt, deps);
  // What is waiting comes before what is new.
  const rung = await sweep(until, deps);
  const lookedThrough = await parkWhatNoSweepFinds(until, deps);
  const folded = await foldWhatHasLain(until, deps);
  const due = await lookAtDueAccounts(until, deps);
  const now = deps.clock.now();
  await deps.store.commit(
    [put(at.heartbeat, { tickedAt: now, rung, due, lookedThrough })],
    now,
  );
  return { due, rung, folded };
}

/** A scheduler ticks once a minute at most; what was lost right behind a tick is not to wait for the next. */
async function sweepHalfway(
  startedAt: Date,
  { doorbell, log }: Pick<Deps, "doorbell" | "log">,
): Promise<void> {
  const halfway = new Date(
    minuteMs * Math.floor(startedAt.getTime() / minuteMs) + minuteMs / 2,
  );
  if (halfway <= startedAt) return;
  try {
    await doorbell.sweepAt(halfway);
  } catch (error) {
    log.write("WARNING", "the sweep between two ticks could not be asked for", {
      error: String(error),
    });
  }
}

/** Rings for every open message that is due, and at its moment for each that will be within the minute; shard by shard. Returns how many were due. */
export async function sweep(until: Date, deps: Needs): Promise<number> {
  const left = Array.from({ length: shards }, (_, shard) => shard);
  const sweeper = async () => {
    let rung = 0;
    for (let shard = left.pop(); shard !== undefined; shard = left.pop())
      rung += await sweepShard(shard, until, deps);
    return rung;
  };
  const rung = await Promise.all(Array.from({ length: sweepers }, sweeper));
  return rung.reduce((sum, count) => sum + count, 0);
}

async function sweepShard(
  shard: number,
  until: Date,
  deps: Needs,
): Promise<number> {
  const now = deps.clock.now();
  // What is rung for is moved out of this window, or the same sweep would meet it again.
  const nextTick = addMs(now, minuteMs);
  const isDue = ({ state, ringAt }: Bell) => state === "open" && ringAt <= now;
  const wanted = {
    of: "messages",
    schema: Bell,
    where: [
      ["state", "==", "open"],
      ["shard", "==", shard],
      ["ringAt", "<", nextTick],
    ],
    by: "ringAt",
    limit: pageLimit,
    whenUnreadable: (path: string) => tryToPark(path, deps),
  } as const;
  let rung = 0;
  for await (const page of pages(wanted, until, deps)) {
    for (const batch of inBatches(page, ringsPerCommit)) {
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
  return ringOf(tenantOf(read), MessageId.parse(read.id), {
    ...read.data,
    runAt: moment,
  });
}

/** Asks for the fold of every account with a signal that nobody has folded for a minute: its own ask was lost. */
async function foldWhatHasLain(until: Date, deps: Needs): Promise<number> {
  const now = deps.clock.now();
  const wanted = {
    of: "signals",
    schema: Lying,
    where: [["unfoldedAt", "<=", addMs(now, -minuteMs)]],
    by: "unfoldedAt",
    limit: pageLimit,
  } as const;
  const asked = new Set<string>();
  for await (const page of pages(wanted, until, deps)) {
    for (const read of page) {
      const { accountId, traceId, runId, unfoldedAt } = read.data;
      const tenantId = tenantOf(read);
      if (asked.has(`${tenantId}/${accountId}`)) continue;
      asked.add(`${tenantId}/${accountId}`);
      const { id, data } = newMessage(
        accountFold(AccountId.parse(accountId), askedAt(unfoldedAt, now)),
        { traceId, runId, causedBy: null },
        now,
      );
      const made = await deps.store.commit(
        [create(at.message(tenantId, id), data)],
        now,
      );
      if (made.kind === "committed")
        await ring([ringOf(tenantId, id, data)], deps);
    }
  }
  return asked.size;
}

/** The moment whose slot a fold is asked for in: the hour's where its signal has lain for long. */
function askedAt(unfoldedAt: Date | null, now: Date): Date {
  const lain = now.getTime() - (unfoldedAt ?? now).getTime();
  if (lain < lainLongMs) return now;
  return new Date(lainLongMs * Math.floor(now.getTime() / lainLongMs));
}
