import { randomUUID } from "node:crypto";
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

/** The same, once its card is in the inbox. */
export async function handInAndWait(
  suite: Pick<ReturnType<typeof openSuite>, "ask">,
): Promise<void> {
  const name = await handIn(suite);
  const listed = async () =>
    JSON.stringify(
      (await suite.ask("admin", "/api/v1/inbox?status=all&limit=100")).body,
    );
  await expect.poll(listed, { timeout: 60_000 }).toContain(name);
}
