import { describe, expect, it } from "vitest";
import {
  type CountedCard,
  toDashboardDay,
} from "../../../../functions/src/domain/reports/dashboard.ts";
import { AccountId, Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  toDay,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  toPeriod,
  mostFrequent,
  displayedTargets,
  toWeeks,
} from "../../../../web/src/features/reports/weeks.ts";
import { aCard, now } from "../../domain/cards/aCard.ts";

const today = toDay(now);
const by = Uid.parse("ann");

function aDay(daysAgo: number, states: readonly CountedCard["state"][]) {
  const cards = states.map((state) => ({
    accountId: AccountId.parse("globex"),
    category: "funding" as const,
    sources: ["rss" as const],
    state,
    receivedAt: addMs(now, -1_000),
    createdAt: now,
    card: aCard(),
  }));
  return toDashboardDay(today - daysAgo, cards, { complete: true });
}

const open = { status: "in_review", dueAt: now, escalatedAt: null } as const;
const accepted = {
  status: "activated",
  by,
  at: now,
  version: 1,
  contentHash: "h",
  settledAt: now,
} as const;
const rejected = {
  status: "rejected",
  by,
  at: now,
  reason: "old_news",
  note: "",
} as const;

describe("the weeks of the dashboard", () => {
  it("are whole, the last one ending today, the oldest first", () => {
    const days = [aDay(0, [open]), aDay(6, [open]), aDay(7, [open])];
    const weeks = toWeeks(days, 2, { weeks: 4, today });
    expect(weeks.map(({ cards }) => cards)).toEqual([0, 0, 1, 2]);
    expect(weeks.map(({ cardsPerAccount }) => cardsPerAccount)).toEqual([
      0, 0, 0.5, 1,
    ]);
    expect(weeks.at(-1)?.last).toBe(aDay(0, []).day);
    expect(weeks.at(-1)?.first).toBe(aDay(6, []).day);
  });

  it("have no cards per account while no account is watched, and no acceptance while nothing is decided", () => {
    const [week] = toWeeks([aDay(0, [open])], 0, { weeks: 1, today });
    expect(week).toMatchObject({ cardsPerAccount: null, acceptance: null });
  });

  it("say of how many decisions their acceptance is", () => {
    const days = [aDay(1, [accepted, accepted, accepted, rejected, open])];
    const [week] = toWeeks(days, 1, { weeks: 1, today });
    expect(week).toMatchObject({ decided: 4, acceptance: 0.75 });
  });

  it("leave days before the period out of it", () => {
    const days = [aDay(27, [open]), aDay(28, [open])];
    expect(toPeriod(days, { weeks: 4, today }).cards).toBe(1);
  });
});

describe("the targets as they are shown", () => {
  const relevance = (decided: number) => {
    const days = [
      aDay(
        0,
        Array.from({ length: decided }, () => accepted),
      ),
    ];
    const period = toPeriod(days, { weeks: 4, today });
    return displayedTargets(period, 1, 0).find(({ id }) => id === "KPI-02");
  };

  it("tell no acceptance of fewer than twenty decisions", () => {
    expect(relevance(19)).toMatchObject({
      value: null,
      met: null,
      reason: "too-few-decided",
    });
    expect(relevance(20)).toMatchObject({ value: 1, met: true, reason: null });
  });

  it("say that nothing was decided where nothing was", () => {
    expect(relevance(0)?.reason).toBe("nothing-decided");
  });
});

describe("what is ranked", () => {
  it("comes with the most frequent first, then by name, and no more than asked", () => {
    expect(mostFrequent({ b: 2, a: 2, c: 5, d: 1 }, 3)).toEqual([
      ["c", 5],
      ["a", 2],
      ["b", 2],
    ]);
  });
});
