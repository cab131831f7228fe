import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { topics } from "../../functions/src/domain/messages/topics.ts";
import {
  type Tenant,
  tenantDefaults,
} from "../../functions/src/domain/tenants/tenant.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import {
  aFeed,
  aFeedSource,
  all,
  aPage,
  aStoryOf,
  decides,
  decisions,
  theCard,
} from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

/** What a document can come to, and the texts that bring it there. */
const texts = {
  gone: () => null,
  empty: () => "Too short.",
  unreadable: () => new Uint8Array([0, 255, 0, 254, 1, 2, 3]),
  duplicate: () => strong("the very same"),
  "not-about-account": (n: string) =>
    `Initech appointed a chief information officer called ${n}, as it told the press.`,
  "below-relevance": (n: string) =>
    `The weather at Globex was fine on day ${n}, and so it was on the day before.`,
  qualified: (n: string) => strong(n),
  "near-duplicate": (n: string) =>
    `${["Seen elsewhere", "From the wires", "As others write"][Number(n) % 3]}: ${strong("the very same")} More of it tomorrow.`,
  poison: (n: string) => strong(`Doe poison ${n}`),
} as const satisfies Record<string, (n: string) => string | Uint8Array | null>;
type Fate = keyof typeof texts;
const fates = [
  "gone",
  "empty",
  "unreadable",
  "duplicate",
  "near-duplicate",
  "not-about-account",
  "below-relevance",
  "qualified",
  "poison",
] as const satisfies readonly Fate[];

function strong(n: string): string {
  return aStoryOf("Globex", n);
}

describe("every signal", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it(
    "ends in a card, in a decision with its reason, or in a parked message",
    { timeout: 300_000 },
    async () => {
      const counts: Record<string, number> = {};
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...fates), {
            minLength: 20,
            maxLength: 40,
          }),
          fc.integer({ min: 1, max: 1000 }),
          async (drawn, seed) => {
            const world = await play(drawn, seed, {});
            const ends = await endsOf(world);
            for (const [n, fate] of drawn.entries()) {
              const end = ends.get(`rss:page-${n}:`);
              expect(end, `page-${n}, ${fate}`).toBeDefined();
              expect(allowed(fate), `page-${n}, ${fate}`).toContain(end);
              counts[end ?? ""] = (counts[end ?? ""] ?? 0) + 1;
            }
            await world.close();
          },
        ),
        { numRuns: 3, seed: 20261102, endOnFailure: true },
      );
      console.log(`Every signal ends: ${JSON.stringify(counts)}`);
    },
  );

  it("that was held is woken when the account's intent rises, be they more than one fold takes", async () => {
    const many = 60;
    const world = await play(
      Array.from({ length: many }, () => "qualified" as const),
      7,
      {
        highIntentThreshold: 30,
        typeWeights: { ...tenantDefaults.typeWeights, news: 0.01 },
      },
    );
    const held = await all(world, at.signals(tenantId));
    expect(held.map(({ data }) => data.status)).toEqual(
      Array.from({ length: many }, () => "held"),
    );
    const kept = (await decisions(world, tenantId)).filter(
      ({ verdict }) => verdict === "held",
    );
    expect(kept).toHaveLength(many);
    expect(kept[0]).toMatchObject({
      reason: "below-intent",
      setting: { name: "highIntentThreshold", value: 30 },
    });
    expect(await all(world, at.opportunities(tenantId))).toHaveLength(0);

    await world.emit(tenantId, aTip(accountId, "the last straw"));
    await world.settle(fair);
    expect(await all(world, at.opportunities(tenantId))).toHaveLength(many + 1);
    const after = (await decisions(world, tenantId)).map(
      ({ verdict, reason }) => `${verdict} ${reason}`,
    );
    expect(after).toEqual(Array.from({ length: many }, () => "kept qualified"));
    await world.close();
  });

  it("leaves its reason at each account that it was read for", async () => {
    const world = openWorld(71, crms);
    const other = anAccountId("initech");
    await world.write(
      aTenantWith(tenantId, [
        [accountId, anAccount()],
        [other, anAccount({ name: "Initech", aliases: [] })],
      ]),
    );
    for (const id of [accountId, other])
      await world.emit(tenantId, aTip(id, "same", { text: "Too short." }));
    await world.settle(fair);

    const reasons = (await decisions(world, tenantId)).map(
      ({ accountId: of, reason }) => `${of} ${reason}`,
    );
    expect(reasons.sort()).toEqual(["globex empty", "initech empty"]);
    await world.close();
  });

  it("goes on where the embedding model was changed while it was on its way", async () => {
    let model = "an-older-model";
    const real = openWorld(72, crms);
    const { embedder } = real.deps;
    await real.close();
    const world = openWorld(72, crms, {
      embedder: {
        ...embedder,
        get model() {
          return model;
        },
      },
    });
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    world.watch((topic) => {
      if (topic === "signal-ingested") model = embedder.model;
      return null;
    });
    await world.emit(tenantId, aTip(accountId, "moving"));
    await world.settle(fair);

    expect((await theCard(world, tenantId)).data.state.status).toBe(
      "in_review",
    );
    await world.close();
  });

  it("becomes a card though its title is cut in the middle of a character", async () => {
    const world = openWorld(74, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    const tip = aTip(accountId, "smiling");
    // Redacted it is one unit longer than a title may be.
    const title = `a@b.co${"😀".repeat(247)}`;
    const item = { ...tip.payload.item, title };
    await world.emit(tenantId, { ...tip, payload: { ...tip.payload, item } });
    await world.settle(fair);

    await theCard(world, tenantId);
    const [signal] = await all(world, at.signals(tenantId));
    expect(signal?.data.title).toBe(`[email]${"😀".repeat(246)}`);
    await world.close();
  });

  it("that is on a card is not said to be dropped because a newer draft came first", async () => {
    const world = openWorld(73, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    await world.emit(tenantId, aTip(accountId, "refined"));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    await decides(world, tenantId, card, { kind: "refine", note: "Shorter." });
    const { opportunityId, data } = card;
    const { clusterId, playbookId, signalIds } = data;
    // Before the refined draft is written, the same signals come by again.
    await world.emit(tenantId, {
      topic: "signal-qualified",
      payload: {
        accountId,
        opportunityId,
        playbookId,
        clusterId,
        signalIds: [...signalIds, ...signalIds],
        refined: null,
      },
    });
    const open = (await world.messages()).filter(
      ({ data: message }) =>
        message.state === "open" && message.topic === "signal-qualified",
    );
    const [again] = open.filter(
      ({ data: { payload } }) => payload["refined"] === null,
    );
    await world.deliverOnce(tenantId, MessageId.parse(again?.id));
    await world.settle(fair);

    const ofCard = (await decisions(world, tenantId)).filter(
      ({ stage }) => stage === "discover",
    );
    expect(ofCard).toEqual([]);
    await world.close();
  });

  async function play(
    drawn: readonly Fate[],
    seed: number,
    tenant: Partial<Unstamped<Tenant>>,
  ): Promise<World> {
    const pages = drawn.map((_, n) =>
      aPage(`page-${n}`, { title: "In the news" }),
    );
    const feed = aFeed({
      look: () => pages,
      fetch: ({ itemId }) => {
        const n = itemId.replace("page-", "");
        return texts[drawn[Number(n)] ?? "gone"](n);
      },
    });
    const { redact } = redactor();
    const world = openWorld(seed, crms, {
      connectors: { rss: feed },
      redactor: {
        redact: (text) => {
          if (text.includes("Doe poison")) throw new TypeError("It is poison.");
          return redact(text);
        },
      },
    });
    const sources = [aFeedSource("feed")];
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount({ sources })]], tenant),
    );
    const payload = {
      accountId,
      occasion: "first",
      sourceKey: null,
      part: 0,
    };
    await world.emit(tenantId, { topic: "account-due", payload });
    await world.settle({ ...fair, kill: 0.1, duplicate: 0.1 });
    return world;
  }
});

function allowed(fate: Fate): readonly string[] {
  if (fate === "poison") return ["parked"];
  // The first of those that tell the same is the one that goes on.
  if (fate === "duplicate" || fate === "near-duplicate")
    return ["duplicate", "near-duplicate", "carded"];
  return [fate === "qualified" ? "carded" : fate];
}

/** How each received item ended: parked, on a card, or by the last decision on it or its signal; nothing may be left open. */
async function endsOf(world: World): Promise<ReadonlyMap<string, string>> {
  const messages = await world.messages();
  const open = messages.filter(
    ({ data }) => data.state === "open" && data.topic !== "review-deadline",
  );
  expect(open.map(({ id }) => id)).toEqual([]);
  const ends = new Map<string, string>();
  const reached = ["ingest", "embed", "assess", "discover"];
  const made = (await decisions(world, tenantId)).toSorted(
    (a, b) => reached.indexOf(a.stage) - reached.indexOf(b.stage),
  );
  const items = new Map(
    (await all(world, at.signals(tenantId))).map(
      ({ id, data }) => [id, `rss:${at.lastSegment(data.url ?? "")}:`] as const,
    ),
  );
  for (const { data } of await all(world, at.opportunities(tenantId)))
    for (const id of data.signalIds) ends.set(items.get(id) ?? id, "carded");
  for (const { itemId, reason, setting, verdict } of made) {
    const item = items.get(itemId) ?? itemId;
    expect(ends.get(item), `${item} has two ends`).toBeUndefined();
    ends.set(item, reason);
    if (verdict === "dropped" && reason.startsWith("below"))
      expect(setting).not.toBeNull();
  }
  for (const { data } of messages) {
    if (data.topic !== "signal-received" || data.state !== "parked") continue;
    const { item } = topics["signal-received"].payload.parse(data.payload);
    expect(data.error?.message).toContain("poison");
    ends.set(`rss:${item.itemId}:`, "parked");
  }
  return ends;
}
