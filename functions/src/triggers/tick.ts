import { Schedule } from "../domain/account.ts";
import * as at from "../domain/collections.ts";
import { AccountId, MessageId } from "../domain/ids.ts";
import { addMs, minuteMs } from "../domain/instant.ts";
import { Message, newMessage, shards } from "../domain/message.ts";
import { Signal } from "../domain/signal.ts";
import { accountFold, ring, ringOf } from "../pipeline/commit.ts";
import { create, type Deps, put, type Read, update } from "../pipeline/ports.ts";
import { commitTogether, pages, tenantOf } from "./clockPages.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "chance" | "log">;

/** Each look is three writes. */
const looksPerCommit = 100;

/** A tick that runs into the next one stops here and leaves the rest to it. */
const budgetMs = 50_000;

/** The clock: rings for messages that are due, folds what has lain, looks at accounts that are due, and leaves a sign of life. */
export async function tick(deps: Needs): Promise<{
  readonly due: number;
  readonly rung: number;
  readonly folded: number;
}> {
  const until = addMs(deps.clock.now(), budgetMs);
  // What is waiting comes before what is new.
  const rung = await sweep(until, deps);
  const folded = await foldWhatHasLain(until, deps);
  const due = await lookAtDueAccounts(until, deps);
  const now = deps.clock.now();
  await deps.store.commit(
    [put(at.heartbeat, { tickedAt: now, rung, due })],
    now,
  );
  return { due, rung, folded };
}

/** Rings for every open message that is due, and at its moment for each that will be within the minute; shard by shard. Returns how many were due. */
export async function sweep(until: Date, deps: Needs): Promise<number> {
  const rung = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      sweepShard(shard, until, deps),
    ),
  );
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
  const isDue = ({ state, ringAt }: Message) =>
    state === "open" && ringAt <= now;
  const wanted = {
    collection: { path: "messages", schema: Message },
    where: [
      ["state", "==", "open"],
      ["shard", "==", shard],
      ["ringAt", "<", nextTick],
    ],
    by: "ringAt",
  } as const;
  let rung = 0;
  for await (const page of pages(wanted, until, deps)) {
    const moved = await commitTogether(
      page.filter(({ data }) => isDue(data)),
      { change: (read) => [update(read, { ringAt: nextTick })], isDue },
      deps,
    );
    const soon = page.filter(({ data }) => !isDue(data));
    await ring(
      [
        ...moved.map((read) => ringFor(read, now)),
        ...soon.map((read) => ringFor(read, read.data.ringAt)),
      ],
      deps,
    );
    rung += moved.length;
  }
  return rung;
}

function ringFor(read: Read<Message>, moment: Date) {
  return ringOf(tenantOf(read), MessageId.parse(read.id), {
    ...read.data,
    runAt: moment,
  });
}

/** Starts the look at each account whose time has come, and sets its next; returns how many. */
async function lookAtDueAccounts(until: Date, deps: Needs): Promise<number> {
  const wanted = {
    collection: { path: "schedules", schema: Schedule },
    where: [
      ["active", "==", true],
      ["dueAt", "<=", deps.clock.now()],
    ],
    by: "dueAt",
  } as const;
  let started = 0;
  for await (const page of pages(wanted, until, deps)) {
    const batches = Array.from(
      { length: Math.ceil(page.length / looksPerCommit) },
      (_, i) => page.slice(i * looksPerCommit, (i + 1) * looksPerCommit),
    );
    const looks = await Promise.all(
      batches.map((batch) => lookAt(batch, deps)),
    );
    started += looks.reduce((sum, count) => sum + count, 0);
  }
  return started;
}
