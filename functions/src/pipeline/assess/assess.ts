import type { AccountContext } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import type { Audience } from "../../domain/kernel/document.ts";
import type { AccountId, TenantId } from "../../domain/kernel/ids.ts";
import { accountFold } from "../../domain/messages/folds.ts";
import { toSignalDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { addToCategories } from "../../domain/weighing/health.ts";
import { addToIntent, toIntent } from "../../domain/weighing/intent.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import { create, need, type Read, update } from "../../ports/store.ts";
import { toCardMessages } from "./cards.ts";
import { toContext } from "./context.ts";
import { judge, type Judgement } from "./judge.ts";

/** How many signals one fold weighs, and how many held ones it wakes; the next fold takes the rest. */
const signalsPerFold = 50;

type Needs = Pick<Deps, "store" | "recent" | "clock">;

/**
 * Weighs an account's new signals, each at its own time. Once the account's intent is high enough, qualifies every
 * relevant signal, including those held until now.
 */
export const assess: Stage<"account-assess", "store" | "recent" | "clock"> = {
  topic: "account-assess",
  run: assessAccount,
};

async function assessAccount(
  { tenantId, payload: { accountId } }: Job<"account-assess">,
  deps: Needs,
): Promise<Outcome> {
  const [{ data: tenant }, context, unfolded] = await Promise.all([
    need(at.tenant(tenantId), deps.recent),
    deps.store.read(at.context(tenantId, accountId)),
    findUnfolded(tenantId, accountId, deps),
  ]);
  const now = deps.clock.now();
  const weighed = weigh(context?.data ?? null, unfolded, { tenant, now });
  const { intent } = weighed;
  const wakes =
    context?.data.holds === true && intent >= tenant.highIntentThreshold;
  const woken = wakes ? await findHeld(tenantId, accountId, deps) : [];
  if (unfolded.length + woken.length === 0)
    return { skipped: "everything is already folded" };

  const judged = judgeAll([...unfolded, ...woken], tenant, intent);
  const hasMoreHeld = wakes
    ? woken.length === signalsPerFold
    : context?.data.holds === true;
  const after = toContext(context, {
    ...weighed,
    accountId,
    // A context carries its account's audience and changes with it.
    audience:
      context?.data.audience ?? (await readAudience(tenantId, accountId, deps)),
    unfolded,
    now,
    holds: hasMoreHeld || judged.some(({ status }) => status === "held"),
  });
  const qualified = judged.filter(({ status }) => status === "qualified");
  const isFull = [unfolded, woken].some(
    (signals) => signals.length === signalsPerFold,
  );
  return {
    writes: [
      context === null
        ? create(at.context(tenantId, accountId), after)
        : update(context, after),
      ...judged.map(({ read, status }) =>
        update(read, { status, unfoldedAt: null }),
      ),
    ],
    decisions: judged.filter(isRecorded).map(toDecision),
    emits: await toCardMessages(
      qualified.map(({ read }) => read),
      tenantId,
      deps,
    ),
    folds: isFull ? [accountFold(accountId, now)] : [],
  };
}

/** An account's intent and category counts with these signals added, each at its own time. */
function weigh(
  context: AccountContext | null,
  unfolded: readonly Read<Signal>[],
  by: { readonly tenant: Tenant; readonly now: Date },
) {
  const signals = unfolded.map(({ data }) => data);
  const parts = addToIntent(context?.parts ?? {}, signals, by);
  return {
    parts,
    categories: addToCategories(context?.categories ?? {}, signals, by),
    intent: toIntent(parts, by.tenant, by.now),
  };
}

function findUnfolded(
  tenantId: TenantId,
  accountId: AccountId,
  { store }: Needs,
) {
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

function findHeld(tenantId: TenantId, accountId: AccountId, { store }: Needs) {
  return store.query({
    collection: at.signals(tenantId),
    where: [
      ["accountId", "==", accountId],
      ["status", "==", "held"],
    ],
    limit: signalsPerFold,
  });
}

async function readAudience(
  tenantId: TenantId,
  accountId: AccountId,
  { store }: Needs,
): Promise<Audience> {
  return (await need(at.account(tenantId, accountId), store)).data.audience;
}

interface Judged extends Judgement {
  readonly read: Read<Signal>;
}

function judgeAll(
  reads: readonly Read<Signal>[],
  tenant: Tenant,
  intent: number,
): readonly Judged[] {
  return reads.map((read) => ({ read, ...judge(read.data, tenant, intent) }));
}

/** A signal that goes on needs no record, since its card shows it; a record that it was held is out of date. */
function isRecorded({ read, verdict }: Judged): boolean {
  return verdict !== "kept" || read.data.status === "held";
}

function toDecision({ read, verdict, reason, setting }: Judged) {
  const { name, value, measured } = setting;
  return toSignalDecisionRecord(read, {
    stage: "assess",
    verdict,
    reason,
    detail: `${name} is ${value}, measured ${measured}`,
    setting,
  });
}
