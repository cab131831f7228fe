import { createRoute, z } from "@hono/zod-openapi";
import { Source } from "../../domain/sources/source.ts";
import * as at from "../../domain/collections.ts";
import type { CollectionRef } from "../../domain/kernel/references.ts";
import { DecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Audience } from "../../domain/kernel/document.ts";
import { AccountId, SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import {
  Opportunity,
  OpportunityState,
} from "../../domain/cards/opportunity.ts";
import { canSee } from "../../domain/people/roles.ts";
import { Signal } from "../../domain/signals/signal.ts";
import { canonicalUrl, spellingsOf } from "../../domain/text/url.ts";
import { watches } from "../../domain/sources/sourceHosts.ts";
import type { Query, Read } from "../../ports/store.ts";
import { findAccount } from "../accounts/accounts.ts";
import { json, Moment, shown } from "../http/answer.ts";
import { ofAudience, permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps, Caller } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { isIndexable } from "../http/page.ts";
import { badField, queryProblems, Refused } from "../http/problem.ts";

/** How many traces are shown, the newest; and how many accounts are looked through for who watches a site. */
const maxTraces = 50;
const maxAccounts = 300;
/** What a database query takes in one list. */
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
        .openapi({ description: "The cards that list it." }),
    }),
    z.object({
      kind: z.literal("decision"),
      ...common,
      signalId: z.string().nullable(),
      itemId: z.string(),
      ...DecisionRecord.pick({
        stage: true,
        verdict: true,
        reason: true,
        detail: true,
        setting: true,
      }).shape,
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
              "The sources, of accounts that are yours to see, that watch the site of the address.",
          }),
      })
      .nullable()
      .openapi({ description: "Where nothing was found." }),
  })
  .openapi("Traces");
type Watching = NonNullable<z.infer<typeof Traces>["hint"]>["watchedBy"];

const Asked = z.object({
  url: z.string().min(1).max(2000).optional().openapi({
    description:
      "The page's address; case of the host, fragment, trailing slash and utm_* make no difference.",
  }),
  itemId: z.string().min(1).max(1500).optional().openapi({
    description: "`source:id:revision`, as the decision records name it.",
  }),
  signalId: SignalId.optional(),
  accountId: AccountId.optional(),
});

const list = createRoute({
  method: "get",
  ...permitted("decisions", "account.read"),
  path: "/api/v1/decisions",
  operationId: "listDecisions",
  summary: "Why didn't I see this: what became of one item, the newest first",
  description: "Name one of `url`, `itemId` and `signalId`.",
  request: { query: Asked },
  responses: {
    200: json(Traces, "Its traces, 50 at most", {
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
    ...queryProblems(404),
  },
});

type Traced = Signal | DecisionRecord;

/** The route that says what became of an item. */
export function decisionRecordRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const asked = c.req.valid("query");
    const named = [asked.url, asked.itemId, asked.signalId];
    if (named.filter((one) => one !== undefined).length !== 1)
      throw new Refused(400, "Name one of url, itemId and signalId.", {
        errors: ["url", "itemId", "signalId"].map((field) => {
          return { field, message: "name one of the three" };
        }),
      });
    if (asked.url !== undefined && !spellingsOf(asked.url).every(isIndexable))
      throw badField("url", "may have at most 1,500 bytes, percent-encoded");
    if (asked.itemId !== undefined && !isIndexable(asked.itemId))
      throw badField("itemId", "may have at most 1,500 bytes");
    const { accountId } = asked;
    if (accountId !== undefined) await findAccount(c, accountId, deps);
    const { signals, decisions } = await found(c, asked, deps);
    const cards = await cardsOf(c, signals, deps);
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
            watchedBy: await watchedBy(c, asked, deps),
          };
    return c.json(shown(Traces, { items: newest, hint }), 200);
  });
}

/** The signals and decision records of the item that the caller may see. */
async function found(
  c: ApiContext,
  { url, itemId, signalId, accountId }: z.infer<typeof Asked>,
  { store }: ApiDeps,
) {
  const caller = c.get("caller");
  const { tenantId } = caller;
  const mine =
    accountId === undefined
      ? ofAudience(caller)
      : ([["accountId", "==", accountId]] as const);
  const newest = <T extends Traced>(
    collection: CollectionRef<T>,
    [field, value]: readonly [string, string],
  ) =>
    store.query({
      collection,
      where: [...mine, [field, "==", value]],
      orderBy: [["updatedAt", "desc"]],
      limit: maxTraces,
    });
  if (signalId !== undefined) {
    const [signal, decisions] = await Promise.all([
      store.read(at.signal(tenantId, signalId)),
      // A signal is one account's: each stage has one record of it.
      store.query({
        collection: at.decisions(tenantId),
        where: [["signalId", "==", signalId]],
        limit: maxTraces,
      }),
    ]);
    return {
      signals: seen(signal === null ? [] : [signal], caller),
      decisions: seen(decisions, caller),
    };
  }
  if (itemId !== undefined) {
    const decisions = at.decisions(tenantId);
    const reads = await newest(decisions, ["itemId", itemId]);
    return { signals: [], decisions: seen(reads, caller) };
  }
  const spellings = spellingsOf(url ?? "");
  // One question for each spelling: all at once, with the keys of an audience, are more than the database takes.
  const [signals, decisions] = await Promise.all([
    Promise.all(
      spellings.map((one) => newest(at.signals(tenantId), ["url", one])),
    ),
    Promise.all(
      spellings.map((one) => newest(at.decisions(tenantId), ["url", one])),
    ),
  ]);
  return {
    signals: seen(signals.flat(), caller),
    decisions: seen(decisions.flat(), caller),
  };
}

function seen<T extends { readonly audience: Audience }>(
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

/** The cards, of those that the caller may see, that list one of these signals. */
async function cardsOf(
  c: ApiContext,
  signals: readonly Read<Signal>[],
  { store }: ApiDeps,
) {
  const caller = c.get("caller");
  const wanted = signals.slice(0, maxTraces).map(({ id }) => id);
  const reads = await Promise.all(
    chunked(wanted).map((some) => store.query(listing(caller.tenantId, some))),
  );
  return seen(reads.flat(), caller).map(({ id, data }) => {
    return { id, status: data.state.status, signalIds: data.signalIds };
  });
}

function listing(
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

function chunked(all: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(all.length / perQuery) }, (_, i) =>
    all.slice(perQuery * i, perQuery * (i + 1)),
  );
}

async function watchedBy(
  c: ApiContext,
  { url, accountId }: z.infer<typeof Asked>,
  deps: ApiDeps,
): Promise<Watching> {
  const canonical = url === undefined ? null : canonicalUrl(url);
  if (canonical === null) return [];
  const host = new URL(canonical).hostname;
  const caller = c.get("caller");
  const accounts =
    accountId !== undefined
      ? [await findAccount(c, accountId, deps)]
      : await deps.store.query({
          collection: at.accounts(caller.tenantId),
          where: ofAudience(caller),
          orderBy: [["name", "asc"]],
          limit: maxAccounts,
        });
  return accounts.flatMap(({ id, data }) =>
    data.sources
      .filter((source) => watches(source, host))
      .map(({ kind, key }) => {
        return { accountId: id, accountName: data.name, kind, key };
      }),
  );
}
