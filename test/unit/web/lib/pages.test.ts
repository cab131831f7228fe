import { expect, it } from "vitest";
import type { ListQuery } from "../../../../web/src/lib/firestore/listQuery.ts";
import type { WithId, Live } from "../../../../web/src/lib/firestore/live.ts";
import {
  type Paged,
  readPages,
} from "../../../../web/src/lib/firestore/pages.ts";

interface Row {
  readonly score: number;
}
type Told = (live: Live<readonly WithId<Row>[]>, came: number) => void;

/** A database of rows, best first, that tells each listener at once what it asks for. */
function aDatabase(scores: readonly number[]) {
  let rows = scores.map((score) => ({ id: `r${score}`, score }));
  const listeners = new Map<Told, ListQuery>();
  const answer = (ask: ListQuery, tell: Told) => {
    const [after] = ask.after ?? [Infinity];
    const [until] = ask.until ?? [-Infinity];
    const value = rows
      .filter(({ score }) => score < Number(after) && score >= Number(until))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, ask.limit);
    tell({ state: "ready", value }, value.length);
  };
  return {
    listeners,
    listen: (ask: ListQuery, tell: Told) => {
      listeners.set(tell, ask);
      answer(ask, tell);
      return () => listeners.delete(tell);
    },
    add: (...more: readonly number[]) => {
      rows = [...rows, ...more.map((score) => ({ id: `r${score}`, score }))];
      for (const [tell, ask] of listeners) answer(ask, tell);
    },
  };
}

const ask = {
  orderBy: [
    ["score", "desc"],
    ["__name__", "desc"],
  ],
} as const;
const to = (n: number, from = 1) =>
  Array.from({ length: n - from + 1 }, (_, i) => from + i);

function reading(scores: readonly number[]) {
  const database = aDatabase(scores);
  let shown: Paged<Row> | undefined;
  const reader = readPages<Row>(database.listen, ask, (pages) => {
    shown = pages;
  });
  return {
    ...database,
    ...reader,
    scores: () => shown?.items.map(({ score }) => score),
    hasMore: () => shown?.hasMore,
  };
}

it("reads a hundred at a time, until there are no more", () => {
  const list = reading(to(250));
  expect(list.scores()).toEqual(to(250, 151).toReversed());
  expect(list.hasMore()).toBe(true);
  list.more();
  list.more();
  expect(list.scores()).toEqual(to(250).toReversed());
  expect(list.hasMore()).toBe(false);
  list.more();
  expect(list.listeners.size).toBe(3);
});

it("misses nothing and tells nothing twice when rows come into a page that was read already", () => {
  const list = reading(to(250));
  list.more();
  list.add(...to(60).map((n) => 200 + n / 100), 300);
  expect(list.scores()?.length).toBe(261);
  expect(new Set(list.scores()).size).toBe(261);
  expect(list.scores()).toEqual(list.scores()?.toSorted((a, b) => b - a));
});

it("parts a page before it would hold more than may be asked for", () => {
  const list = reading(to(250));
  list.more();
  for (const n of to(150)) list.add(200 + n / 1000);
  expect(list.scores()?.length).toBe(350);
  expect([...list.listeners.values()].every(({ limit }) => limit <= 200)).toBe(
    true,
  );
  expect(list.listeners.size).toBe(3);
});

it("listens to what is near what is looked at, and shows what came meanwhile when one comes back", () => {
  const list = reading(to(2_000));
  for (let n = 0; n < 19; n++) list.more();
  expect(list.listeners.size).toBe(20);
  list.setVisible(1_900, 1_950);
  expect(list.listeners.size).toBeLessThan(6);
  list.add(1_999.5);
  expect(list.scores()).toHaveLength(2_000);
  list.setVisible(0, 20);
  expect(list.scores()?.slice(0, 3)).toEqual([2_000, 1_999.5, 1_999]);
  expect(list.scores()).toHaveLength(2_001);
});

it("stops all its listeners", () => {
  const list = reading(to(250));
  list.more();
  list.stop();
  expect(list.listeners.size).toBe(0);
});
