import type { Deps } from "../ports/deps.ts";
import { Signal } from "../domain/signals/signal.ts";
import { hourMs, addMs, minuteMs } from "../domain/kernel/instant.ts";
import { sweep } from "./sweep.ts";
import { parkWhatNoSweepFinds } from "./unreadable.ts";
import { startDueRuns } from "./dueRuns.ts";
import { put, create } from "../ports/store.ts";
import * as at from "../domain/collections.ts";
import { pageLimit, pages, toTenantId } from "./clockPages.ts";
import { newMessage } from "../domain/messages/message.ts";
import { accountFold } from "../domain/messages/folds.ts";
import { ring, toRing } from "./ring.ts";
import { AccountId } from "../domain/kernel/ids.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "chance" | "log">;

const Lying = Signal.pick({
  accountId: true,
  unfoldedAt: true,
  traceId: true,
  runId: true,
});

/**
 * A fold overdue by more than this is requested only once in as long: where it cannot run, asking every minute
 * changes nothing.
 */
const lainLongMs = hourMs;

/** How often what is due is swept between two ticks: what died with its process waits no longer than this. */
export const sweepEveryMs = 5_000;

/** A tick stops here so as not to run into the next one, which takes the rest. */
const budgetMs = 50_000;

/**
 * The clock: rings for messages that are due, requests folds that were lost, starts the runs of accounts that are
 * due, and leaves a heartbeat.
 */
export async function tick(deps: Needs): Promise<{
  readonly due: number;
  readonly rung: number;
  readonly folded: number;
}> {
  const startedAt = deps.clock.now();
  const until = addMs(startedAt, budgetMs);
  await sweepBetween(startedAt, deps);
  // Waiting work comes before new work.
  const rung = await sweep(until, deps);
  const readThrough = await parkWhatNoSweepFinds(until, deps);
  const folded = await foldWhatHasLain(until, deps);
  const due = await startDueRuns(until, deps);
  const now = deps.clock.now();
  await deps.store.commit(
    [put(at.heartbeat, { tickedAt: now, rung, due, readThrough })],
    now,
  );
  return { due, rung, folded };
}

/** A scheduler ticks at most once a minute; a ring lost just after a tick must not wait for the next. */
async function sweepBetween(
  startedAt: Date,
  { doorbell, log }: Pick<Deps, "doorbell" | "log">,
): Promise<void> {
  const minute = addMs(startedAt, -(startedAt.getTime() % minuteMs));
  const moments = Array.from({ length: minuteMs / sweepEveryMs - 1 }, (_, n) =>
    addMs(minute, (n + 1) * sweepEveryMs),
  ).filter((moment) => moment > startedAt);
  const asked = await Promise.allSettled(
    moments.map(async (moment) => doorbell.sweepAt(moment)),
  );
  const [failure] = asked.filter(({ status }) => status === "rejected");
  if (failure?.status === "rejected")
    log.write("WARNING", "a sweep between two ticks could not be scheduled", {
      error: String(failure.reason),
    });
}

/** Requests the fold of every account with a signal that has waited for a minute: the original request was lost. */
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
      const tenantId = toTenantId(read);
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
        await ring([toRing(tenantId, id, data)], deps);
    }
  }
  return asked.size;
}

/** The moment whose slot a fold is requested in: the hour's, once its signal has waited long. */
function askedAt(unfoldedAt: Date | null, now: Date): Date {
  const lain = now.getTime() - (unfoldedAt ?? now).getTime();
  if (lain < lainLongMs) return now;
  return new Date(lainLongMs * Math.floor(now.getTime() / lainLongMs));
}
