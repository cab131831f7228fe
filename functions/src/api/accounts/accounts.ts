import { createRoute, z } from "@hono/zod-openapi";
import {
  Account,
  AccountContext,
  LastSignal,
  SourceState,
} from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { Health, toHealth } from "../../domain/weighing/health.ts";
import { AccountId } from "../../domain/kernel/ids.ts";
import { intentHistory } from "../../domain/weighing/intent.ts";
import { toSourceLevel } from "../../domain/accounts/sourceHealth.ts";
import type { Read } from "../../ports/store.ts";
import { json, Moment, shown } from "../http/answer.ts";
import { ofAudience, permitted, visible } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import {
  CursorText,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { queryProblems, Refused } from "../http/problem.ts";

/** An account's id in a path. */
export const OfAccount = z.object({ id: AccountId });

const facts = Account.pick({
  name: true,
  aliases: true,
  domains: true,
  identifiers: true,
  moreIdentifiers: true,
  parentId: true,
  mergedInto: true,
  owners: true,
  teams: true,
  icpFit: true,
  provenance: true,
  version: true,
}).shape;

/** An account on the wire. */
export const AccountItem = z
  .object({ id: z.string(), ...facts })
  .openapi("AccountItem");

/** What an account is shown as in examples. */
export const accountExample = {
  id: ids.account,
  name: "Globex",
  aliases: ["Globex Corporation"],
  domains: ["globex.example"],
  identifiers: { salesforce: "001000000000001AAA", hubspot: "1001" },
  moreIdentifiers: [{ name: "salesforce", value: "001000000000002AAA" }],
  parentId: null,
  mergedInto: null,
  owners: [ids.member],
  teams: ["north"],
  icpFit: 0.8,
  provenance: "live" as const,
  version: 1,
};

const AccountPage = pageOf(AccountItem).openapi("AccountPage");

const AccountDetail = z
  .object({
    id: z.string(),
    ...facts,
    view: z
      .object({
        ...AccountContext.pick({ intent: true, signals: true }).shape,
        lastSignals: z.array(
          z.object({ ...LastSignal.shape, occurredAt: Moment }),
        ),
        updatedAt: Moment,
      })
      .nullable()
      .openapi({ description: "Null until its first signal was weighed." }),
    health: z.object(Health.shape).openapi({
      description:
        "As of now; domain/weighing/health.ts says how it is reckoned.",
    }),
    trend: z
      .array(z.object({ day: z.iso.date(), intent: z.number() }))
      .openapi({ description: "The intent of each of the last 31 days." }),
    schedule: z
      .object({
        active: z.boolean(),
        intervalMs: z.int(),
        dueAt: Moment,
      })
      .nullable(),
    sources: z.array(
      z.object({
        kind: z.string(),
        key: z.string(),
        state: z
          .object({
            ...SourceState.pick({
              lastError: true,
              consecutiveFailures: true,
              itemsFound: true,
              droppedItems: true,
            }).shape,
            lastLookAt: Moment,
            lastGoodAt: Moment.nullable(),
            silentAt: Moment.nullable().openapi({
              description: "From when on its silence is unusual.",
            }),
            level: z.enum(["failing", "silent", "healthy"]),
          })
          .nullable()
          .openapi({ description: "Null before the first look." }),
      }),
    ),
  })
  .openapi("Account");

const trendDays = 31;

const list = createRoute({
  method: "get",
  ...permitted("accounts", "account.read"),
  path: "/api/v1/accounts",
  operationId: "listAccounts",
  summary: "The accounts that are yours to see, by name",
  request: { query: PageQuery },
  responses: {
    200: json(AccountPage, "A page of accounts", {
      items: [accountExample],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

const one = createRoute({
  method: "get",
  ...permitted("accounts", "account.read"),
  path: "/api/v1/accounts/{id}",
  operationId: "getAccount",
  summary: "An account, its intent, and how the looks at its sources went",
  request: { params: OfAccount },
  responses: {
    200: json(AccountDetail, "The account", {
      ...accountExample,
      view: {
        intent: 38.4,
        signals: 3,
        lastSignals: [
          {
            id: "globex_1",
            title: "Globex appoints a chief information officer",
            category: "leadership_change",
            occurredAt: moments.received,
            url: "https://globex.example/news",
          },
        ],
        updatedAt: moments.shown,
      },
      health: {
        score: 61,
        level: "watch",
        reasons: [
          { code: "intent", effect: 9.6, detail: "38.4" },
          { code: "trend", effect: 4.2, detail: "8.4" },
          { code: "good-news", effect: 3, detail: "funding" },
        ],
        flags: [],
      },
      trend: [
        { day: "2026-11-19", intent: 30 },
        { day: "2026-11-20", intent: 38.4 },
      ],
      schedule: { active: true, intervalMs: 3_600_000, dueAt: moments.due },
      sources: [
        {
          kind: "rss",
          key: "newsroom",
          state: {
            lastError: null,
            consecutiveFailures: 0,
            itemsFound: 3,
            droppedItems: 0,
            lastLookAt: moments.received,
            lastGoodAt: moments.received,
            silentAt: null,
            level: "healthy",
          },
        },
      ],
    }),
    ...queryProblems(404),
  },
});

/** The account, if the caller may see it; else 404. */
export async function findAccount(
  c: ApiContext,
  id: AccountId,
  deps: ApiDeps,
): Promise<Read<Account>> {
  const caller = c.get("caller");
  const read = await deps.store.read(at.account(caller.tenantId, id));
  return visible(read, caller, "account");
}

/** The routes that read accounts. */
export function accountRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const caller = c.get("caller");
    const reads = await deps.store.query({
      collection: at.accounts(caller.tenantId),
      where: ofAudience(caller),
      orderBy: [
        ["name", "asc"],
        ["__name__", "asc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorText, AccountId])),
    });
    const { items, ...rest } = page(reads, limit, ({ id, data }) => [
      data.name,
      id,
    ]);
    const accounts = items.map(({ id, data }) => ({ id, ...data }));
    return c.json(shown(AccountPage, { items: accounts, ...rest }), 200);
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findAccount(c, id, deps);
    const [tenant, view, schedule, states] = await Promise.all([
      deps.store.read(at.tenant(tenantId)),
      deps.store.read(at.context(tenantId, id)),
      deps.store.read(at.schedule(tenantId, id)),
      deps.store.readAll(
        data.sources.map(({ key }) => at.sourceState(tenantId, id, key)),
        "leave-out",
      ),
    ]);
    if (tenant === null) throw new Refused(404, "There is no such tenant.");
    const sources = data.sources.map(({ kind, key }, i) => {
      const state = states[i]?.data ?? null;
      const level =
        state === null ? null : toSourceLevel(state, deps.clock.now());
      return { kind, key, state: state && { ...state, level } };
    });
    const failing = sources.filter(
      ({ state }) => state !== null && state.consecutiveFailures > 0,
    );
    const facts = {
      sources: schedule?.data.active === true ? sources.length : 0,
      failingSources: failing.length,
    };
    const today = { tenant: tenant.data, now: deps.clock.now() };
    const parts = view?.data.parts ?? {};
    const detail = {
      id,
      ...data,
      view: view?.data ?? null,
      health: toHealth(view?.data ?? null, facts, today),
      trend: intentHistory(parts, tenant.data, {
        now: today.now,
        days: trendDays,
      }),
      schedule: schedule?.data ?? null,
      sources,
    };
    return c.json(shown(AccountDetail, detail), 200);
  });
}
