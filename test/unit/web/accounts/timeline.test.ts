import { describe, expect, it } from "vitest";
import {
  byDay,
  type Parts,
  buildTimeline,
} from "../../../../web/src/features/accounts/timeline/timeline.ts";
import { EntryKind } from "../../../../web/src/features/accounts/search.ts";
import {
  aCard,
  aRecord,
  aSeenSignal,
  aStep,
  anActivation,
  minutes,
  noParts,
} from "./timelineParts.ts";

const all = EntryKind.options;
const keysOf = (parts: Parts, kinds: readonly EntryKind[] = all) =>
  buildTimeline(parts, kinds).entries.map(({ key }) => key);
const list = <T>(items: readonly T[], hasMore = false) => ({ items, hasMore });

describe("the timeline of an account", () => {
  const parts: Parts = {
    signals: list([aSeenSignal("s2", 50), aSeenSignal("s1", 10)]),
    cards: list([aCard("c1", 40)]),
    records: list([aRecord("d1", 30)]),
    activations: list([anActivation("a1", 45)]),
    histories: new Map([
      [
        "c1",
        [aStep("v2", 40, { by: "ann", what: "approve" }), aStep("v1", 20)],
      ],
    ]),
  };

  it("merges all lists, the newest first", () => {
    expect(keysOf(parts)).toEqual([
      "signal s2",
      "crm a1",
      "card c1 v2",
      "drop d1",
      "card c1 v1",
      "signal s1",
    ]);
  });

  it("tells what people decided from what the pipeline did to a card", () => {
    const { entries } = buildTimeline(parts, ["card", "decision"]);
    expect(entries.map(({ kind }) => kind)).toEqual(["decision", "card"]);
    expect(keysOf(parts, ["decision"])).toEqual(["card c1 v2"]);
  });

  it("shows no kind but those that are asked for", () => {
    expect(keysOf(parts, ["drop", "crm"])).toEqual(["crm a1", "drop d1"]);
  });

  it("keeps back what is older than the end of a list that was not read to its end, and says which to read on", () => {
    const cut = { ...parts, records: list([aRecord("d1", 30)], true) };
    expect(keysOf(cut)).toEqual([
      "signal s2",
      "crm a1",
      "card c1 v2",
      "drop d1",
    ]);
    expect(buildTimeline(cut, all).wanting).toEqual(["records"]);
  });

  it("does not wait for lists of kinds that are not asked for", () => {
    const cut = { ...parts, records: list([aRecord("d1", 30)], true) };
    expect(keysOf(cut, ["signal"])).toEqual(["signal s2", "signal s1"]);
    expect(buildTimeline(cut, ["signal"]).wanting).toEqual([]);
  });

  it("shows nothing while a list has not come yet", () => {
    const waiting = { ...parts, activations: list<never>([], true) };
    expect(buildTimeline(waiting, all)).toEqual({
      entries: [],
      wanting: ["activations"],
    });
  });

  it("grows at its old end alone when more of a list is read", () => {
    const signals = [60, 50, 40, 30, 20, 10].map((at) =>
      aSeenSignal(`s${at}`, at),
    );
    const records = [55, 45, 35, 25, 15].map((at) => aRecord(`d${at}`, at));
    let before: readonly string[] = [];
    for (let read = 1; read <= 6; read += 1) {
      const now = keysOf({
        ...noParts,
        signals: list(signals.slice(0, read), read < 6),
        records: list(records.slice(0, Math.ceil(read / 2)), read < 6),
      });
      expect(now.slice(0, before.length)).toEqual(before);
      before = now;
    }
    expect(before).toHaveLength(9);
  });

  it("says where a card stands of which no step was read", () => {
    const { entries } = buildTimeline({ ...parts, histories: new Map() }, [
      "card",
    ]);
    expect(entries).toMatchObject([
      { key: "card c1", kind: "card", step: null, at: minutes(40) },
    ]);
  });

  it("leaves to the CRMs' own entries what the card's steps say of them, and leaves out what was kept", () => {
    const told: Parts = {
      ...noParts,
      cards: list([aCard("c1", 40)]),
      records: list([{ ...aRecord("d1", 30), verdict: "kept" }]),
      histories: new Map([
        [
          "c1",
          [
            aStep("v4", 40, { what: "activated_2", to: "activated" }),
            aStep("v3", 30, { what: "activating", to: "activating" }),
            aStep("v2", 20, { by: "ann", what: "approve", to: "approved" }),
          ],
        ],
      ]),
    };
    expect(keysOf(told)).toEqual(["card c1 v2"]);
  });

  it("names the card of a CRM write where it is known", () => {
    const of = (cards: Parts["cards"]) =>
      buildTimeline({ ...parts, cards }, ["crm"]).entries;
    expect(of(parts.cards)).toMatchObject([{ card: { id: "c1" } }]);
    expect(of(list([]))).toMatchObject([{ card: null }]);
  });

  it("is parted into days where the reader is, each day once", () => {
    const { entries } = buildTimeline(parts, all);
    const days = byDay(entries, (at) =>
      at.getTime() >= minutes(40).getTime() ? "late" : "early",
    );
    expect(days.map(({ day, entries: of }) => [day, of.length])).toEqual([
      ["late", 3],
      ["early", 3],
    ]);
  });
});
