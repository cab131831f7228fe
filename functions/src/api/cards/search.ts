import { z } from "@hono/zod-openapi";
import { readFirst } from "../http/page.ts";
import { queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import type { InboxItem } from "../../domain/cards/inbox.ts";
import { Asset } from "../../domain/cards/library.ts";
import { Opportunity } from "../../domain/cards/opportunity.ts";
import { audienceKeys, canSee } from "../../domain/people/roles.ts";
import { hasWords, toWords } from "../../domain/kernel/words.ts";
import type { Point } from "../../ports/vectors.ts";
import type { Read } from "../../ports/store.ts";
import { json } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps, Caller } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { InboxEntry, inboxEntryExample, inboxListing } from "./inbox.ts";

/** Below this cosine similarity, two texts share little more than a language. */
const minSimilarity = 0.35;
/** How many points to search for: as many signals as one database query can name. */
const maxHits = 30;
const maxScanned = 1_000;
/** How long to wait for the search by meaning; after that, only matches by words are returned. */
const meaningMs = 6_000;

const Query = z.object({
  q: z.string().trim().min(1).max(200),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(20)
    .openapi({ description: "At most 50." }),
});

const hit = {
  why: z.enum(["words", "meaning"]).openapi({
    description:
      "`words`: every search word begins a word of it. `meaning`: it is about the same thing.",
  }),
  score: z.number().openapi({
    description:
      "1 for a match by words, the cosine similarity for a match by meaning.",
  }),
};
const degraded = z.boolean().openapi({
  description:
    "True if the search by meaning failed and these are matches by words only.",
});
const AssetEntry = z.object({
  id: z.string(),
  ...Asset.pick({ title: true, summary: true, url: true, categories: true })
    .shape,
});
const Cards = z
  .object({
    items: z.array(z.object({ ...hit, card: InboxEntry })),
    degraded,
  })
  .openapi("CardHits");
const Assets = z
  .object({
    items: z.array(z.object({ ...hit, asset: AssetEntry })),
    degraded,
  })
  .openapi("AssetHits");

const searchOpportunities = queryRoute(
  {
    ...memberAccess("search", "opportunity.read"),
    path: "/api/v1/search/opportunities",
    operationId: "searchOpportunities",
    summary:
      "Search cards by title and account name, and by the meaning of their evidence",
    request: { query: Query },
    answer: json(Cards, "Matches by words first, then by closest meaning", {
      items: [{ why: "words", score: 1, card: inboxEntryExample }],
      degraded: false,
    }),
  },
  async (c, deps) => {
    const { q, limit } = c.req.valid("query");
    const [byWords, byMeaning] = await Promise.all([
      findCardsByWords(c, q, deps),
      findCardsByMeaning(c, q, deps),
    ]);
    const items = mergeHits(byWords, byMeaning.hits, limit).map(
      ({ read, ...why }) => ({ ...why, card: { id: read.id, ...read.data } }),
    );
    return { items, degraded: byMeaning.degraded };
  },
);

const searchAssets = queryRoute(
  {
    ...memberAccess("search", "opportunity.read"),
    path: "/api/v1/search/assets",
    operationId: "searchAssets",
    summary: "Search assets by words and by meaning",
    request: { query: Query },
    answer: json(Assets, "Matches by words first, then by closest meaning", {
      items: [
        {
          why: "meaning",
          score: 0.71,
          asset: {
            id: ids.asset,
            title: "Moving a bank to the cloud",
            summary: "How a bank moved its core to the cloud in nine months.",
            url: "https://acme.example/bank",
            categories: ["restructuring"],
          },
        },
      ],
      degraded: false,
    }),
  },
  async (c, deps) => {
    const { q, limit } = c.req.valid("query");
    const [byWords, byMeaning] = await Promise.all([
      findAssetsByWords(c, q, deps),
      findAssetsByMeaning(c, q, deps),
    ]);
    const items = mergeHits(byWords, byMeaning.hits, limit).map(
      ({ read, ...why }) => ({ ...why, asset: { id: read.id, ...read.data } }),
    );
    return { items, degraded: byMeaning.degraded };
  },
);

/** The routes that search cards and assets. */
export const searchRoutes: readonly Route[] = [
  searchOpportunities,
  searchAssets,
];

interface MeaningHit<T> {
  readonly read: Read<T>;
  readonly score: number;
}

/** Each item once: matches by words in their given order, then the others by similarity. */
function mergeHits<T>(
  byWords: readonly Read<T>[],
  byMeaning: readonly MeaningHit<T>[],
  limit: number,
) {
  const named = new Set(byWords.map(({ id }) => id));
  const others = byMeaning
    .filter(({ read }) => !named.has(read.id))
    .toSorted((a, b) => b.score - a.score);
  return [
    ...byWords.map((read) => ({ read, why: "words", score: 1 })),
    ...others.map(({ read, score }) => ({ read, why: "meaning", score })),
  ].slice(0, limit);
}

/** Searches the caller's 1,000 cards with the highest score. */
async function findCardsByWords(
  c: ApiContext,
  q: string,
  deps: ApiDeps,
): Promise<readonly Read<InboxItem>[]> {
  const words = toWords(q);
  const listing = inboxListing(c.get("caller"), { status: "all" });
  const reads = await readFirst(maxScanned, listing, deps);
  return reads.filter(({ data: { title, accountName } }) =>
    hasWords(words, [title, accountName]),
  );
}

const Listing = Opportunity.pick({ signalIds: true });

async function findCardsByMeaning(
  c: ApiContext,
  q: string,
  deps: ApiDeps,
): Promise<MeaningHits<InboxItem>> {
  const caller = c.get("caller");
  const { tenantId, actor } = caller;
  const { scores, degraded } = await searchMeaning(
    caller,
    { q, kind: "signal" },
    deps,
  );
  if (scores.size === 0) return { hits: [], degraded };
  const listing = await deps.store.query({
    collection: { ...at.opportunities(tenantId), schema: Listing },
    slim: true,
    where: [["signalIds", "array-contains-any", [...scores.keys()]]],
    limit: 2 * maxHits,
  });
  const items = await deps.store.readAll(
    listing.map(({ id }) => at.inboxItem(tenantId, OpportunityId.parse(id))),
    "leave-out",
  );
  const hits = items.flatMap((read, i) => {
    const signals = listing[i]?.data.signalIds ?? [];
    const score = Math.max(...signals.map((id) => scores.get(id) ?? 0));
    return read !== null && canSee(actor, read.data.audience)
      ? [{ read, score }]
      : [];
  });
  return { hits, degraded };
}

async function findAssetsByWords(
  c: ApiContext,
  q: string,
  { store }: ApiDeps,
): Promise<readonly Read<Asset>[]> {
  const wanted = toWords(q);
  const reads = await store.query({
    collection: at.assets(c.get("caller").tenantId),
    where: [["active", "==", true]],
    limit: maxScanned,
  });
  return reads.filter(({ data: { title, summary } }) =>
    hasWords(wanted, [title, summary]),
  );
}

async function findAssetsByMeaning(
  c: ApiContext,
  q: string,
  deps: ApiDeps,
): Promise<MeaningHits<Asset>> {
  const caller = c.get("caller");
  const { scores, degraded } = await searchMeaning(
    caller,
    { q, kind: "asset" },
    deps,
  );
  const reads = await deps.store.readAll(
    [...scores.keys()].map((id) => at.asset(caller.tenantId, id)),
    "leave-out",
  );
  const hits = reads.flatMap((read) =>
    read?.data.active === true
      ? [{ read, score: scores.get(read.id) ?? 0 }]
      : [],
  );
  return { hits, degraded };
}

interface MeaningHits<T> {
  readonly hits: readonly MeaningHit<T>[];
  readonly degraded: boolean;
}

/** What is about the same thing, with the similarity of its closest part; empty and `degraded` if the index or the model fails. */
async function searchMeaning(
  { tenantId, actor }: Caller,
  { q, kind }: { readonly q: string; readonly kind: Point["kind"] },
  deps: ApiDeps,
): Promise<{
  readonly scores: ReadonlyMap<string, number>;
  readonly degraded: boolean;
}> {
  const scores = new Map<string, number>();
  const { signal, cancel } = deps.clock.abortAfter(meaningMs);
  try {
    const [vector = []] = await deps.embedder.embed([q], signal);
    const hits = await deps.vectors.search(tenantId, {
      kind,
      accountId: null,
      vector,
      limit: maxHits,
      // Every member of the tenant may see assets.
      ...(kind === "signal" && actor.role === "ACCOUNT_MANAGER"
        ? { audience: audienceKeys(actor) }
        : {}),
    });
    for (const { of, score } of hits)
      if (score >= minSimilarity)
        scores.set(of, Math.max(score, scores.get(of) ?? 0));
    return { scores, degraded: false };
  } catch (error) {
    deps.log.write("WARNING", "a search by meaning failed", {
      tenantId,
      error: String(error),
    });
    return { scores: new Map(), degraded: true };
  } finally {
    cancel();
  }
}
