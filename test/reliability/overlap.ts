import { setImmediate as nextTurn } from "node:timers/promises";
import * as at from "../../functions/src/domain/collections.ts";
import { LeaseLostError } from "../../functions/src/domain/kernel/errors.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { leaseMs } from "../../functions/src/domain/messages/topics.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { type Crms, fair, openWorld, startCrms } from "../support/world.ts";
import { commandOf, type Verdict, verdictOf } from "./figures.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const atOnce = 50;

/** R5: every message on the way from an approval to the CRMs is run by fifty at once; and one whose lease ran out still wants to go on. */
export async function overlap({
  seed,
}: {
  readonly seed: number;
}): Promise<Verdict> {
  const crms = await startCrms();
  const world = openWorld(seed, crms);
  await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  await world.emit(tenantId, aTip(accountId, "fifty"));
  await world.settle(fair);
  await world.approveAll(tenantId);
  const doneById = new Map<string, number>();
  for (;;) {
    const open = (await world.messages()).filter(
      ({ data }) => data.state === "open" && data.topic !== "review-deadline",
    );
    if (open.length === 0) break;
    const due = open.filter(({ data }) => data.runAt <= world.clock.now());
    // Behind the ten seconds of the approval, and any turn that a CRM gives.
    if (due.length === 0) world.clock.advance(11_000);
    for (const { id, data, stamp } of due) {
      const wanted = { tenantId, messageId: MessageId.parse(id) };
      // Half of them are first starts, which claim nothing until they reach out.
      const first = { ...wanted, handoff: { data, stamp } };
      const results = await Promise.all(
        Array.from({ length: atOnce }, (_, n) =>
          deliver(n % 2 === 0 ? first : wanted, { stageFor }, world.deps),
        ),
      );
      const done = results.filter((result) => result === "done").length;
      doneById.set(id, (doneById.get(id) ?? 0) + done);
    }
  }
  const overlapped = doneById.size;
  const once = [...doneById.values()].filter((done) => done === 1).length;
  const tasks = [crms.salesforce, crms.hubspot].map(
    (crm) => crm.ledger().tasks.length,
  );
  const refused = await isStaleRefused(seed, crms);
  await Promise.all([world.close(), crms.close()]);
  return verdictOf(
    [
      {
        what: "R5 stale leases that were not refused",
        reached: refused ? 0 : 1,
        promised: ["=", 0],
      },
      {
        what: "R5 messages not done exactly once",
        reached: overlapped - once,
        promised: ["=", 0],
      },
      {
        what: "R5 tasks in both CRMs",
        reached: tasks.reduce((sum, n) => sum + n, 0),
        promised: ["=", 2],
      },
      {
        what: "R5 messages overlapped",
        reached: overlapped,
        promised: ["=", 5],
      },
    ],
    `R5 seed=${seed}: ${overlapped} messages × ${atOnce} overlapping executions: ${tasks.join(" and ")} task in the CRMs`,
    commandOf("--seed", seed, "r5"),
  );
}

/** Whether a run whose lease ran out, and whose work another has done since, is told so before it acts, and writes nothing. */
async function isStaleRefused(seed: number, crms: Crms): Promise<boolean> {
  const world = openWorld(seed, crms);
  await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  const messageId = await world.emit(tenantId, aTip(accountId, "stale"));
  const wanted = { tenantId, messageId };
  const state = () =>
    world.database.store.read(at.message(tenantId, messageId));

  let release: () => void = () => undefined;
  let told: unknown = null;
  const held = new Promise<void>((resolve) => (release = resolve));
  // A process that hangs neither ends in time nor renews its lease.
  const never = new AbortController().signal;
  const abortAfter = () => ({ signal: never, cancel: () => undefined });
  const slow = deliver(
    wanted,
    {
      stageFor: (topic) => ({
        ...stageFor(topic),
        run: async (job, deps) => {
          await job.takeLease();
          await held;
          told = await job.assertLease().catch((error: unknown) => error);
          return stageFor(topic).run(job, deps);
        },
      }),
    },
    { ...world.deps, clock: { ...world.clock, abortAfter } },
  );
  // The slow one has claimed; its lease runs out, and another finishes the work.
  while ((await state())?.data.lease === null) await nextTurn();
  world.clock.advance(leaseMs("signal-received") + 1);
  const other = await deliver(wanted, { stageFor }, world.deps);
  const before = await state();
  release();
  const came = await slow;
  const after = await state();
  await world.close();
  return (
    other === "done" &&
    came === "not-mine" &&
    told instanceof LeaseLostError &&
    JSON.stringify(after?.stamp) === JSON.stringify(before?.stamp)
  );
}
