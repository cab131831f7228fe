import { describe, expect, it } from "vitest";
import {
  summariseRun,
  type RunFacts,
} from "../../../../web/src/features/accounts/run/runSummary.ts";
import {
  aRecord,
  aSeenSignal,
  aStep,
  minutes,
  noParts,
} from "./timelineParts.ts";

const run: RunFacts = {
  id: "run",
  startedAt: minutes(10),
  startedBy: "ann",
  traceId: "asked",
  open: 0,
  done: 4,
  parked: 0,
  error: null,
};
const soon = minutes(11);

describe("a look at an account", () => {
  it("runs while something of it is open, and ends when nothing is", () => {
    expect(summariseRun({ ...run, open: 2 }, noParts, soon)).toMatchObject({
      phase: "running",
      steps: { done: 4, all: 6 },
    });
    expect(summariseRun(run, noParts, soon).phase).toBe("ended");
  });

  it("ends too where all that is left is parked", () => {
    const parked = { ...run, done: 0, parked: 1 };
    expect(summariseRun(parked, noParts, soon).phase).toBe("ended");
  });

  it("has not ended before its first message is seen, unless that was long ago", () => {
    const bare = { ...run, done: 0 };
    expect(summariseRun(bare, noParts, soon).phase).toBe("running");
    expect(summariseRun(bare, noParts, minutes(60)).phase).toBe("ended");
  });

  it("counts what is new since it began, and nothing that others brought", () => {
    const look = summariseRun(
      run,
      {
        ...noParts,
        signals: {
          items: [
            aSeenSignal("mine", 11, { runId: "run" }),
            aSeenSignal("another's", 11, { runId: "clock" }),
          ],
          hasMore: false,
        },
        records: {
          items: [
            aRecord("mine", 11, { traceId: "asked" }),
            aRecord("held", 11, { traceId: "asked", verdict: "held" }),
            aRecord("another's", 11),
          ],
          hasMore: false,
        },
        histories: new Map([
          ["new", [aStep("v1", 11)]],
          ["grown", [aStep("v2", 11, { what: "more evidence" })]],
          ["old", [aStep("v1", 9)]],
        ]),
      },
      soon,
    );
    expect(look.signals.map(({ id }) => id)).toEqual(["mine"]);
    expect(look).toMatchObject({ newCards: 1, changedCards: 1, dropped: 1 });
  });

  it("says that there may be more signals where the list was not read back to its start", () => {
    const of = (at: number) =>
      summariseRun(
        run,
        {
          ...noParts,
          signals: {
            items: [aSeenSignal("s", at, { runId: "run" })],
            hasMore: true,
          },
        },
        soon,
      ).hasMoreSignals;
    expect(of(11)).toBe(true);
    expect(of(9)).toBe(false);
  });
});
