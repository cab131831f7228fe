import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
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
import { json, Moment } from "../http/answer.ts";
import { audienceFilter, memberAccess } from "../http/auth.ts";
import { findTenant, readVisible } from "../http/documents.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import {
  CursorText,
  pageSchema,
  PageQuery,
  readEntries,
} from "../http/page.ts";

/** The path of an account. */
export const AccountParams = z.object({ id: AccountId });

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

/** An account as the API shows it. */
export const AccountItem = z
  .object({ id: z.string(), ...facts })
  .openapi("AccountItem");

/** An example account. */
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

const AccountPage = pageSchema(AccountItem).openapi("AccountPage");

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
      .openapi({ description: "Null until its first signal is assessed." }),
    health: z.object(Health.shape).openapi({
      description:
        "As of now; domain/weighing/health.ts explains how it is calculated.",
    }),
    trend: z
      .array(z.object({ day: z.iso.date(), intent: z.number() }))
      .openapi({ description: "The intent on each of the last 31 days." }),
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
            lastPolledAt: Moment,
            lastGoodAt: Moment.nullable(),
            silentAt: Moment.nullable().openapi({
              description: "When its silence becomes unusual.",
            }),
            level: z.enum(["failing", "silent", "healthy"]),
          })
          .nullable()
          .openapi({ description: "Null before the first poll." }),
      }),
    ),
  })
  .openapi("Account");

const trendDays = 31;

const listAccounts = queryRoute(
  {
    ...memberAccess("accounts", "account.read"),
    path: "/api/v1/accounts",
    operationId: "listAccounts",
    summary: "The accounts you may see, by name",
    request: { query: PageQuery },
    answer: json(AccountPage, "A page of accounts", {
      items: [accountExample],
      nextCursor: null,
    }),
  },
  async (c, deps) => {
    const caller = c.get("caller");
    const listing = {
      collection: at.accounts(caller.tenantId),
      where: audienceFilter(caller),
      by: ["name", "asc"],
      cursor: z.tuple([CursorText, AccountId]),
    } as const;
    return readEntries(c.req.valid("query"), listing, deps);
  },
);

const getAccount = queryRoute(
  {
    ...memberAccess("accounts", "account.read"),
    path: "/api/v1/accounts/{id}",
    operationId: "getAccount",
    summary: "An account, its intent, and the state of its sources",
    request: { params: AccountParams },
    answer: json(AccountDetail, "The account", {
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
            lastPolledAt: moments.received,
            lastGoodAt: moments.received,
            silentAt: null,
            level: "healthy",
          },
        },
      ],
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    return readDetail(c, await findAccount(c, id, deps), deps);
  },
);

/** The account with its current health, trend, schedule and sources. */
async function readDetail(
  c: ApiContext,
  { id, data }: Read<Account>,
  deps: ApiDeps,
) {
  const { tenantId } = c.get("caller");
  const accountId = AccountId.parse(id);
  const now = deps.clock.now();
  const [{ data: tenant }, view, schedule, states] = await Promise.all([
    findTenant(tenantId, deps),
    deps.store.read(at.context(tenantId, accountId)),
    deps.store.read(at.schedule(tenantId, accountId)),
    deps.store.readAll(
      data.sources.map(({ key }) => at.sourceState(tenantId, accountId, key)),
      "leave-out",
    ),
  ]);
  const sources = data.sources.map(({ kind, key }, i) => {
    const state = states[i]?.data ?? null;
    const level = state === null ? null : toSourceLevel(state, now);
    return { kind, key, state: state && { ...state, level } };
  });
  const failing = sources.filter(
    ({ state }) => state !== null && state.consecutiveFailures > 0,
  );
  const facts = {
    sources: schedule?.data.active === true ? sources.length : 0,
    failingSources: failing.length,
  };
  const parts = view?.data.parts ?? {};
  return {
    id,
    ...data,
    view: view?.data ?? null,
    health: toHealth(view?.data ?? null, facts, { tenant, now }),
    trend: intentHistory(parts, tenant, { now, days: trendDays }),
    schedule: schedule?.data ?? null,
    sources,
  };
}

/** The account, if the caller may see it; otherwise 404. */
export async function findAccount(
  c: ApiContext,
  id: AccountId,
  deps: ApiDeps,
): Promise<Read<Account>> {
  const ref = at.account(c.get("caller").tenantId, id);
  return readVisible(c, { ref, what: "account" }, deps);
}

/** The routes that read accounts. */
export const accountRoutes: readonly Route[] = [listAccounts, getAccount];
