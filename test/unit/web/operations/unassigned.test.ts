import { describe, expect, it } from "vitest";
import { resolutionExample } from "../../../../functions/src/api/signals/resolutions.ts";
import {
  choiceAfter,
  stepFrom,
  UnassignedPage,
} from "../../../../web/src/features/operations/resolution/unassigned.ts";

describe("the queue of unassigned signals", () => {
  const ids = ["a", "b", "c"];

  it("is read as the API answers it", () => {
    const { items } = UnassignedPage.parse({
      items: [resolutionExample],
      nextCursor: null,
    });
    expect(items.map(({ id }) => id)).toEqual([resolutionExample.id]);
    expect(items[0]?.receivedAt).toEqual(
      new Date(resolutionExample.receivedAt),
    );
  });

  it("is walked from its first to its last, and no further", () => {
    expect(stepFrom(ids, null, 1)).toBe("a");
    expect(stepFrom(ids, null, -1)).toBe("a");
    expect(stepFrom(ids, "a", 1)).toBe("b");
    expect(stepFrom(ids, "c", 1)).toBe("c");
    expect(stepFrom(ids, "a", -1)).toBe("a");
    expect(stepFrom(ids, "gone", 1)).toBe("a");
    expect(stepFrom([], null, 1)).toBeNull();
  });

  it("goes on behind what was decided on", () => {
    expect(choiceAfter(ids, "a")).toBe("b");
    expect(choiceAfter(ids, "c")).toBe("b");
    expect(choiceAfter(["a"], "a")).toBeNull();
    expect(choiceAfter(ids, "gone")).toBeNull();
  });
});
