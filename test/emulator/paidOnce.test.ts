import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnthropic } from "../../dev/standins/anthropic.ts";
import { careful, lying } from "../../dev/standins/anthropicAnswers.ts";
import { storedAnswers } from "../../functions/src/adapters/firestore/answers.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { worldWithClaude } from "../reliability/journeys/model.ts";
import type { Point } from "../support/faults.ts";
import { all, parked, theCard } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type Weather,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

describe("a model's answer is paid for once", () => {
  let crms: Crms;
  beforeAll(async () => void (crms = await startCrms()));
  afterAll(() => crms.close());

  it("wherever the run that asked for it is killed", async () => {
    const points: string[] = [];
    const calm = await play({ kill: null, passed: (p) => points.push(p) });
    expect(points).toContain("answers.keep#1:after");
    expect(points).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^store\.commit#\d:before$/),
      ]),
    );
    expect(calm).toMatchObject({ paid: 2, kept: 2, parked: [] });
    for (const kill of new Set(points)) {
      const came = await play({ kill, passed: () => undefined });
      expect(came.struck, kill).toBe(true);
      // Between the answer and its keeping nobody can know that it was paid for.
      const lost = /^answers\.keep#\d:before$/.test(kill) ? 1 : 0;
      expect({ kill, ...came }).toEqual({
        ...calm,
        kill,
        struck: true,
        paid: calm.paid + lost,
      });
    }
  });

  it("whatever is delivered twice, killed or cut, for every card", async () => {
    const rough = { kill: 0.3, cut: 0.1, duplicate: 0.4, lose: 0.2 };
    const came = await play({ kill: null, tips: 6, weather: rough });
    expect(came.cards).toBe(6);
    expect(came.paid).toBe(came.kept);
  });

  it("where the model comes back after a while, and the card waited for it", async () => {
    const came = await play({
      kill: null,
      script: [
        { status: 529, type: "overloaded_error" },
        { status: 429, retryAfter: "30" },
        "off-schema",
        "cut",
        "careful",
      ],
    });
    expect(came).toMatchObject({ cards: 1, parked: [], kept: 1 });
  });

  it("and a card that it never answers for is parked, or written without it where the tenant allows that", async () => {
    const script = Array(5).fill({ status: 529 });
    const waits = await play({ kill: null, script });
    expect(waits).toMatchObject({
      cards: 0,
      parked: ["signal-qualified vendor-down"],
    });
    const plain = await play({ kill: null, script, extractiveFallback: true });
    expect(plain).toMatchObject({ cards: 1, parked: [], writer: "extractive" });
  });

  it("is kept as it was first, whoever comes second", async () => {
    const world = openWorld(1, crms);
    const answers = storedAnswers(world.database.store, world.clock);
    const call = {
      inputHash: "a".repeat(64),
      model: "claude-sonnet-5-5",
      promptVersion: "card-2",
      stopReason: "end_turn",
      tokens: { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 },
      costUsd: null,
      priceVersion: "2026-10-24",
    };
    expect(await answers.read(tenantId, call.inputHash)).toBeNull();
    const kept = await Promise.all(
      ["one", "two", "three"].map((answer) =>
        answers.keep(tenantId, { ...call, answer }),
      ),
    );
    expect(new Set(kept.map(({ answer }) => answer)).size).toBe(1);
    expect(await answers.read(tenantId, call.inputHash)).toEqual(kept[0]);
    const late = await answers.keep(tenantId, { ...call, answer: "late" });
    expect(late).toEqual(kept[0]);
    expect(await answers.read(aTenantId("south"), call.inputHash)).toBeNull();
    await world.close();
  });

  async function play({
    kill,
    passed = () => undefined,
    tips = 1,
    weather = fair,
    script = [],
    extractiveFallback = false,
  }: {
    readonly kill: string | null;
    readonly passed?: (point: string) => void;
    readonly tips?: number;
    readonly weather?: Weather;
    readonly script?: NonNullable<
      Parameters<typeof startAnthropic>[0]["script"]
    >;
    readonly extractiveFallback?: boolean;
  }) {
    const standIn = await startAnthropic({ port: 0, script });
    // Each card needs its repair.
    if (script.length === 0)
      standIn.always((question) =>
        question.isRepair ? careful(question) : lying(question),
      );
    const seen = { struck: false };
    const reach = (point: Point): boolean => {
      passed(point);
      if (seen.struck || point !== kill) return false;
      seen.struck = true;
      return true;
    };
    const world = worldWithClaude(crms, standIn.url, 7);
    world.watch((topic, point) =>
      topic === "signal-qualified" && reach(point) ? "kill" : null,
    );
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount()]], { extractiveFallback }),
    );
    for (let n = 1; n <= tips; n++)
      await world.emit(tenantId, aTip(accountId, n));
    await world.settle(weather);
    const cards = await all(world, at.opportunities(tenantId));
    const came = {
      paid: standIn.ledger().paid.length,
      kept: (await all(world, at.modelCalls(tenantId))).length,
      cards: cards.length,
      writer: cards[0]?.data.card.writer.name,
      claims:
        cards.length === 1
          ? (await theCard(world, tenantId)).data.card.claims
          : [],
      parked: await parked(world),
      struck: seen.struck || kill === null,
    };
    await Promise.all([world.close(), standIn.close()]);
    return came;
  }
});
