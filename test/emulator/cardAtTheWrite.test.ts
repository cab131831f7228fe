import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { extractiveWriter } from "../../functions/src/adapters/writers/extractive.ts";
import type { Claim } from "../../functions/src/domain/cards/claims.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import { SnapshotId } from "../../functions/src/domain/kernel/ids.ts";
import type { Card } from "../../functions/src/domain/cards/opportunity.ts";
import type {
  Brief,
  Draft,
  Writer,
} from "../../functions/src/ports/writing.ts";
import { create, update, type Write } from "../../functions/src/ports/store.ts";
import { readText } from "../../functions/src/pipeline/snapshots.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { all, decisions, parked, theCard } from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

/** What somebody might do to a card, and the field that the refusal names. */
const alterations: Readonly<
  Record<string, readonly [(card: Card) => Card, string]>
> = {
  "a word of a quote": [
    (card) => inFirstClaim(card, (text) => text.replace("Globex", "Initech")),
    "card.receipt",
  ],
  "a number of a claim": [
    (card) => ({
      ...card,
      claims: card.claims.map((claim) => ({
        ...claim,
        text: claim.text.replace("7", "8"),
      })),
    }),
    "card.receipt",
  ],
  "an offset": [
    (card) => inFirstEvidence(card, (e) => ({ ...e, start: e.start + 1 })),
    "card.receipt",
  ],
  "a quote's hash": [
    (card) =>
      inFirstEvidence(card, (e) => ({ ...e, quoteHash: sha256("other") })),
    "card.receipt",
  ],
  "the snapshot": [
    (card) =>
      inFirstEvidence(card, (e) => ({
        ...e,
        snapshotId: SnapshotId.parse(sha256("other")),
      })),
    "card.receipt",
  ],
  "the receipt": [
    (card) => ({ ...card, receipt: `${card.receipt.slice(0, -1)}x` }),
    "card.receipt",
  ],
  "the total of the score": [
    (card) => ({
      ...card,
      score: { ...card.score, total: card.score.total + 1 },
    }),
    "card.score.total",
  ],
  "a factor of the score": [
    (card) => ({
      ...card,
      score: {
        ...card.score,
        factors: card.score.factors.map((f, i) =>
          i === 0 ? { ...f, value: f.value - 10 } : f,
        ),
      },
    }),
    "card.score.total",
  ],
};

describe("a card at the write", () => {
  let crms: Crms;
  let world: World;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterEach(() => world.close());
  afterAll(() => crms.close());

  it.each(Object.entries(alterations))(
    "is refused with %s altered, new or rewritten",
    async (_, [alter, field]) => {
      await play(extractiveWriter());
      const read = await theCard(world, tenantId);
      const card = alter(read.data.card);
      expect(card).not.toEqual(read.data.card);

      const elsewhere = { ...read.ref, path: `${read.ref.path}-new` };
      const attempts = [
        create(elsewhere, { ...read.data, card }),
        update(read, { card }),
      ].map((write) => attempt(write));
      for (const outcome of await Promise.all(attempts)) {
        expect(outcome).toMatchObject({ code: "bad-document" });
        expect(String(outcome)).toContain(field);
      }
      expect((await theCard(world, tenantId)).stamp).toEqual(read.stamp);
    },
  );

  it("is refused with evidence that is not the quote which was verified", async () => {
    await play(extractiveWriter());
    const { opportunityId } = await theCard(world, tenantId);
    const [evidence] = await all(world, at.evidence(tenantId, opportunityId));
    if (evidence === undefined) throw new Error("There is no evidence.");
    const quotes = Object.fromEntries(
      Object.entries(evidence.data.quotes).map(([id, kept]) => [
        id,
        { ...kept, quote: kept.quote.replace("Globex", "Initec") },
      ]),
    );
    const outcome = await attempt(update(evidence, { quotes }));
    expect(String(outcome)).toContain("quote: is not the quote");
  });

  it.each(["a number", "a name", "a quote", "a place"])(
    "comes without the claim whose writer invents %s, after one try to repair it",
    async (lie) => {
      const writer = lying((draft) => withLie(draft, lie));
      await play(writer);

      const { data, opportunityId } = await theCard(world, tenantId);
      expect(writer.briefs).toHaveLength(2);
      expect(writer.briefs[1]?.faults).toHaveLength(1);
      expect(data.card.claims.some(({ id }) => id === "lie")).toBe(false);
      expect(data.card.claims.length).toBeGreaterThan(0);
      await expectVerified(data.card, opportunityId);
    },
  );

  it("is asked for once of a writer that tells the truth", async () => {
    const writer = lying((draft) => draft);
    await play(writer);
    expect(writer.briefs).toHaveLength(1);
  });

  it("holds the repaired draft where the second is true", async () => {
    const writer = lying((draft, { faults }) =>
      faults.length === 0 ? withLie(draft, "a number") : draft,
    );
    await play(writer);
    expect(writer.briefs).toHaveLength(2);
    const { data } = await theCard(world, tenantId);
    expect(data.card.score.factors.at(-1)?.reason).not.toContain("of 9");
    expect(data.card.claims.some(({ id }) => id === "lie")).toBe(false);
  });

  it("is not written at all where nothing of it stands, and a decision says so", async () => {
    const writer = lying((draft) => ({
      ...draft,
      claims: draft.claims.map((claim) =>
        claim.kind === "FOUND"
          ? { ...claim, text: `${claim.text} For 900 dollars.` }
          : claim,
      ),
    }));
    await play(writer);

    expect(writer.briefs).toHaveLength(2);
    expect(await all(world, at.opportunities(tenantId))).toHaveLength(0);
    expect(await all(world, at.inbox(tenantId))).toHaveLength(0);
    expect(await decisions(world, tenantId)).toContainEqual(
      expect.objectContaining({
        stage: "discover",
        verdict: "dropped",
        reason: "no-evidence",
      }),
    );
    expect(await parked(world)).toEqual([]);
  });

  it("holds no quote that was not checked, even one that shares its id with a true one", async () => {
    await play(
      lying((draft) => {
        const [first] = draft.quotes;
        if (first === undefined) throw new Error("There is no quote.");
        const quote = "Initech";
        const start = first.start + 1;
        const lie = { ...first, quote, start, end: start + quote.length };
        return { ...draft, quotes: [lie, ...draft.quotes] };
      }),
    );
    const { data, opportunityId } = await theCard(world, tenantId);
    await expectVerified(data.card, opportunityId);
    expect(await parked(world)).toEqual([]);
  });

  it("comes without what is inferred from what was inferred from a lie", async () => {
    const inferred = (id: string, basis: string): Claim => ({
      kind: "INFERRED",
      id,
      text: "It follows.",
      basis: [basis],
    });
    await play(
      lying((draft) => {
        const lied = withLie(draft, "a number");
        const more = [inferred("x2", "x1"), inferred("x1", "lie")];
        return { ...lied, claims: [...lied.claims, ...more] };
      }),
    );
    expect(await parked(world)).toEqual([]);
    const { data } = await theCard(world, tenantId);
    const ids = data.card.claims.map(({ id }) => id);
    expect(ids.filter((id) => /^x|lie/.test(id))).toEqual([]);
  });

  async function play(writer: Writer): Promise<void> {
    world = openWorld(51, crms, { writer });
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    await world.emit(tenantId, aTip(accountId, 7));
    await world.settle(fair);
  }

  async function attempt(write: Write): Promise<unknown> {
    return world.database.store
      .commit([write], world.clock.now())
      .catch((error: unknown) => error);
  }

  /** Every quote of the card is what the snapshot has at its place, and the evidence kept is the card's. */
  async function expectVerified(
    card: Card,
    id: Parameters<typeof at.evidence>[1],
  ): Promise<void> {
    const [kept] = await all(world, at.evidence(tenantId, id));
    expect(Object.keys(kept?.data.quotes ?? {}).sort()).toEqual(
      card.evidence.map((ref) => ref.id).sort(),
    );
    for (const data of Object.values(kept?.data.quotes ?? {})) {
      const { store } = world.database;
      const text = await readText(tenantId, data.snapshotId, store);
      expect(text.slice(data.start, data.end)).toBe(data.quote);
    }
  }
});

/** The extractive writer, its drafts told otherwise; what it was asked is kept. */
function lying(
  tell: (draft: Draft, brief: Brief) => Draft,
): Writer & { readonly briefs: readonly Brief[] } {
  const honest = extractiveWriter();
  const briefs: Brief[] = [];
  return {
    name: "liar",
    model: "liar-1",
    briefs,
    draft: async (brief, signal) => {
      briefs.push(brief);
      return tell(await honest.draft({ ...brief, faults: [] }, signal), brief);
    },
  };
}

function withLie(draft: Draft, lie: string): Draft {
  const [quote] = draft.quotes;
  if (quote === undefined) throw new Error("There is no quote.");
  const id = "lie";
  const told = (text: string, evidenceId: string): Claim => ({
    kind: "FOUND",
    id,
    text,
    evidenceId,
  });
  const quoted = (changes: Partial<typeof quote>) => ({
    ...draft,
    claims: [...draft.claims, told(quote.quote, "q-lie")],
    quotes: [...draft.quotes, { ...quote, id: "q-lie", ...changes }],
  });
  if (lie === "a quote")
    return quoted({ quote: `${quote.quote.slice(0, -2)}!!` });
  if (lie === "a place")
    return quoted({ start: quote.start + 3, end: quote.end + 3 });
  const text =
    lie === "a number"
      ? `${quote.quote} It costs $9 million.`
      : `${quote.quote} The same goes for Initech.`;
  return { ...draft, claims: [...draft.claims, told(text, quote.id)] };
}

function inFirstClaim(card: Card, change: (text: string) => string): Card {
  const claims = card.claims.map((claim, i) =>
    i === 0 ? { ...claim, text: change(claim.text) } : claim,
  );
  return { ...card, claims };
}

function inFirstEvidence(
  card: Card,
  change: (e: Card["evidence"][number]) => Card["evidence"][number],
): Card {
  return {
    ...card,
    evidence: card.evidence.map((e, i) => (i === 0 ? change(e) : e)),
  };
}
