import { afterAll, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { signalIfSame, findWorkers } from "../../dev/processes.ts";
import { leaveInFlight } from "../support/killedWorkers.ts";
import { openSuite } from "../support/suite.ts";

const signals = 20;
const suite = openSuite();
afterAll(() => suite.close());

// What became of the signals is counted last, in workersEnded.test.ts: a lease may take five minutes to run out.
it("every worker of the functions is killed, three times, while twenty signals are in flight", async () => {
  const accounts = await suite.store.query({
    collection: at.accounts(suite.tenantId),
    where: [],
    limit: 50,
  });
  const traceId = `workers-killed-${Date.now()}`;
  const marks = Array.from(
    { length: signals },
    (_, n) => `in flight ${Date.now()} number ${n},`,
  );
  let killed = 0;
  let lastKillAt = new Date();
  for (const [n, mark] of marks.entries()) {
    const account = accounts[n % accounts.length];
    const handIn = () =>
      suite.ask(
        "admin",
        "/api/v1/signals",
        {
          account_id: account?.id,
          title: `${account?.data.name} appoints a new chief information officer, ${mark}`,
          description: `${account?.data.name} has appointed a new chief information officer, as was said today under the mark ${mark}. All suppliers will be reviewed within ${30 + n} days.`,
          source_type: "manual",
        },
        { "x-request-id": traceId },
      );
    // The API's own worker is among those killed: whoever gets no answer sends the same again, and it is the same signal.
    await expect
      .poll(async () => (await handIn()).status, { timeout: 30_000 })
      .toBe(202);
    if (n % 6 === 5) {
      killed += await killWorkers(suite.facts.pid);
      lastKillAt = new Date();
    }
  }
  expect(killed).toBeGreaterThan(3);
  const inFlight = { traceId, marks, killed, lastKillAt };
  await leaveInFlight(suite.facts.pid, inFlight);
});

/** Kills every process below `root` that runs functions; returns how many. */
async function killWorkers(root: number): Promise<number> {
  const workers = await findWorkers(root);
  for (const worker of workers) await signalIfSame(worker, "SIGKILL");
  return workers.length;
}
