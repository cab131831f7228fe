import { afterAll, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import {
  leaseMs,
  TopicName,
} from "../../functions/src/domain/messages/topics.ts";
import { foundInFlight } from "../support/killedWorkers.ts";
import { openSuite } from "../support/suite.ts";

const longestLeaseMs = Math.max(...TopicName.options.map(leaseMs));
const twoTicksMs = 120_000;

const suite = openSuite();
afterAll(() => suite.close());

it(
  "the signals that were in flight while every worker was killed have all ended within the longest lease and two ticks, and no ledger holds a duplicate",
  { timeout: longestLeaseMs + 2 * twoTicksMs },
  async () => {
    const { traceId, marks, killed, lastKillAt } = await foundInFlight(
      suite.facts.pid,
    );
    const ofTheirs = async () =>
      (
        await suite.db
          .collection(at.messages(suite.tenantId).path)
          .where("traceId", "==", traceId)
          .get()
      ).docs.filter((message) => message.get("topic") !== "review-deadline");
    const open = async () =>
      (await ofTheirs())
        .filter((message) => message.get("state") === "open")
        .map(
          (message) => `${message.id} ${String(message.get("starts"))} starts`,
        );
    await expect
      .poll(open, { timeout: longestLeaseMs + twoTicksMs, interval: 1_000 })
      .toEqual([]);
    const endedAt = (await ofTheirs()).map(
      (message) => message.updateTime.toMillis() - lastKillAt.getTime(),
    );
    expect(endedAt.length).toBeGreaterThanOrEqual(4 * marks.length);
    expect(Math.max(...endedAt)).toBeLessThanOrEqual(
      longestLeaseMs + twoTicksMs,
    );

    const cards = await suite.db
      .collection(at.opportunities(suite.tenantId).path)
      .get();
    const found = marks.map(
      (mark) =>
        cards.docs.filter((card) =>
          String(card.get("card.title")).includes(mark),
        ).length,
    );
    expect(found).toEqual(marks.map(() => 1));
    const { salesforce, hubspot } = await suite.ledgers();
    for (const ledger of [salesforce, hubspot])
      expect(new Set(ledger.map(({ key }) => key)).size).toBe(ledger.length);
    console.log(
      `${killed} workers killed; ${marks.length} signals ended ${(Math.max(...endedAt) / 1000).toFixed(0)} s after the last kill`,
    );
  },
);
