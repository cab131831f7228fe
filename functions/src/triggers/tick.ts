import { z } from "zod";
import * as at from "../domain/collections.ts";
import { AccountId, TenantId, MessageId } from "../domain/ids.ts";
import { addMs, minuteMs } from "../domain/instant.ts";
import { Message, newMessage, ringAfterMs, shards } from "../domain/message.ts";
import { Schedule } from "../domain/account.ts";
import { Signal } from "../domain/signal.ts";
import {
  accountFold,
  commitOutcome,
  ring,
  ringOf,
} from "../pipeline/commit.ts";
import {
  create,
  type Deps,
  put,
  type Read,
  type Store,
  update,
} from "../pipeline/ports.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "chance" | "log">;

const pageSize = 300;
const batchSize = 100;

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
  const folded = await foldWhatHasLain(deps);
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
  let rung = 0;
  let after: readonly unknown[] | undefined;
  while (deps.clock.now() < until) {
    const now = deps.clock.now();
    const page = await deps.store.query({
      collection: { path: "messages", schema: orNull(Message) },
      group: true,
      where: [
        ["state", "==", "open"],
        ["shard", "==", shard],
        ["ringAt", "<=", addMs(now, minuteMs)],
      ],
      orderBy: [["ringAt", "asc"]],
      limit: pageSize,
      ...(after === undefined ? {} : { startAfter: after }),
    });
    const readable = readableOf(page, Message, deps);
    const due = readable.filter(({ data }) => data.ringAt <= now);
    const moved = await inBatches(
      due,
      (read) => update(read, { ringAt: addMs(now, ringAfterMs) }),
      deps.store,
      now,
    );
    const soon = readable.filter(({ data }) => data.ringAt > now);
    await ring(
      [
        ...moved.map((read) => ringFor(read, now)),
        ...soon.map((read) => ringFor(read, read.data.ringAt)),
      ],
      deps,
    );
    rung += moved.length;
    const first = readable[0]?.data.ringAt;
    const last = readable.at(-1)?.data.ringAt;
    if (page.length < pageSize || first === undefined || last === undefined)
      break;
    // The next page begins with whatever else is due at the last one's very moment.
    after = [first < last ? addMs(last, -1) : last];
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
  let started = 0;
  while (deps.clock.now() < until) {
    const now = deps.clock.now();
    const page = await deps.store.query({
      collection: { path: "schedules", schema: orNull(Schedule) },
      group: true,
      where: [
        ["active", "==", true],
        ["dueAt", "<=", now],
      ],
      orderBy: [["dueAt", "asc"]],
      limit: pageSize,
    });
    const readable = readableOf(page, Schedule, deps);
    for (let i = 0; i < readable.length; i += 20) {
      await Promise.all(
        readable.slice(i, i + 20).map((read) => lookAt(read, deps)),
      );
    }
    started += readable.length;
    if (page.length < pageSize || readable.length === 0) break;
  }
  return started;
}

async function lookAt(read: Read<Schedule>, deps: Needs): Promise<void> {
  const { accountId, dueAt, intervalMs } = read.data;
  const now = deps.clock.now();
  const missed = Math.floor((now.getTime() - dueAt.getTime()) / intervalMs);
  const next = addMs(dueAt, (missed + 1) * intervalMs);
  const tenantId = tenantOf(read);
  const traceId = deps.chance.id();
  const runId = `${accountId}_${dueAt.getTime()}`;
  const run = {
    accountId,
    trigger: "clock",
    startedBy: "system:clock",
    startedAt: now,
    traceId,
  } as const;
  await commitOutcome(
    {
      emits: [
        {
          topic: "account-due",
          payload: { accountId, occasion: runId, sourceKey: null, part: 0 },
        },
      ],
    },
    {
      tenantId,
      actor: "system:clock",
      origin: { traceId, runId, causedBy: null },
    },
    [update(read, { dueAt: next }), put(at.run(tenantId, runId), run)],
    deps,
  );
}

/** Asks for the fold of every account with a signal that nobody has folded for a minute: its own ask was lost. */
async function foldWhatHasLain(deps: Needs): Promise<number> {
  const now = deps.clock.now();
  const lying = await deps.store.query({
    collection: { path: "signals", schema: orNull(Signal) },
    group: true,
    where: [["unfoldedAt", "<=", addMs(now, -minuteMs)]],
    orderBy: [["unfoldedAt", "asc"]],
    limit: pageSize,
  });
  const byAccount = new Map(
    readableOf(lying, Signal, deps).map((read) => [
      `${tenantOf(read)}/${read.data.accountId}`,
      read,
    ]),
  );
  for (const read of byAccount.values()) {
    const tenantId = tenantOf(read);
    const origin = {
      traceId: read.data.traceId,
      runId: read.data.runId,
      causedBy: null,
    };
    const { id, data } = newMessage(
      accountFold(AccountId.parse(read.data.accountId), now),
      origin,
      now,
    );
    const made = await deps.store.commit(
      [create(at.message(tenantId, id), data)],
      now,
    );
    if (made.kind === "committed")
      await ring([ringOf(tenantId, id, data)], deps);
  }
  return byAccount.size;
}

/** One document that does not fit its schema must not stop the clock for all tenants. */
function orNull<T>(schema: z.ZodType<T>): z.ZodType<T | null> {
  return schema.or(z.unknown().transform(() => null));
}

function readableOf<T>(
  reads: readonly Read<T | null>[],
  schema: z.ZodType<T>,
  { log }: Pick<Deps, "log">,
): readonly Read<T>[] {
  return reads.flatMap(({ data, ref: { path }, ...read }) => {
    if (data !== null) return [{ ...read, data, ref: { path, schema } }];
    const passed = "the clock passes over a document that cannot be read";
    log.write("ERROR", passed, { path });
    return [];
  });
}

/** Commits one update per read in batches, one by one where a batch conflicts; returns those that held. */
async function inBatches<T>(
  reads: readonly Read<T>[],
  change: (read: Read<T>) => ReturnType<typeof update>,
  store: Store,
  now: Date,
): Promise<readonly Read<T>[]> {
  const held: Read<T>[] = [];
  for (let i = 0; i < reads.length; i += batchSize) {
    const batch = reads.slice(i, i + batchSize);
    const committed = await store.commit(batch.map(change), now);
    if (committed.kind === "committed") {
      held.push(...batch);
      continue;
    }
    for (const read of batch) {
      if ((await store.commit([change(read)], now)).kind === "committed")
        held.push(read);
    }
  }
  return held;
}

function tenantOf(read: { readonly ref: { readonly path: string } }): TenantId {
  return TenantId.parse(read.ref.path.split("/")[1]);
}
