import type { AccountContext } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import type { Decision } from "../../domain/signals/decision.ts";
import type { Audience, Unstamped } from "../../domain/kernel/document.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import {
  addToCategories,
  type CategoryCounts,
} from "../../domain/weighing/health.ts";
import {
  type AccountId,
  SignalId,
  type TenantId,
} from "../../domain/kernel/ids.ts";
import { dayOf } from "../../domain/kernel/instant.ts";
import { addToIntent, intentOf } from "../../domain/weighing/intent.ts";
import { matchPlaybook } from "../../domain/cards/library.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { earlier, happenedAt } from "../../domain/signals/occurrence.ts";
import { opportunityIdOf } from "../../domain/cards/opportunity.ts";
import type { Signal, SignalStatus } from "../../domain/signals/signal.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { accountFold } from "../../domain/messages/folds.ts";
import type { Stage } from "../../ports/stage.ts";
import { create, type Read, update } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";

/** How many signals one fold weighs, and how many held ones it wakes; what is over comes with the next. */
const signalsPerFold = 50;

type Needs = Pick<Deps, "store" | "clock">;

/**
 * Weighs what is new at an account, each signal at its own time, and qualifies every signal that is
 * relevant enough once the account's intent is high enough: those that waited for it too.
 */
export const assess: Stage<"account-assess", "store" | "clock"> = {
  topic: "account-assess",
  run: async ({ tenantId, payload: { accountId } }, deps) => {
    const [tenant, context, fresh] = await Promise.all([
      deps.store.read(at.tenant(tenantId)),
      deps.store.read(at.context(tenantId, accountId)),
      unfolded(tenantId, accountId, deps),
    ]);
    // A context has its account's audience, and follows it.
    const { audience } =
      context?.data ??
      (await deps.store.read(at.account(tenantId, accountId)))?.data ??
      {};
    if (tenant === null || audience === undefined)
      throw new PermanentError(
        "not-found",
        `The account ${accountId} does not exist.`,
      );
    const now = deps.clock.now();
    const parts = addToIntent(
      context?.data.parts ?? {},
      fresh.map(({ data }) => data),
      { tenant: tenant.data, now },
    );
    const categories = addToCategories(
      context?.data.categories ?? {},
      fresh.map(({ data }) => data),
      { tenant: tenant.data, now },
    );
    const intent = intentOf(parts, tenant.data, now);
    const wakes =
      context?.data.holds === true && intent >= tenant.data.highIntentThreshold;
    const waiting = wakes ? await held(tenantId, accountId, deps) : [];
    if (fresh.length + waiting.length === 0)
      return { skipped: "everything is folded" };
    const judged = [...fresh, ...waiting].map((read) => ({
      read,
      ...judge(read.data, tenant.data, intent),
    }));
    const qualified = judged
      .filter(({ status }) => status === "qualified")
      .map(({ read }) => read);

    const after = contextOf(context, {
      accountId,
      audience,
      parts,
      categories,
      intent,
      fresh,
      now,
      holds:
        judged.some(({ status }) => status === "held") ||
        (wakes
          ? waiting.length === signalsPerFold
          : context?.data.holds === true),
    });
    return {
      writes: [
        context === null
          ? create(at.context(tenantId, accountId), after)
          : update(context, after),
        ...judged.map(({ read, status }) =>
          update(read, { status, unfoldedAt: null }),
        ),
      ],
      // That one goes on says its card; that it was held before is no longer so.
      decisions: judged
        .filter(
          ({ read, verdict }) =>
            verdict !== "kept" || read.data.status === "held",
        )
        .map(({ read, ...verdict }) => decisionOf(read, verdict)),
      emits: await cardsFor(qualified, tenantId, deps),
      folds:
        fresh.length === signalsPerFold || waiting.length === signalsPerFold
          ? [accountFold(accountId, now)]
          : [],
    };
  },
};

function unfolded(tenantId: TenantId, accountId: string, { store }: Needs) {
  return store.query({
    collection: at.signals(tenantId),
    where: [
      ["accountId", "==", accountId],
      ["unfoldedAt", ">", new Date(0)],
    ],
    orderBy: [["unfoldedAt", "asc"]],
    limit: signalsPerFold,
  });
}

function held(tenantId: TenantId, accountId: string, { store }: Needs) {
  return store.query({
    collection: at.signals(tenantId),
    where: [
      ["accountId", "==", accountId],
      ["status", "==", "held"],
    ],
    limit: signalsPerFold,
  });
}

interface Verdict {
  readonly status: SignalStatus;
  readonly verdict: Decision["verdict"];
  readonly reason: Decision["reason"];
  readonly setting: Decision["setting"];
}

function judge(signal: Signal, tenant: Tenant, intent: number): Verdict {
  if (signal.relevance < tenant.relevanceThreshold) {
    const setting = {
      name: "relevanceThreshold",
      value: tenant.relevanceThreshold,
      measured: signal.relevance,
    };
    return {
      status: "below_relevance",
      verdict: "dropped",
      reason: "below-relevance",
      setting,
    };
  }
  const setting = {
    name: "highIntentThreshold",
    value: tenant.highIntentThreshold,
    measured: intent,
  };
  if (intent < tenant.highIntentThreshold)
    return { status: "held", verdict: "held", reason: "below-intent", setting };
  return { status: "qualified", verdict: "kept", reason: "qualified", setting };
}

function decisionOf(read: Read<Signal>, { verdict, reason, setting }: Verdict) {
  const { accountId, audience, url, title } = read.data;
  const detail =
    setting === null
      ? ""
      : `${setting.name} is ${setting.value}, measured ${setting.measured}`;
  return {
    accountId,
    audience,
    stage: "assess",
    itemId: read.id,
    signalId: read.id,
    url,
    title,
    verdict,
    reason,
    detail,
    setting,
  } as const;
}

function contextOf(
  context: Read<AccountContext> | null,
  {
    accountId,
    audience,
    parts,
    categories,
    intent,
    fresh,
    now,
    holds,
  }: {
    accountId: AccountId;
    audience: Audience;
    parts: ReturnType<typeof addToIntent>;
    categories: CategoryCounts;
    intent: number;
    fresh: readonly Read<Signal>[];
    now: Date;
    holds: boolean;
  },
): Unstamped<AccountContext> {
  const times = [
    ...fresh.map(({ data }) => happenedAt(data)),
    ...(context?.data.lastSignalAt ? [context.data.lastSignalAt] : []),
  ].map((at) => earlier(at, now));
  return {
    accountId,
    audience,
    parts,
    categories,
    intent,
    intentDay: dayOf(now),
    signals: (context?.data.signals ?? 0) + fresh.length,
    lastSignalAt: new Date(Math.max(...times.map((time) => time.getTime()))),
    lastSignals: lastOf(fresh, context?.data.lastSignals ?? [], now),
    holds,
  };
}

function lastOf(
  fresh: readonly Read<Signal>[],
  before: AccountContext["lastSignals"],
  now: Date,
): AccountContext["lastSignals"] {
  const known = fresh.map(({ id, data }) => ({
    id,
    title: data.title,
    category: data.category,
    occurredAt: happenedAt(data),
    url: data.url,
  }));
  return [...known, ...before]
    .map((one) => ({ ...one, occurredAt: earlier(one.occurredAt, now) }))
    .sort(
      (a, b) =>
        b.occurredAt.getTime() - a.occurredAt.getTime() ||
        a.id.localeCompare(b.id),
    )
    .slice(0, 5);
}

/** One message per card that these signals make or add to: those of one playbook and one cluster belong together. */
async function cardsFor(
  qualified: readonly Read<Signal>[],
  tenantId: TenantId,
  { store }: Needs,
): Promise<readonly Emission[]> {
  if (qualified.length === 0) return [];
  const categories = [...new Set(qualified.map(({ data }) => data.category))];
  const playbooks = await store.query({
    collection: at.playbooks(tenantId),
    where: [
      ["active", "==", true],
      ["categories", "array-contains-any", categories],
    ],
    limit: 100,
  });
  const cards = new Map<
    string,
    {
      readonly first: Read<Signal>;
      readonly playbookId: string | null;
      readonly signalIds: SignalId[];
    }
  >();
  for (const read of qualified) {
    const playbookId =
      matchPlaybook(read.data.category, read.data.type, playbooks)?.id ?? null;
    const opportunityId = opportunityIdOf(
      read.data.accountId,
      playbookId,
      read.data.clusterId,
    );
    const card = cards.get(opportunityId) ?? {
      first: read,
      playbookId,
      signalIds: [],
    };
    card.signalIds.push(SignalId.parse(read.id));
    cards.set(opportunityId, card);
  }
  return [...cards.values()].flatMap(
    ({ first: { data }, playbookId, signalIds }) => {
      const { accountId, clusterId } = data;
      const opportunityId = opportunityIdOf(accountId, playbookId, clusterId);
      const common = {
        accountId,
        opportunityId,
        playbookId,
        clusterId,
        refined: null,
      };
      return inTwenties(signalIds).map(
        (ids) =>
          ({
            topic: "signal-qualified",
            payload: { ...common, signalIds: ids },
          }) as const,
      );
    },
  );
}

function inTwenties<T>(items: readonly T[]): readonly T[][] {
  return Array.from({ length: Math.ceil(items.length / 20) }, (_, i) =>
    items.slice(20 * i, 20 * (i + 1)),
  );
}
