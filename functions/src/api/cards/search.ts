import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import type { InboxItem } from "../../domain/cards/inbox.ts";
import { Asset } from "../../domain/cards/library.ts";
import { Opportunity } from "../../domain/cards/opportunity.ts";
import { audienceKeys, canSee } from "../../domain/people/roles.ts";
import { hasWords, toWords } from "../../domain/kernel/words.ts";
import type { Point } from "../../ports/vectors.ts";
import type { Read } from "../../ports/store.ts";
import { json, shown } from "../http/answer.ts";
import { ofAudience, permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps, Caller } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { InboxEntry, inboxEntryExample } from "./inbox.ts";
import { queryProblems } from "../http/problem.ts";

/** Below this cosine similarity two texts merely share a language. */
const minSimilarity = 0.35;
/** Points asked for; as many signals as a query takes names. */
const maxHits = 30;
const maxScanned = 1_000;
const perPage = 250;
/** How long the meaning is waited for; then the words alone are answered. */
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
      "`words`: each of them begins a word of it. `meaning`: it is about the same.",
  }),
  score: z.number().openapi({
    description: "1 for words, the cosine similarity for a meaning.",
  }),
};
const degraded = z.boolean().openapi({
  description: "The meaning could not be asked for: these are words alone.",
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

const cards = createRoute({
  method: "get",
  ...permitted("search", "opportunity.read"),
  path: "/api/v1/search/opportunities",
  operationId: "searchOpportunities",
  summary: "Cards by the words of title and account, and by what they rest on",
  request: { query: Query },
  responses: {
    200: json(Cards, "The words first, then the closest meaning", {
      items: [{ why: "words", score: 1, card: inboxEntryExample }],
      degraded: false,
    }),
    ...queryProblems(),
  },
});

const assets = createRoute({
  method: "get",
  ...permitted("search", "opportunity.read"),
  path: "/api/v1/search/assets",
  operationId: "searchAssets",
  summary: "Assets by words and by meaning",
  request: { query: Query },
  responses: {
    200: json(Assets, "The words first, then the closest meaning", {
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
    ...queryProblems(),
  },
});

/** The routes that find cards and assets. */
export function searchRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(cards, async (c) => {
    const { q, limit } = c.req.valid("query");
    const [byWords, meant] = await Promise.all([
      cardsByWords(c, q, deps),
      cardsByMeaning(c, q, deps),
    ]);
    const items = merged(byWords, meant.found, limit).map(
      ({ read, ...why }) => ({ ...why, card: { id: read.id, ...read.data } }),
    );
    return c.json(shown(Cards, { items, degraded: meant.degraded }), 200);
  });

  api.openapi(assets, async (c) => {
    const { q, limit } = c.req.valid("query");
    const [byWords, meant] = await Promise.all([
      assetsByWords(c, q, deps),
      assetsByMeaning(c, q, deps),
    ]);
    const items = merged(byWords, meant.found, limit).map(
      ({ read, ...why }) => ({ ...why, asset: { id: read.id, ...read.data } }),
    );
    return c.json(shown(Assets, { items, degraded: meant.degraded }), 200);
  });
}

interface Meant<T> {
  readonly read: Read<T>;
  readonly score: number;
}

/** Each thing once: those with the words in the order that they came in, then the others by their meaning. */
function merged<T>(
  byWords: readonly Read<T>[],
  byMeaning: readonly Meant<T>[],
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

/** Of the caller's cards, the thousand with the highest score are looked through. */
async function cardsByWords(
  c: ApiContext,
  q: string,
  { store }: ApiDeps,
): Promise<readonly Read<InboxItem>[]> {
  const caller = c.get("caller");
  const wanted = toWords(q);
  const reads: Read<InboxItem>[] = [];
  while (reads.length < maxScanned) {
    const last = reads.at(-1);
    const page = await store.query({
      collection: at.inbox(caller.tenantId),
      where: ofAudience(caller),
      orderBy: [
        ["score", "desc"],
        ["__name__", "desc"],
      ],
      limit: perPage,
      ...(last && { startAfter: [last.data.score, last.id] }),
    });
    reads.push(...page);
    if (page.length < perPage) break;
  }
  return reads.filter(({ data: { title, accountName } }) =>
    hasWords(wanted, [title, accountName]),
  );
}

const Listing = Opportunity.pick({ signalIds: true });

async function cardsByMeaning(
  c: ApiContext,
  q: string,
  deps: ApiDeps,
): Promise<Found<InboxItem>> {
  const caller = c.get("caller");
  const { tenantId, actor } = caller;
  const { scores, degraded } = await meaning(
    caller,
    { q, kind: "signal" },
    deps,
  );
  if (scores.size === 0) return { found: [], degraded };
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
  const found = items.flatMap((read, i) => {
    const signals = listing[i]?.data.signalIds ?? [];
    const score = Math.max(...signals.map((id) => scores.get(id) ?? 0));
    return read !== null && canSee(actor, read.data.audience)
      ? [{ read, score }]
      : [];
  });
  return { found, degraded };
}

async function assetsByWords(
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

async function assetsByMeaning(
  c: ApiContext,
  q: string,
  deps: ApiDeps,
): Promise<Found<Asset>> {
  const caller = c.get("caller");
  const { scores, degraded } = await meaning(
    caller,
    { q, kind: "asset" },
    deps,
  );
  const reads = await deps.store.readAll(
    [...scores.keys()].map((id) => at.asset(caller.tenantId, id)),
    "leave-out",
  );
  const found = reads.flatMap((read) =>
    read?.data.active === true
      ? [{ read, score: scores.get(read.id) ?? 0 }]
      : [],
  );
  return { found, degraded };
}

interface Found<T> {
  readonly found: readonly Meant<T>[];
  readonly degraded: boolean;
}

/** What is about the same, with the similarity of its closest part; an index or a model that fails leaves it out. */
async function meaning(
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
      // Assets are for everybody of the tenant.
      ...(kind === "signal" && actor.role === "ACCOUNT_MANAGER"
        ? { audience: audienceKeys(actor) }
        : {}),
    });
    for (const { of, score } of hits)
      if (score >= minSimilarity)
        scores.set(of, Math.max(score, scores.get(of) ?? 0));
    return { scores, degraded: false };
  } catch (error) {
    deps.log.write("WARNING", "a search went without the meaning", {
      tenantId,
      error: String(error),
    });
    return { scores: new Map(), degraded: true };
  } finally {
    cancel();
  }
}
