import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import type { DecisionRecord } from "../../functions/src/domain/signals/decisionRecord.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import { SignalId } from "../../functions/src/domain/kernel/ids.ts";
import { toAudience } from "../../functions/src/domain/people/roles.ts";
import { create, put } from "../../functions/src/ports/store.ts";
import {
  aCase,
  acme,
  bodyOf,
  globex,
  initech,
  present,
  problemOf,
  sharedApi,
} from "../support/api.ts";
import { aSource } from "../support/briefs.ts";

const api = await sharedApi();

const Traces = z.object({
  items: z.array(
    z.object({
      kind: z.enum(["signal", "decision"]),
      at: z.string(),
      accountId: z.string(),
      status: z.string().optional(),
      cards: z
        .array(z.object({ id: z.string(), status: z.string() }))
        .optional(),
      reason: z.string().optional(),
      setting: z.object({ name: z.string() }).nullish(),
    }),
  ),
  hint: z
    .object({
      code: z.literal("never-received"),
      watchedBy: z.array(z.object({ accountId: z.string(), key: z.string() })),
    })
    .nullable(),
});

const ask = async (query: Readonly<Record<string, string>>, person = "anna") =>
  bodyOf(
    await api.as(person, `/api/v1/decisions?${new URLSearchParams(query)}`),
    200,
    Traces,
  );

const page = "https://globex.example/news/marathon";

function aDecision(changes: Partial<Unstamped<DecisionRecord>> = {}) {
  return {
    accountId: globex,
    audience: toAudience(["anna"], ["north"]),
    stage: "assess",
    itemId: "rss:guid-1:1",
    signalId: "globex_s1",
    url: page,
    title: "Globex sponsors a marathon",
    verdict: "dropped",
    reason: "below-relevance",
    detail: "",
    setting: { name: "relevanceThreshold", value: 0.5, measured: 0.3 },
    traceId: "t",
    ...changes,
  } as const;
}

const signalId = SignalId.parse("globex_s1");
const card = aCase("card-of-s1", api.clock.now(), {
  opportunity: { signalIds: [signalId] },
});
await api.write([
  create(at.signal(acme, signalId), {
    ...aSource("Globex sponsors a marathon.").data,
    accountId: globex,
    audience: toAudience(["anna"], ["north"]),
    url: page,
    status: "qualified",
  }),
  ...card.writes,
]);
api.clock.advance(1_000);
await api.write([
  create(at.decision(acme, "d1"), aDecision()),
  create(
    at.decision(acme, "d2"),
    aDecision({
      accountId: initech,
      audience: toAudience(["bob"], ["south"]),
      signalId: null,
      reason: "not-about-account",
      setting: null,
    }),
  ),
]);

describe("why somebody did not see it", () => {
  it.each([
    page,
    "HTTPS://GLOBEX.example/news/marathon/?utm_source=mail#top",
    "http://globex.example/news/marathon",
  ])("is told by the page's address, spelled %s", async (url) => {
    const { items, hint } = await ask({ url });
    expect(hint).toBeNull();
    expect(items).toMatchObject([
      {
        kind: "decision",
        reason: "below-relevance",
        setting: { name: "relevanceThreshold" },
      },
      {
        kind: "signal",
        status: "qualified",
        cards: [{ id: "card-of-s1", status: "in_review" }],
      },
    ]);
  });

  it("is told by the signal and by the source's own item", async () => {
    const bySignal = await ask({ signalId: "globex_s1" });
    expect(bySignal.items.map(({ kind }) => kind)).toEqual([
      "decision",
      "signal",
    ]);
    const byItem = await ask({ itemId: "rss:guid-1:1" }, "ada");
    expect(byItem.items.map(({ accountId }) => accountId).sort()).toEqual([
      "globex",
      "initech",
    ]);
  });

  it("is told of the accounts that the caller sees, and of the one that is named", async () => {
    const of = async (person: string, more = {}) =>
      (await ask({ url: page, ...more }, person)).items.map(
        ({ kind, accountId }) => `${kind} of ${accountId}`,
      );
    expect(await of("bob")).toEqual(["decision of initech"]);
    expect(await of("lea")).toEqual(["decision of globex", "signal of globex"]);
    expect((await of("vera")).sort()).toEqual([
      "decision of globex",
      "decision of initech",
      "signal of globex",
    ]);
    expect(await of("vera", { accountId: "initech" })).toEqual([
      "decision of initech",
    ]);
    expect((await ask({ signalId: "globex_s1" }, "bob")).items).toEqual([]);
    expect((await ask({ itemId: "rss:guid-1:1" }, "bob")).items).toHaveLength(
      1,
    );
    const foreign = `/api/v1/decisions?accountId=globex&url=${page}`;
    problemOf(await api.as("bob", foreign), 404);
  });

  it("is that it was never received, and who watches its site", async () => {
    const read = present(await api.deps.store.read(at.account(acme, globex)));
    const source = {
      kind: "rss",
      key: "newsroom",
      url: "https://news.globex.example/rss",
      publisher: "Globex",
      reliability: 0.7,
      licence: "CC0",
    } as const;
    await api.write([
      put(at.account(acme, globex), { ...read.data, sources: [source] }),
    ]);
    const url = "https://globex.example/never";
    expect(await ask({ url })).toEqual({
      items: [],
      hint: {
        code: "never-received",
        watchedBy: [{ accountId: "globex", key: "newsroom" }],
      },
    });
    expect((await ask({ url }, "bob")).hint?.watchedBy).toEqual([]);
    expect(
      (await ask({ url, accountId: "initech" }, "ada")).hint?.watchedBy,
    ).toEqual([]);
    expect((await ask({ signalId: "none" })).hint?.watchedBy).toEqual([]);
    const elsewhere = await ask({ url: "https://elsewhere.example/" });
    expect(elsewhere.hint?.watchedBy).toEqual([]);
  });

  it.each(["", "url=a&itemId=b", "itemId=a&signalId=b"])(
    "wants one thing to look for: %j",
    async (query) => {
      const answer = await api.as("anna", `/api/v1/decisions?${query}`);
      expect(problemOf(answer, 400).errors?.[0]?.field).toBe("url");
    },
  );
});
