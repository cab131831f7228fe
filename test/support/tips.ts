import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { openSuite } from "./suite.ts";

/** Hands in a tip that is worth a card, and gives what its card is known by. */
export async function handIn({
  ask,
}: Pick<ReturnType<typeof openSuite>, "ask">): Promise<string> {
  const name = `Kestrel ${randomUUID().slice(0, 8)}`;
  const { status } = await ask("lead", "/api/v1/signals", {
    account_id: "northwind",
    title: `Northwind acquires ${name}`,
    description: `Northwind Traders has agreed to acquire ${name} for 40 million dollars. The acquisition of ${name} is expected to close in the first quarter. Northwind Traders will keep all 120 employees of ${name}.`,
    source_type: "manual",
  });
  expect(status).toBe(202);
  return name;
}

/** The same, once its card is in the inbox; throws where it has not come within a minute. */
export async function handInAndWait(
  suite: Pick<ReturnType<typeof openSuite>, "ask">,
): Promise<void> {
  const name = await handIn(suite);
  const path = "/api/v1/inbox?status=all&limit=100";
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const { body } = await suite.ask("admin", path);
    if (JSON.stringify(body).includes(name)) return;
    await delay(250);
  }
  throw new Error(`The card of ${name} has not come.`);
}
