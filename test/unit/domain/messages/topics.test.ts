import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AccountId,
  MessageId,
  OpportunityId,
  SignalId,
} from "../../../../functions/src/domain/kernel/ids.ts";
import {
  toMessageId,
  type Payload,
  TopicName,
  topics,
} from "../../../../functions/src/domain/messages/topics.ts";

const accountId = AccountId.parse("acme");
const opportunityId = OpportunityId.parse("o1");
const signalIds = ["s1", "s2", "s3"].map((id) => SignalId.parse(id));
const item = {
  source: "rss",
  itemId: "guid-1",
  revision: "1",
  url: "https://example.com/1",
  title: "A title",
  publisher: "Example",
  publishedAt: null,
  facts: { a: "1" },
} as const;

const payloads: { readonly [T in TopicName]: Payload<T> } = {
  "account-due": {
    accountId,
    occasion: "2026-11-20T10:00",
    sourceKey: "feed",
    part: 0,
  },
  "vendor-due": {
    accountId,
    occasion: "2026-11-20T10:00",
    sourceKey: "feed",
    part: 0,
  },
  "signal-received": {
    accountId,
    sourceKey: "feed",
    item,
    handedIn: null,
    by: null,
  },
  "signal-ingested": {
    accountId,
    signalId: SignalId.parse("s1"),
    embeddingModel: "m1",
  },
  "account-assess": { accountId, slot: 7 },
  "signal-qualified": {
    accountId,
    opportunityId,
    playbookId: "p",
    clusterId: "c",
    signalIds,
    refined: null,
  },
  "review-deadline": { accountId, opportunityId, version: 1 },
  "snooze-end": { accountId, opportunityId, version: 1 },
  "opportunity-approved": { accountId, opportunityId, version: 1 },
  "crm-write": { accountId, opportunityId, version: 1, crm: "salesforce" },
  "activation-settled": {
    accountId,
    opportunityId,
    version: 1,
    crm: "salesforce",
    revision: 1,
  },
  "audience-changed": {
    accountId,
    version: 2,
    round: 1,
    after: { collection: "signals", id: "s1" },
  },
  "asset-changed": { assetId: "a1", version: 1 },
  "signals-reembed": {
    model: "m2",
    occasion: "by hand",
    collection: "signals",
    after: "s1",
  },
  "dashboard-due": { slot: 7, after: { updatedAt: 1, id: "o1" } },
  "dashboard-day": { day: 20_777, slot: 7 },
};
const names = TopicName.options;
const idOf = <T extends TopicName>(
  name: T,
  changes: Partial<Payload<T>> = {},
) => toMessageId(name, { ...payloads[name], ...changes });

describe("the id of a piece of work", () => {
  it("is told for every topic", () => {
    expect(Object.keys(payloads).toSorted()).toEqual(names.toSorted());
  });

  it.each(names)(
    "%s: the same for the same payload, in whatever order its keys stand",
    (name) => {
      const turned = topics[name].payload.parse(
        Object.fromEntries(Object.entries(payloads[name]).toReversed()),
      );
      expect(toMessageId(name, turned)).toBe(idOf(name));
      expect(idOf(name)).toMatch(new RegExp(`^${name}_[0-9a-f]{32}$`, "u"));
    },
  );

  it("differs with whatever makes it other work", () => {
    const ids = [
      ...names.map((name) => idOf(name)),
      idOf("account-due", { accountId: AccountId.parse("other") }),
      idOf("account-due", { occasion: "2026-11-20T11:00" }),
      idOf("account-due", { sourceKey: null }),
      idOf("account-due", { part: 1 }),
      idOf("signal-received", { accountId: AccountId.parse("other") }),
      idOf("signal-received", { sourceKey: "another-feed" }),
      idOf("signal-received", { item: { ...item, source: "sec" } }),
      idOf("signal-received", { item: { ...item, itemId: "guid-2" } }),
      idOf("signal-received", { item: { ...item, revision: "2" } }),
      idOf("signal-ingested", { signalId: SignalId.parse("s2") }),
      idOf("signal-ingested", { embeddingModel: "m2" }),
      idOf("account-assess", { slot: 8 }),
      idOf("signal-qualified", { opportunityId: OpportunityId.parse("o2") }),
      idOf("signal-qualified", { signalIds: signalIds.slice(1) }),
      idOf("signal-qualified", { refined: { version: 1 } }),
      idOf("signal-qualified", { refined: { version: 2 } }),
      idOf("review-deadline", { version: 2 }),
      idOf("snooze-end", { version: 2 }),
      idOf("opportunity-approved", { version: 2 }),
      idOf("crm-write", { version: 2 }),
      idOf("crm-write", { crm: "hubspot" }),
      idOf("activation-settled", { crm: "hubspot" }),
      idOf("activation-settled", { revision: 2 }),
      idOf("dashboard-due", { slot: 8 }),
      idOf("dashboard-due", { after: null }),
      idOf("dashboard-due", { after: { updatedAt: 2, id: "o1" } }),
      idOf("dashboard-due", { after: { updatedAt: 1, id: "o2" } }),
      idOf("dashboard-day", { day: 20_778 }),
      idOf("dashboard-day", { slot: 8 }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("does not differ with what only travels along", () => {
    expect(
      idOf("signal-received", {
        item: { ...item, title: "Another", url: null, facts: {} },
      }),
    ).toBe(idOf("signal-received"));
    expect(idOf("signal-qualified", { playbookId: null })).toBe(
      idOf("signal-qualified"),
    );
  });

  it("does not depend on the order of the signals, and leaves it as it was", () => {
    const turned = signalIds.toReversed();
    expect(idOf("signal-qualified", { signalIds: turned })).toBe(
      idOf("signal-qualified"),
    );
    expect(turned).toEqual(["s3", "s2", "s1"]);
  });
});

const naughtyFile = join(
  process.env["RECORDINGS_DIR"] ??
    resolve(import.meta.dirname, "../../../../../shared/data"),
  "strings/blns.json",
);
const present = existsSync(naughtyFile);
if (!present)
  console.log("naughty strings are left out: the recordings are not there");

/** What Firestore takes as a document id (Quotas and limits, Collections, documents, and fields). */
function isDocumentId(id: string): boolean {
  return (
    id !== "" &&
    Buffer.byteLength(id) <= 1500 &&
    !id.includes("/") &&
    !/^\.{1,2}$/u.test(id) &&
    !/^__.*__$/su.test(id) &&
    !/\p{Cs}/u.test(id)
  );
}

function expectAnIdFor(text: string): void {
  const id = toMessageId("signal-received", {
    ...payloads["signal-received"],
    sourceKey: text,
    item: { ...item, itemId: text, revision: text },
  });
  expect(MessageId.parse(id)).toBe(id);
  expect(isDocumentId(id)).toBe(true);
}

describe("an id made of naughty strings", () => {
  it("is a document id for any string at all", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), expectAnIdFor),
    );
    for (const text of [
      "",
      "/",
      "..",
      "__x__",
      "\ud800",
      "\u0000",
      "💣".repeat(400),
    ])
      expectAnIdFor(text);
  });

  it.skipIf(!present)(
    "is a document id for each of the big list, and no two are alike",
    () => {
      const list = z
        .array(z.string())
        .parse(JSON.parse(readFileSync(naughtyFile, "utf8")));
      expect(list.length).toBeGreaterThan(400);
      list.forEach(expectAnIdFor);
      const different = new Set(list);
      const ids = [...different].map((text) =>
        toMessageId("signal-received", {
          ...payloads["signal-received"],
          item: { ...item, itemId: text },
        }),
      );
      expect(new Set(ids).size).toBe(different.size);
    },
  );

  it.skipIf(!present)(
    "is taken from outside only where the database takes it",
    () => {
      const list = z
        .array(z.string())
        .parse(JSON.parse(readFileSync(naughtyFile, "utf8")));
      const taken = list.filter((text) => AccountId.safeParse(text).success);
      expect(taken.length).toBeGreaterThan(100);
      expect(taken.filter((text) => !isDocumentId(text))).toEqual([]);
    },
  );
});
