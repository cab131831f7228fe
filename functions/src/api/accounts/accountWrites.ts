import type { Account, Schedule } from "../../domain/accounts/account.ts";
import {
  type AccountChange,
  type AccountForm,
  toAccountId,
} from "../../domain/accounts/accountForm.ts";
import { diff, type WithoutUndefined } from "../../domain/kernel/changes.ts";
import * as at from "../../domain/collections.ts";
import {
  type Audience,
  maxAudience,
  type Unstamped,
} from "../../domain/kernel/document.ts";
import { AccountId, type TenantId, type Uid } from "../../domain/kernel/ids.ts";
import { addMs, hourMs } from "../../domain/kernel/instant.ts";
import { accountKeys } from "../../domain/resolution/lookup.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { ownFault } from "../../domain/resolution/ownCompany.ts";
import { toAudience, mergeAudiences } from "../../domain/people/roles.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { create, type Read, update, type Write } from "../../ports/store.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { findTenant } from "../http/documents.ts";
import { commitAnswered } from "../http/idempotency.ts";
import type { Outcome } from "../../ports/stage.ts";
import { badField, Refusal, unfitField } from "../http/problem.ts";

/** Checks that every owner is an active member: an account without one is visible only to its team's leads. */
export async function assertOwners(
  c: ApiContext,
  owners: readonly Uid[],
  deps: Pick<ApiDeps, "store">,
): Promise<void> {
  const { tenantId } = c.get("caller");
  const members = await deps.store.readAll(
    owners.map((uid) => at.member(tenantId, uid)),
    "leave-out",
  );
  const missing = owners.filter((_, i) => members[i]?.data.active !== true);
  if (missing.length > 0) {
    throw badField("owners", `not active members: ${missing.join(", ")}`);
  }
}

/** How many levels of parent companies an account may have. */
const maxParents = 10;

/** Refuses the names and domains of the tenant's own company, which must not be an account. */
export function assertNotOwn(
  tenant: Tenant,
  named: Parameters<typeof ownFault>[1],
): void {
  const fault = ownFault(tenant.own, named);
  if (fault !== null) throw unfitField(fault.field, fault.message);
}

/** Checks that the parent exists and that there is no cycle. */
async function assertParent(
  tenantId: TenantId,
  { id, parentId }: { readonly id: string; readonly parentId: AccountId },
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  let above: AccountId | null = parentId;
  for (let step = 0; above !== null; step++) {
    if (above === id) throw unfitField("parentId", "would create a cycle");
    if (step === maxParents)
      throw unfitField(
        "parentId",
        `has more than ${maxParents} companies above it`,
      );
    const parent: Read<Account> | null = await store.read(
      at.account(tenantId, above),
    );
    if (parent === null && step === 0)
      throw unfitField("parentId", `there is no account "${parentId}"`);
    above = parent?.data.parentId ?? null;
  }
}

/** Adds an account with its schedule, due at once; 409 if the id is taken. Returns its view, which is kept as the command's answer unless this is one step of a larger command. */
export async function createAccount<V extends object>(
  c: ApiContext,
  {
    form: { id: wanted, schedule: plan, ...form },
    view,
    isStep,
  }: {
    readonly form: AccountForm;
    readonly view: (made: object) => V;
    readonly isStep?: true;
  },
  deps: ApiDeps,
): Promise<V> {
  const { tenantId } = c.get("caller");
  const id = wanted ?? toAccountId(form.name);
  const account = await toAccount(tenantId, { id, ...form }, deps);
  const { audience, provenance, version } = account;
  const schedule = { accountId: id, ...plan, dueAt: deps.clock.now() };
  const body = view({ id, ...account, schedule });
  const outcome: Outcome = {
    writes: [
      create(at.account(tenantId, id), account),
      create(at.schedule(tenantId, id), schedule),
    ],
    audit: [
      {
        action: "CREATE",
        entity: { kind: "account", id },
        before: null,
        after: { ...form, audience, provenance, version, schedule: plan },
        reason: "set up by hand",
      },
    ],
  };
  const answer = isStep === true ? null : body;
  const commit = await commitAnswered(c, { outcome, answer }, deps);
  if (commit.kind === "committed") return body;
  const existing = await deps.store.read(at.account(tenantId, id));
  const detail = `There is already an account "${id}". Change that one, or give another id.`;
  const current = { id, version: existing?.data.version ?? 1 };
  throw new Refusal(409, detail, { current });
}

/** The account that a form describes, checked against the tenant's own company and the parent. */
async function toAccount(
  tenantId: TenantId,
  {
    id,
    ...form
  }: Omit<AccountForm, "id" | "schedule"> & { readonly id: AccountId },
  deps: Pick<ApiDeps, "store">,
) {
  const { data: tenant } = await findTenant(tenantId, deps);
  assertNotOwn(tenant, form);
  const { parentId } = form;
  if (parentId !== null) await assertParent(tenantId, { id, parentId }, deps);
  return {
    ...form,
    mergedInto: null,
    lookup: accountKeys(form),
    audience: toAudience(form.owners, form.teams),
    provenance: tenant.provenance,
    version: 1,
  };
}

interface AccountToChange {
  readonly tenantId: TenantId;
  readonly read: Read<Account>;
  /** The version after the change. */
  readonly next: number;
}

interface ChangeRequest {
  readonly patch: WithoutUndefined<Omit<AccountChange, "schedule">>;
  readonly plan: WithoutUndefined<NonNullable<AccountChange["schedule"]>>;
}

/** Everything that changes with an account: its fields, its schedule, and a message if its audience changes. */
export async function planChange(
  { tenantId, read, next }: AccountToChange,
  { patch, plan }: ChangeRequest,
  deps: Pick<ApiDeps, "store" | "clock">,
) {
  const accountId = AccountId.parse(read.id);
  const after = { ...read.data, ...patch };
  const { name, aliases, domains, parentId } = patch;
  if ([name, aliases, domains].some((names) => names !== undefined)) {
    const { data: tenant } = await findTenant(tenantId, deps);
    assertNotOwn(tenant, { name, aliases, domains });
  }
  if (parentId !== undefined && parentId !== null)
    await assertParent(tenantId, { id: accountId, parentId }, deps);
  const audience = await audienceAfter(tenantId, after, deps);
  const changed = diff(read.data, { ...patch, audience }).after;
  const emits: Emission[] = [];
  if ("audience" in changed) {
    const payload = {
      accountId,
      version: next,
      round: 1,
      after: null,
    } as const;
    emits.push({ topic: "audience-changed", payload });
  }
  const scheduled = await deps.store.read(at.schedule(tenantId, accountId));
  const now = deps.clock.now();
  const schedule = scheduleAfter(accountId, scheduled?.data ?? null, {
    plan,
    lookAnew: "sources" in changed,
    now,
  });
  const writes: Write[] = [];
  if (scheduled === null)
    writes.push(create(at.schedule(tenantId, accountId), schedule));
  else if (Object.keys(diff(scheduled.data, schedule).after).length > 0)
    writes.push(update(scheduled, schedule));
  const derived = { lookup: accountKeys(after) };
  return { patch: { ...patch, audience }, derived, writes, emits, schedule };
}

/** Who may see an account: its owners and teams, and, while it is merged, the audience of the other account. */
async function audienceAfter(
  tenantId: TenantId,
  {
    owners,
    teams,
    mergedInto,
  }: Pick<Account, "owners" | "teams" | "mergedInto">,
  { store }: Pick<ApiDeps, "store">,
): Promise<Audience> {
  const own = toAudience(owners, teams);
  if (mergedInto === null) return own;
  const target = await store.read(at.account(tenantId, mergedInto));
  return mergeAudiences([own, target?.data.audience ?? []]).slice(
    0,
    maxAudience,
  );
}

/** The schedule after a change: a shorter interval, new sources or a reactivation do not wait for the old due time. */
function scheduleAfter(
  accountId: AccountId,
  before: Schedule | null,
  {
    plan,
    lookAnew,
    now,
  }: Pick<ChangeRequest, "plan"> & {
    readonly lookAnew: boolean;
    readonly now: Date;
  },
): Unstamped<Schedule> {
  const { active = true, intervalMs = hourMs, dueAt = now } = before ?? {};
  const after = { accountId, active, intervalMs, ...plan };
  const latest = lookAnew ? now : addMs(now, after.intervalMs);
  return { ...after, dueAt: dueAt < latest ? dueAt : latest };
}
