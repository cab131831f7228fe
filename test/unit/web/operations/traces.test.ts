import { describe, expect, it } from "vitest";
import {
  parseQuestion,
  type Story,
  toStories,
  type Traces,
} from "../../../../web/src/features/operations/traces/traces.ts";

type Trace = Traces["items"][number];
type SignalTrace = Extract<Trace, { kind: "signal" }>;
type DecisionTrace = Extract<Trace, { kind: "decision" }>;

const at = new Date("2026-11-21T12:00:00Z");

function aSignal(changes: Partial<SignalTrace> = {}): SignalTrace {
  return {
    kind: "signal",
    at,
    accountId: "globex",
    title: "Globex raises money",
    url: "https://news.example/1",
    signalId: "globex_1",
    status: "qualified",
    category: "funding",
    relevance: 0.9,
    cards: [],
    ...changes,
  };
}

function aDecision(changes: Partial<DecisionTrace> = {}): DecisionTrace {
  return {
    kind: "decision",
    at,
    accountId: "globex",
    title: "Globex raises money",
    url: "https://news.example/1",
    signalId: null,
    itemId: "rss:1:1",
    stage: "ingest",
    verdict: "dropped",
    reason: "unreadable",
    detail: "",
    setting: null,
    ...changes,
  };
}

function reached(story: Story | undefined) {
  const step = story?.steps.find(
    ({ state }, i) => state !== "passed" || i === story.steps.length - 1,
  );
  return [step?.name, step?.state, step?.decision?.reason ?? null];
}

describe("the story of an item", () => {
  it("ends at its card, every stage passed", () => {
    const cards = [{ id: "card", status: "in_review" }];
    const [story] = toStories([aSignal({ cards })]);
    expect(story?.steps.every(({ state }) => state === "passed")).toBe(true);
  });

  it.each([
    ["gone", "read"],
    ["empty", "read"],
    ["unreadable", "read"],
    ["too-large", "read"],
    ["not-about-account", "about"],
    ["no-account", "about"],
    ["duplicate", "new"],
  ] as const)("that was dropped as %s stops at %s", (reason, step) => {
    const [story] = toStories([aDecision({ reason })]);
    expect(reached(story)).toEqual([step, "stopped", reason]);
  });

  it("stops where it was not relevant enough, with the setting that decided", () => {
    const setting = { name: "relevanceThreshold", value: 0.5, measured: 0.41 };
    const [story] = toStories([
      aSignal({ status: "below_relevance" }),
      aDecision({
        signalId: "globex_1",
        reason: "below-relevance",
        stage: "assess",
        setting,
      }),
    ]);
    expect(reached(story)).toEqual(["relevant", "stopped", "below-relevance"]);
    const stopped = story?.steps.find(({ name }) => name === "relevant");
    expect(stopped?.decision?.setting).toEqual(setting);
  });

  it("waits where the account's intent is too low", () => {
    const [story] = toStories([
      aSignal({ status: "held" }),
      aDecision({
        signalId: "globex_1",
        verdict: "held",
        reason: "below-intent",
      }),
    ]);
    expect(reached(story)).toEqual(["intent", "waiting", "below-intent"]);
  });

  it("stops at the card where that was decided on before, whatever was held earlier", () => {
    const [story] = toStories([
      aSignal(),
      aDecision({
        signalId: "globex_1",
        verdict: "held",
        reason: "below-intent",
        at: new Date(at.getTime() - 1_000),
      }),
      aDecision({ signalId: "globex_1", reason: "already-decided" }),
    ]);
    expect(reached(story)).toEqual(["card", "stopped", "already-decided"]);
  });

  it("waits while it is weighed, and while its card is written", () => {
    const weighed = toStories([aSignal({ status: "embedded" })]);
    expect(reached(weighed[0])).toEqual(["relevant", "waiting", null]);
    const written = toStories([
      aSignal(),
      aDecision({ signalId: "globex_1", verdict: "kept", reason: "qualified" }),
    ]);
    expect(reached(written[0])).toEqual(["card", "waiting", null]);
  });

  it("waits for its card where all that is known is that it was let through", () => {
    const [story] = toStories([
      aDecision({ signalId: "globex_1", verdict: "kept", reason: "qualified" }),
    ]);
    expect(reached(story)).toEqual(["card", "waiting", null]);
  });

  it("counts what came again with the same text, and tells no story of it", () => {
    const detail = "Its text is the same as that of the signal globex_1.";
    const again = aDecision({ reason: "duplicate", detail });
    const stories = toStories([aSignal(), again, again]);
    expect(stories).toHaveLength(1);
    expect(stories[0]?.repeats).toBe(2);
  });

  it("is told for each account that received it, the newest first", () => {
    const later = new Date(at.getTime() + 1_000);
    const stories = toStories([
      aSignal(),
      aSignal({ accountId: "initech", signalId: "initech_1", at: later }),
    ]);
    expect(stories.map(({ accountId }) => accountId)).toEqual([
      "initech",
      "globex",
    ]);
  });
});

describe("what is asked for", () => {
  it.each([
    ["https://news.example/1", "url", "https://news.example/1"],
    [" news.example/1 ", "url", "https://news.example/1"],
    ["news.example", "url", "https://news.example"],
    ["rss:https://news.example/1:2", "itemId", "rss:https://news.example/1:2"],
    ["globex_0a1b", "signalId", "globex_0a1b"],
  ] as const)("%s is asked for as %s", (text, kind, value) => {
    expect(parseQuestion(text)).toEqual([kind, value]);
  });
});
