import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import { Source } from "../../domain/sources/source.ts";
import * as at from "../../domain/collections.ts";
import type { CollectionRef } from "../../domain/kernel/references.ts";
import {
  DecisionFacts,
  type DecisionRecord,
} from "../../domain/signals/decisionRecord.ts";
import type { Audience } from "../../domain/kernel/document.ts";
import { AccountId, SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import {
  Opportunity,
  OpportunityState,
} from "../../domain/cards/opportunity.ts";
import { canSee } from "../../domain/people/roles.ts";
import { Signal } from "../../domain/signals/signal.ts";
import { canonicalUrl, urlSpellings } from "../../domain/text/url.ts";
import { coversHost } from "../../domain/sources/sourceHosts.ts";
import type { Query, Read } from "../../ports/store.ts";
import { findAccount } from "../accounts/accounts.ts";
import { json, Moment } from "../http/answer.ts";
import { audienceFilter, memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps, Caller } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { isIndexable } from "../http/page.ts";
import { badField, Refusal } from "../http/problem.ts";

/** The newest traces shown, and the accounts searched for sources that watch a site. */
const maxTraces = 50;
const maxAccounts = 300;
/** How many values one database query may list. */
const perQuery = 30;

const common = {
  at: Moment,
  accountId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
};
const Trace = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("signal"),
      ...common,
      signalId: z.string(),
      ...Signal.pick({ status: true, category: true, relevance: true }).shape,
      cards: z
        .array(
          z.object({
            id: z.string(),
            status: z.enum(
              OpportunityState.options.map(({ shape }) => shape.status.value),
            ),
          }),
        )
        .openapi({ description: "The cards that cite the signal." }),
    }),
    z.object({
      kind: z.literal("decision"),
      ...common,
      signalId: z.string().nullable(),
      itemId: z.string(),
      ...DecisionFacts.shape,
    }),
  ])
  .openapi("Trace");

const Traces = z
  .object({
    items: z.array(Trace),
    hint: z
      .object({
        code: z.literal("never-received"),
        watchedBy: z
          .array(
            z.object({
              accountId: z.string(),
              accountName: z.string(),
              kind: z.enum(Source.options.map(({ shape }) => shape.kind.value)),
              key: z.string(),
            }),
          )
          .openapi({
            description:
              "Sources that watch the site of this address, among accounts that you may see.",
          }),
      })
      .nullable()
      .openapi({ description: "Only if nothing was found." }),
  })
  .openapi("Traces");
type Watchers = NonNullable<z.infer<typeof Traces>["hint"]>["watchedBy"];

const TraceQuery = z.object({
  url: z.string().min(1).max(2000).optional().openapi({
    description:
      "The page's address. Host case, fragment, trailing slash and utm_* parameters are ignored.",
  }),
  itemId: z.string().min(1).max(1500).optional().openapi({
    description: "`source:id:revision`, as in the decision records.",
  }),
  signalId: SignalId.optional(),
  accountId: AccountId.optional(),
});

const listDecisions = queryRoute(
  {
    ...memberAccess("decisions", "account.read"),
    path: "/api/v1/decisions",
    operationId: "listDecisions",
    summary:
      "Why didn't I see this? What was decided about an item, newest first",
    description: "Give exactly one of `url`, `itemId` and `signalId`.",
    request: { query: TraceQuery },
    answer: json(Traces, "Its traces, at most 50", {
      items: [
        {
          kind: "decision",
          at: moments.received,
          accountId: ids.account,
          title: "Globex sponsors a marathon",
          url: "https://globex.example/news/marathon",
          signalId: "globex_1",
          itemId: "globex_1",
          stage: "assess",
          verdict: "dropped",
          reason: "below-relevance",
          detail: "relevanceThreshold is 0.5, measured 0.31",
          setting: { name: "relevanceThreshold", value: 0.5, measured: 0.31 },
        },
      ],
      hint: null,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const asked = c.req.valid("query");
    const named = [asked.url, asked.itemId, asked.signalId];
    if (named.filter((one) => one !== undefined).length !== 1)
      throw new Refusal(400, "Give exactly one of url, itemId and signalId.", {
        errors: ["url", "itemId", "signalId"].map((field) => {
          return { field, message: "give exactly one of the three" };
        }),
      });
    if (asked.url !== undefined && !urlSpellings(asked.url).every(isIndexable))
      throw badField(
        "url",
        "may have at most 1,500 bytes when percent-encoded",
      );
    if (asked.itemId !== undefined && !isIndexable(asked.itemId))
      throw badField("itemId", "may have at most 1,500 bytes");
    const { accountId } = asked;
    if (accountId !== undefined) await findAccount(c, accountId, deps);
    const { signals, decisions } = await findTraces(c, asked, deps);
    const cards = await findCards(c, signals, deps);
    const items = [
      ...signals.map(({ id, data }) => ({
        kind: "signal",
        at: data.updatedAt,
        signalId: id,
        ...data,
        cards: cards.filter(({ signalIds }) =>
          signalIds.some((signalId) => signalId === id),
        ),
      })),
      ...decisions.map(({ data }) => ({
        kind: "decision",
        at: data.updatedAt,
        ...data,
      })),
    ];
    const newest = items
      .sort((a, b) => b.at.getTime() - a.at.getTime())
      .slice(0, maxTraces);
    const hint =
      newest.length > 0
        ? null
        : {
            code: "never-received",
            watchedBy: await findWatchers(c, asked, deps),
          };
    return { items: newest, hint };
  },
);

type Traceable = Signal | DecisionRecord;

/** The route that traces what was decided about an item. */
export const decisionRecordRoutes: readonly Route[] = [listDecisions];

/** The item's signals and decision records that the caller may see. */
async function findTraces(
  c: ApiContext,
  { url, itemId, signalId, accountId }: z.infer<typeof TraceQuery>,
  { store }: ApiDeps,
) {
  const caller = c.get("caller");
  const { tenantId } = caller;
  const scope =
    accountId === undefined
      ? audienceFilter(caller)
      : ([["accountId", "==", accountId]] as const);
  const newest = <T extends Traceable>(
    collection: CollectionRef<T>,
    [field, value]: readonly [string, string],
  ) =>
    store.query({
      collection,
      where: [...scope, [field, "==", value]],
      orderBy: [["updatedAt", "desc"]],
      limit: maxTraces,
    });
  if (signalId !== undefined) {
    const [signal, decisions] = await Promise.all([
      store.read(at.signal(tenantId, signalId)),
      // A signal belongs to one account, so each stage has one record of it.
      store.query({
        collection: at.decisions(tenantId),
        where: [["signalId", "==", signalId]],
        limit: maxTraces,
      }),
    ]);
    return {
      signals: filterVisible(signal === null ? [] : [signal], caller),
      decisions: filterVisible(decisions, caller),
    };
  }
  if (itemId !== undefined) {
    const decisions = at.decisions(tenantId);
    const reads = await newest(decisions, ["itemId", itemId]);
    return { signals: [], decisions: filterVisible(reads, caller) };
  }
  const spellings = urlSpellings(url ?? "");
  // One query per spelling: all spellings combined with the keys of an audience exceed what one query may list.
  const [signals, decisions] = await Promise.all([
    Promise.all(
      spellings.map((one) => newest(at.signals(tenantId), ["url", one])),
    ),
    Promise.all(
      spellings.map((one) => newest(at.decisions(tenantId), ["url", one])),
    ),
  ]);
  return {
    signals: filterVisible(signals.flat(), caller),
    decisions: filterVisible(decisions.flat(), caller),
  };
}

function filterVisible<T extends { readonly audience: Audience }>(
  reads: readonly Read<T>[],
  { actor }: Caller,
): readonly Read<T>[] {
  return reads.filter(({ data }) => canSee(actor, data.audience));
}

const Listing = Opportunity.pick({
  audience: true,
  signalIds: true,
  state: true,
});

/** The cards that cite one of these signals and that the caller may see. */
async function findCards(
  c: ApiContext,
  signals: readonly Read<Signal>[],
  { store }: ApiDeps,
) {
  const caller = c.get("caller");
  const wanted = signals.slice(0, maxTraces).map(({ id }) => id);
  const reads = await Promise.all(
    toChunks(wanted).map((some) =>
      store.query(listingQuery(caller.tenantId, some)),
    ),
  );
  return filterVisible(reads.flat(), caller).map(({ id, data }) => {
    return { id, status: data.state.status, signalIds: data.signalIds };
  });
}

function listingQuery(
  tenantId: TenantId,
  signalIds: readonly string[],
): Query<z.infer<typeof Listing>> {
  return {
    collection: { ...at.opportunities(tenantId), schema: Listing },
    slim: true,
    where: [["signalIds", "array-contains-any", signalIds]],
    limit: 2 * maxTraces,
  };
}

function toChunks(all: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(all.length / perQuery) }, (_, i) =>
    all.slice(perQuery * i, perQuery * (i + 1)),
  );
}

async function findWatchers(
  c: ApiContext,
  { url, accountId }: z.infer<typeof TraceQuery>,
  deps: ApiDeps,
): Promise<Watchers> {
  const canonical = url === undefined ? null : canonicalUrl(url);
  if (canonical === null) return [];
  const host = new URL(canonical).hostname;
  const caller = c.get("caller");
  const accounts =
    accountId !== undefined
      ? [await findAccount(c, accountId, deps)]
      : await deps.store.query({
          collection: at.accounts(caller.tenantId),
          where: audienceFilter(caller),
          orderBy: [["name", "asc"]],
          limit: maxAccounts,
        });
  return accounts.flatMap(({ id, data }) =>
    data.sources
      .filter((source) => coversHost(source, host))
      .map(({ kind, key }) => {
        return { accountId: id, accountName: data.name, kind, key };
      }),
  );
}
