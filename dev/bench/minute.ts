import { systemClock } from "../../functions/src/adapters/clock.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type {
  AccountId,
  TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  dayMs,
  hourMs,
  minuteMs,
} from "../../functions/src/domain/kernel/instant.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { create, put, type Write } from "../../functions/src/ports/store.ts";
import { tick } from "../../functions/src/delivery/tick.ts";
import {
  anAccount,
  anAccountId,
  aTenant,
  aTenantId,
  aTip,
} from "../../test/support/builders.ts";
import { type House, openHouse, type Operation } from "./house.ts";
import { type Figure, table } from "./report.ts";

const busyTenants = 50;

interface Load {
  readonly schedules: number;
  readonly messages: number;
}

/** P5: one tick of the clock with everything due at once, and what a tick costs beside tenants that have nothing due. */
export async function measureMinute(
  load: Load = { schedules: 10_000, messages: 100_000 },
): Promise<Figure> {
  const idle = await readsBesideIdle([10, 5_000]);
  const house = openHouse(systemClock);
  try {
    await makeDue(house, load);
    const before = house.operations.length;
    const begunAt = performance.now();
    const cpu = process.cpuUsage();
    const { rung, due } = await tick(house.deps);
    const seconds = (performance.now() - begunAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const done = rung === load.messages && due === load.schedules;
    const { reads, writes } = sums(house.operations.slice(before));
    const constant = new Set(idle.map(({ reads: r }) => r)).size === 1;
    return {
      name: "P5",
      asked: `the tick: ${count(load.schedules)} due schedules and ${count(load.messages)} open messages in one minute; no query grows with idle tenants`,
      came: `${count(due)} and ${count(rung)} in ${seconds.toFixed(1)} s; ${idle.map(({ tenants, reads: r }) => `${count(r)} reads beside ${count(tenants)} idle tenants`).join(", ")}`,
      holds: done && seconds <= 60 && constant,
      details: [
        `The tick itself took ${((user + system) / 1e6).toFixed(1)} s of CPU, ${count(reads)} reads and ${count(writes)} writes, and rang ${count(house.door.length)} times; the rest is the emulator, on the same cores.`,
        table(
          ["tenants with nothing due", "reads of a tick", "writes"],
          idle.map((line) => [
            count(line.tenants),
            count(line.reads),
            count(line.writes),
          ]),
        ),
      ],
    };
  } finally {
    await house.close();
  }
}

/** What the same due work costs beside few idle tenants and beside many. */
async function readsBesideIdle(steps: readonly number[]) {
  const lines: { tenants: number; reads: number; writes: number }[] = [];
  for (const tenants of steps) {
    const house = openHouse(systemClock);
    try {
      await addIdle(house, tenants);
      await makeDue(house, { schedules: 20, messages: 200 });
      const from = house.operations.length;
      await tick(house.deps);
      lines.push({ tenants, ...sums(house.operations.slice(from)) });
    } finally {
      await house.close();
    }
  }
  return lines;
}

/** Tenants that had something to do and have none now: a look in an hour, a deadline tomorrow, work that is done. */
async function addIdle(house: House, tenants: number): Promise<void> {
  const now = systemClock.now();
  const writes = Array.from({ length: tenants }, (_, n): readonly Write[] => {
    const tenantId = aTenantId(`idle-${n}`);
    const accountId = anAccountId("globex");
    const later = toMessage(accountId, n, addMs(now, dayMs));
    const done = toMessage(accountId, -1 - n, now);
    return [
      put(at.tenant(tenantId), aTenant()),
      put(at.account(tenantId, accountId), anAccount()),
      toSchedule(tenantId, accountId, addMs(now, hourMs)),
      create(at.message(tenantId, later.id), later.data),
      create(at.message(tenantId, done.id), { ...done.data, state: "done" }),
    ];
  });
  await write(house, writes.flat());
}

export async function makeDue(house: House, load: Load): Promise<void> {
  const begun = addMs(systemClock.now(), -10 * minuteMs);
  const schedules = Array.from({ length: load.schedules }, (_, n) =>
    toSchedule(toTenantId(n), anAccountId(`globex-${n}`), addMs(begun, n)),
  );
  const messages = Array.from({ length: load.messages }, (_, n) => {
    const { id, data } = toMessage(anAccountId(`globex-${n % 200}`), n, begun);
    const ringAt = addMs(begun, n % minuteMs);
    return create(at.message(toTenantId(n), id), { ...data, ringAt });
  });
  await write(house, [...schedules, ...messages]);
}

function toSchedule(
  tenantId: TenantId,
  accountId: AccountId,
  dueAt: Date,
): Write {
  const schedule = { accountId, active: true, intervalMs: hourMs, dueAt };
  return create(at.schedule(tenantId, accountId), schedule);
}

function toMessage(accountId: AccountId, n: number, runAt: Date) {
  const origin = { traceId: `trace-${n}`, runId: null, causedBy: null };
  return newMessage({ ...aTip(accountId, n), runAt }, origin, runAt);
}

function toTenantId(n: number): TenantId {
  return aTenantId(`busy-${n % busyTenants}`);
}

/** Some commits at a time, each well under 3 MiB. */
async function write(
  { deps: { store } }: House,
  writes: readonly Write[],
): Promise<void> {
  const perCommit = 400;
  let next = 0;
  const one = async () => {
    while (next < writes.length) {
      const from = next;
      next += perCommit;
      const chunk = writes.slice(from, from + perCommit);
      const { kind } = await store.commit(chunk, systemClock.now());
      if (kind === "conflict") throw new Error("Something is there already.");
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
}

function sums(operations: readonly Operation[]) {
  const countKind = (wanted: Operation["kind"]) =>
    operations
      .filter(({ kind }) => kind === wanted)
      .reduce((sum, { documents }) => sum + documents, 0);
  return { reads: countKind("read"), writes: countKind("write") };
}

function count(n: number): string {
  return n.toLocaleString("en");
}
