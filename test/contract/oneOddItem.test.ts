import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Replay, startReplay } from "../../dev/standins/replay.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { parseDate } from "../../functions/src/domain/kernel/foreignDate.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import type { PollResult } from "../../functions/src/ports/sources.ts";
import { storableItems } from "../../functions/src/pipeline/find/storableItems.ts";
import { connectorRows } from "../support/connectorRows.ts";
import { spoilable } from "../support/oddItems.ts";
import { garbage } from "../support/oddValues.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(() => replay.close());

const lists = Object.entries(connectorRows).flatMap(([kind, row]) =>
  row.lists.map((list) => ({ name: `${kind}, ${list.at}`, list })),
);

describe.each(lists)("one odd item in the list of $name", ({ list }) => {
  const isText = list.element !== undefined;

  test("leaves the others' fate unchanged, whatever it is", async () => {
    const { look, now, items } = await spoilable(list, replay.url);
    expect(items.length).toBeGreaterThan(1);
    const all = await look(null);
    expect(all.items.length).toBeGreaterThan(0);
    expect(all.dropped ?? []).toEqual([]);
    // What comes of the item itself is what is missing where there is nothing in its place.
    const others = await Promise.all(
      items.map(async (_, index) => {
        const without = await look({ index, field: [], by: null });
        return all.items.filter((item) => isIn(without, item));
      }),
    );
    const spoilings = fc.nat(items.length - 1).chain((index) =>
      fc.record({
        index: fc.constant(index),
        field: fc.constantFrom(...(items[index] ?? [[]])),
        by: fc.constantFrom(...garbage),
      }),
    );
    await fc.assert(
      fc.asyncProperty(spoilings, async (spoiling) => {
        const looked = await look(spoiling);
        for (const item of others[spoiling.index] ?? [])
          expect(isIn(looked, item), item.title).toBe(true);
        expect(looked.items.length).toBeLessThanOrEqual(all.items.length + 1);
        checkStorable(looked);
        checkCursor(looked, now);
        // Nor is anything that was there told again at the next look.
        const next = await look(null, looked.cursor);
        for (const item of others[spoiling.index] ?? [])
          expect(isIn(next, item), item.title).toBe(false);
        // And a first look at it throws nothing.
        checkStorable(await look(spoiling, null));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test.skipIf(isText)("is recorded where it is no item at all", async () => {
    const { look, items } = await spoilable(list, replay.url);
    for (const by of [null, 7, "text", [], {}]) {
      const { dropped = [] } = await look({
        index: items.length - 1,
        field: [],
        by,
      });
      // An entry of a feed, or a label, says little: it may well be left out without a word.
      if (["rss"].includes(list.source.kind) || list.at.includes("pipelines"))
        continue;
      expect(dropped.length, JSON.stringify(by)).toBeGreaterThan(0);
      for (const { itemId, detail } of dropped) {
        expect(itemId).not.toBe("");
        expect(detail).not.toBe("");
      }
    }
  });
});

test.each(["ga4", "youtube", "tiktok"] as const)(
  "one odd figure of %s spoils the week of its metric alone",
  async (kind) => {
    const [list] = connectorRows[kind].lists;
    if (list === undefined) throw new Error("no list");
    const { look, items } = await spoilable(list, replay.url);
    const all = await look(null);
    const index = items.length - 8;
    // A day that is of no day is not taken for one on which nothing happened.
    const day = (items[index] ?? []).find((way) => way.length > 0) ?? [];
    for (const by of garbage) {
      const { items: found } = await look({ index, field: day, by });
      for (const item of found) expect(isIn(all, item)).toBe(true);
    }
    const fields = (items[index] ?? []).filter((field) => field.length > 0);
    const told = await Promise.all(
      fields.map((field) => look({ index, field, by: "many" })),
    );
    const figures = told.filter(({ items: found }) => found.length > 0);
    expect(figures.length).toBeGreaterThanOrEqual(all.items.length > 1 ? 2 : 0);
    for (const { items: found, dropped } of figures) {
      for (const item of found) expect(isIn(all, item)).toBe(true);
      if (found.length < all.items.length)
        expect(dropped?.map(({ detail }) => detail)).toContain(
          "A day of it could not be read, and it was not judged.",
        );
    }
  },
);

function isIn({ items }: PollResult, wanted: SourceItem): boolean {
  const text = JSON.stringify(wanted);
  return items.some((item) => JSON.stringify(item) === text);
}

/** What is announced fits the schema of what is stored, in which every date is one that the database holds. */
function checkStorable(looked: PollResult): void {
  const { items, dropped } = storableItems(looked, redactor());
  for (const item of items) {
    expect(SourceItem.safeParse(item).error?.issues).toBeUndefined();
    expect(JSON.stringify(item)).not.toMatch(/\p{Cs}|\\ud[89a-f]/iu);
  }
  for (const { itemId, detail } of dropped) {
    expect(itemId.length).toBeLessThanOrEqual(200);
    expect(detail).not.toBe("");
  }
  expect(items.length + dropped.length).toBeGreaterThanOrEqual(
    looked.items.length,
  );
}

/** A cursor can be stored, and passes nothing that is still to come. */
function checkCursor({ cursor }: PollResult, now: Date): void {
  expect(JSON.stringify(cursor).length).toBeLessThan(30_000);
  for (const [name, value] of Object.entries(cursor)) {
    expect(value, name).not.toMatch(/\p{Cs}/u);
    const at = value.includes("-") ? parseDate(value) : null;
    if (at !== null) expect(at <= now, name).toBe(true);
  }
}
