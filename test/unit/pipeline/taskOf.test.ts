import { expect, test } from "vitest";
import { taskOf } from "../../../functions/src/pipeline/activate.ts";
import { aCard, now } from "../domain/aCard.ts";

const activation = { externalId: "clientpulse-o1-v2", crm: "hubspot" } as const;
const account = { identifiers: { hubspot: "1001" } };
const review = { status: "in_review", dueAt: now, escalatedAt: null } as const;
const aTask = (title: string) =>
  taskOf(activation, {
    opportunity: {
      card: { ...aCard(), title },
      state: review,
      receivedAt: now,
    },
    account,
  });

test("a task says what the card claims, how it scores and which card it is of, and is due in three days", () => {
  const task = aTask("Peggy Alford leaves the board of Meta");
  expect(task).toMatchObject({
    externalId: "clientpulse-o1-v2",
    subject: "Peggy Alford leaves the board of Meta",
    crmAccountId: "1001",
    dueAt: new Date("2026-11-23T10:00:00.000Z"),
  });
  for (const { kind, text } of aCard().claims)
    expect(task.body).toContain(`${kind}: ${text}`);
  expect(task.body).toContain(`Score ${aCard().score.total} of 100`);
  expect(task.body).toContain("clientpulse-o1-v2");
});

test("a title that is too long for a CRM is cut between characters", () => {
  const { subject } = aTask(`${"a".repeat(254)}🚀 lifts off`);
  expect(subject).toBe("a".repeat(254));
});
