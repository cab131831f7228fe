import { describe, expect, it } from "vitest";
import { AccountId } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  dayMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  chunk,
  listConditions,
  messageSubject,
} from "../../../../web/src/features/operations/messages/messages.ts";
import {
  dropReason,
  runFigures,
} from "../../../../web/src/features/operations/runs/runs.ts";
import { toSourceLevel } from "../../../../functions/src/domain/accounts/sourceHealth.ts";
import {
  countLevels,
  worstFirst,
} from "../../../../web/src/features/operations/sources/sources.ts";

const now = new Date("2026-11-21T12:00:00Z");

describe("what a message is about", () => {
  it("is its account, its card and its signals", () => {
    const payload = { opportunityId: "card", signalIds: ["a", "b"] };
    expect(messageSubject({ accountId: "globex", payload })).toMatchObject({
      accountId: "globex",
      opportunityId: "card",
      signalIds: ["a", "b"],
      find: null,
    });
  });

  it("is the document that was found, asked for by its address, else by its id", () => {
    const item = {
      source: "sec",
      itemId: "0001",
      revision: "1",
      title: "8-K",
      url: "https://sec.gov/1",
    };
    const about = (url: string | null) =>
      messageSubject({
        accountId: "globex",
        payload: { item: { ...item, url } },
      });
    expect(about(item.url)).toMatchObject({ title: "8-K", find: item.url });
    expect(about(null).find).toBe("sec:0001:1");
  });

  it("is nothing where the payload tells nothing that is understood", () => {
    const payload = { opportunityId: 7, signalIds: "a", item: "x" };
    expect(messageSubject({ accountId: null, payload })).toEqual({
      accountId: null,
      opportunityId: null,
      signalIds: [],
      sourceKey: null,
      title: null,
      find: null,
    });
  });
});

describe("the messages that are listed", () => {
  it("are open ones whose last run failed, where those that are retried are asked for", () => {
    expect(listConditions("retrying", "crm-write")).toEqual([
      ["state", "==", "open"],
      ["attempts", "in", [1, 2, 3, 4, 5]],
      ["topic", "==", "crm-write"],
    ]);
    expect(listConditions("parked", undefined)).toEqual([
      ["state", "==", "parked"],
    ]);
  });

  it("are tried again in parts, none lost", () => {
    expect(chunk([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunk([], 2)).toEqual([]);
  });
});

describe("a look at an account", () => {
  const counts = {
    received: 5,
    receivedDone: 5,
    signals: 2,
    open: 0,
    parked: 0,
  };

  it("has dropped what it received and did not keep", () => {
    expect(runFigures(counts, now, now)).toEqual({
      state: "finished",
      found: 5,
      kept: 2,
      dropped: 3,
    });
  });

  it("has not dropped what is still to be read", () => {
    const half = { ...counts, receivedDone: 2, open: 3 };
    expect(runFigures(half, now, now)).toMatchObject({
      state: "running",
      dropped: 0,
    });
  });

  it("says that work of it is parked", () => {
    const parked = { ...counts, receivedDone: 4, parked: 1 };
    expect(runFigures(parked, now, now)).toMatchObject({ state: "parked" });
  });

  it("cannot be told once its messages are gone", () => {
    const old = addMs(now, -31 * dayMs);
    expect(runFigures(counts, old, now)).toBeNull();
  });

  it("says why a document was not kept, once it was read", () => {
    const skipped = "duplicate: its text";
    expect(dropReason({ state: "done", skipped })).toBe(skipped);
    expect(dropReason({ state: "done", skipped: null })).toBeNull();
    expect(dropReason({ state: "open", skipped })).toBeNull();
  });
});

describe("a source", () => {
  const aSource = (changes: object = {}) => ({
    schemaVersion: 1 as const,
    createdAt: now,
    updatedAt: now,
    accountId: AccountId.parse("globex"),
    sourceKey: "news",
    cursor: null,
    lastPolledAt: now,
    lastGoodAt: now,
    lastError: null,
    consecutiveFailures: 0,
    itemsFound: 3,
    droppedItems: 0,
    dropped: [],
    kind: "rss" as const,
    lastItemAt: now,
    gapMs: null,
    silentAt: null,
    ...changes,
  });
  const failing = aSource({ consecutiveFailures: 2 });
  const worse = aSource({ consecutiveFailures: 9 });
  const unseen = aSource({ lastPolledAt: addMs(now, -dayMs - 1) });
  const empty = aSource({ itemsFound: 0 });
  const well = aSource();

  it("is failing, silent or healthy", () => {
    expect(toSourceLevel(failing, now)).toBe("failing");
    expect(toSourceLevel(unseen, now)).toBe("silent");
    expect(toSourceLevel(empty, now)).toBe("silent");
    expect(toSourceLevel(well, now)).toBe("healthy");
    expect(
      toSourceLevel(aSource({ lastPolledAt: addMs(now, -dayMs) }), now),
    ).toBe("healthy");
    expect(toSourceLevel(aSource({ silentAt: now }), now)).toBe("silent");
    expect(toSourceLevel(aSource({ silentAt: addMs(now, 1) }), now)).toBe(
      "healthy",
    );
    expect(toSourceLevel(aSource({ itemsFound: 0, kind: "ga4" }), now)).toBe(
      "healthy",
    );
  });

  it("stands the higher, the worse it fares", () => {
    const never = aSource({ itemsFound: 0, lastGoodAt: null });
    const all = [well, empty, failing, never, worse];
    expect(worstFirst(all, now)).toEqual([worse, failing, never, empty, well]);
  });

  it("is counted with its like", () => {
    expect(countLevels([well, empty, failing, worse], now)).toEqual({
      failing: 2,
      silent: 1,
      healthy: 1,
    });
  });
});
