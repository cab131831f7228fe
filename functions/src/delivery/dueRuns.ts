import type { z } from "zod";
import { Schedule } from "../domain/accounts/account.ts";
import * as at from "../domain/collections.ts";
import { PermanentError } from "../domain/kernel/errors.ts";
import type { TenantId } from "../domain/kernel/ids.ts";
import { toBatches } from "../domain/kernel/lists.ts";
import { addMs } from "../domain/kernel/instant.ts";
import {
  type Emission,
  newMessage,
  type Origin,
} from "../domain/messages/message.ts";
import { commitOutcome } from "./commit.ts";
import { ring, toRing } from "./ring.ts";
import { create, put, type Read, update, type Write } from "../ports/store.ts";
import type { Deps } from "../ports/deps.ts";
import { commitTogether, pageLimit, pages, toTenantId } from "./clockPages.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "chance" | "log">;

/** Each run takes three writes. */
const runsPerCommit = 150;

/** The parts of a schedule that the clock needs. */
const Due = Schedule.pick({
  accountId: true,
  active: true,
  intervalMs: true,
  dueAt: true,
  updatedAt: true,
});
type Due = z.infer<typeof Due>;

/** Starts a run for each account that is due and sets its next time; returns how many. */
export async function startDueRuns(until: Date, deps: Needs): Promise<number> {
  const wanted = {
    of: "schedules",
    schema: Due,
    where: [
      ["active", "==", true],
      ["dueAt", "<=", deps.clock.now()],
    ],
    by: "dueAt",
    limit: pageLimit,
  } as const;
  let started = 0;
  for await (const page of pages(wanted, until, deps)) {
    for (const batch of toBatches(page, runsPerCommit)) {
      if (deps.clock.now() >= until) return started;
      started += await startRuns(batch, deps);
    }
  }
  return started;
}

async function startRuns(
  reads: readonly Read<Due>[],
  deps: Needs,
): Promise<number> {
  const now = deps.clock.now();
  const runs = new Map<string, NewRun>();
  const { held, left } = await commitTogether(
    reads,
    {
      change: (read) => {
        const run = toRun(read, deps);
        runs.set(read.ref.path, run);
        const { id, data } = newMessage(run.emission, run.origin, now);
        return [...run.own, create(at.message(run.tenantId, id), data)];
      },
      isDue: ({ active, dueAt }) => active && dueAt <= now,
    },
    deps,
  );
  await ring(
    held.flatMap(({ ref }) => {
      const run = runs.get(ref.path);
      if (run === undefined) return [];
      const { id, data } = newMessage(run.emission, run.origin, now);
      return [toRing(run.tenantId, id, data)];
    }),
    deps,
  );
  // One of these already has a run for exactly this time: start each on its own, without the message where it exists.
  for (const read of left) {
    const { tenantId, origin, emission, own } = toRun(read, deps);
    const author = { tenantId, actor: "system:clock", origin };
    try {
      await commitOutcome(
        { outcome: { emits: [emission] }, own },
        author,
        deps,
      );
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const { path } = read.ref;
      deps.log.write("ERROR", "a due run could not be started", {
        path,
        error: error.message,
      });
    }
  }
  return held.length + left.length;
}

interface NewRun {
  readonly tenantId: TenantId;
  readonly origin: Origin;
  readonly emission: Emission<"account-due">;
  /** The writes for the schedule's next time and for the run. */
  readonly own: readonly Write[];
}

function toRun(read: Read<Due>, { clock, chance }: Needs): NewRun {
  const { accountId, dueAt, intervalMs } = read.data;
  const now = clock.now();
  const missed = Math.floor((now.getTime() - dueAt.getTime()) / intervalMs);
  const next = addMs(dueAt, (missed + 1) * intervalMs);
  const tenantId = toTenantId(read);
  const traceId = chance.id();
  const runId = `${accountId}_${dueAt.getTime()}`;
  const run = {
    accountId,
    trigger: "clock",
    startedBy: "system:clock",
    startedAt: now,
    traceId,
  } as const;
  return {
    tenantId,
    origin: { traceId, runId, causedBy: null },
    emission: {
      topic: "account-due",
      payload: { accountId, occasion: runId, sourceKey: null, part: 0 },
    },
    own: [update(read, { dueAt: next }), put(at.run(tenantId, runId), run)],
  };
}
