import { afterAll, describe, expect, it } from "vitest";
import {
  TopicName,
  topics,
  leaseSlackMs,
} from "../../functions/src/domain/topics.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { signalIfSame, workersOf } from "../../dev/processes.ts";
import { openSuite } from "../support/suite.ts";

const signals = 20;
const longestLeaseMs =
  Math.max(...TopicName.options.map((topic) => topics[topic].timeoutMs)) +
  leaseSlackMs;

describe("every worker of the functions is killed, three times", () => {
  const suite = openSuite();
  afterAll(() => suite.close());

  it(
    "twenty signals in flight have all ended within the longest lease and two ticks, and no ledger holds a duplicate",
    { timeout: longestLeaseMs + 240_000 },
    async () => {
      const accounts = await suite.store.query({
        collection: at.accounts(suite.tenantId),
        where: [],
        limit: 50,
      });
      const marks = Array.from(
        { length: signals },
        (_, n) => `in flight ${Date.now()} number ${n},`,
      );
      let killed = 0;
      for (const [n, mark] of marks.entries()) {
        const account = accounts[n % accounts.length];
        const handIn = () =>
          suite.ask("admin", "/api/v1/signals", {
            account_id: account?.id,
            title: `${account?.data.name} appoints a new chief information officer, ${mark}`,
            description: `${account?.data.name} has appointed a new chief information officer, as was said today under the mark ${mark}. All suppliers will be reviewed within ${30 + n} days.`,
            source_type: "manual",
          });
        // The API's own worker is among those killed: whoever gets no answer sends the same again, and it is the same signal.
        await expect
          .poll(async () => (await handIn()).status, { timeout: 30_000 })
          .toBe(202);
        if (n % 6 === 5) killed += await killWorkers(suite.facts.pid);
      }
      expect(killed).toBeGreaterThan(3);
      const started = Date.now();

      const open = async () => {
        const all = await suite.db
          .collection(at.messages(suite.tenantId).path)
          .where("state", "==", "open")
          .get();
        return all.docs
          .filter((message) => message.get("topic") !== "review-deadline")
          .map(
            (message) =>
              `${message.id} ${String(message.get("starts"))} starts`,
          );
      };
      await expect
        .poll(open, { timeout: longestLeaseMs + 120_000, interval: 1_000 })
        .toEqual([]);

      const found = await Promise.all(
        marks.map(
          async (mark) =>
            (
              await suite.db
                .collection(at.opportunities(suite.tenantId).path)
                .get()
            ).docs.filter((card) =>
              String(card.get("card.title")).includes(mark),
            ).length,
        ),
      );
      expect(found).toEqual(marks.map(() => 1));
      const { salesforce, hubspot } = await suite.ledgers();
      for (const ledger of [salesforce, hubspot])
        expect(new Set(ledger.map(({ key }) => key)).size).toBe(ledger.length);
      console.log(
        `${killed} workers killed; ${signals} signals ended ${((Date.now() - started) / 1000).toFixed(0)} s after the last kill`,
      );
    },
  );
});

/** Kills every process below `root` that runs functions; returns how many. */
async function killWorkers(root: number): Promise<number> {
  const workers = await workersOf(root);
  for (const worker of workers) await signalIfSame(worker, "SIGKILL");
  return workers.length;
}
