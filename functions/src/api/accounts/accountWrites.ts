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
import {
  create as newDocument,
  type Read,
  update,
  type Write,
} from "../../ports/store.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { badField, Refused, unfit } from "../http/problem.ts";

/** Holds that every owner is an active member: what nobody owns, only its team's leads would see. */
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
    throw badField("owners", `no active member: ${missing.join(", ")}`);
  }
}

/** How many companies may stand above one another. */
const maxParents = 10;

/** Refuses what the tenant's own company is called or lives at: it is no account of its own. */
export function assertNotOwn(
  tenant: Tenant,
  named: Parameters<typeof ownFault>[1],
): void {
  const fault = ownFault(tenant.own, named);
  if (fault !== null) throw unfit(fault.field, fault.message);
}

/** Holds that the parent is an account, and that nobody is above themselves. */
async function assertParent(
  tenantId: TenantId,
  { id, parentId }: { readonly id: string; readonly parentId: AccountId },
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  let above: AccountId | null = parentId;
  for (let step = 0; above !== null; step++) {
    if (above === id) throw unfit("parentId", "would make a circle");
    if (step === maxParents)
      throw unfit("parentId", `has more than ${maxParents} companies above it`);
    const parent: Read<Account> | null = await store.read(
      at.account(tenantId, above),
    );
    if (parent === null && step === 0)
      throw unfit("parentId", `there is no account "${parentId}"`);
    above = parent?.data.parentId ?? null;
  }
}

/** The tenant of the request, with its settings. */
export async function ownTenant(
  tenantId: TenantId,
  { store }: Pick<ApiDeps, "store">,
): Promise<Tenant> {
  const tenant = await store.read(at.tenant(tenantId));
  if (tenant === null) throw new Refused(404, "There is no such tenant.");
  return tenant.data;
}

/** Makes an account with its schedule, due at once; 409 where there is one of that id. Gives its view, the command's answer unless it is but a part of one. */
export async function create<V extends object>(
  c: ApiContext,
  {
    form: { id: wanted, schedule: plan, ...form },
    view,
    isPart,
  }: {
    readonly form: AccountForm;
    readonly view: (made: object) => V;
    readonly isPart?: true;
  },
  deps: ApiDeps,
): Promise<V> {
  const { tenantId } = c.get("caller");
  const id = wanted ?? toAccountId(form.name);
  const tenant = await ownTenant(tenantId, deps);
  assertNotOwn(tenant, form);
  const { parentId } = form;
  if (parentId !== null) await assertParent(tenantId, { id, parentId }, deps);
  const { provenance } = tenant;
  const account = {
    ...form,
    mergedInto: null,
    lookup: accountKeys(form),
    audience: toAudience(form.owners, form.teams),
    provenance,
    version: 1,
  };
  const schedule = { accountId: id, ...plan, dueAt: deps.clock.now() };
  const body = view({ id, ...account, schedule });
  const done = await commitAnswered(
    c,
    {
      outcome: {
        writes: [
          newDocument(at.account(tenantId, id), account),
          newDocument(at.schedule(tenantId, id), schedule),
        ],
        audit: [
          {
            action: "CREATE",
            entity: { kind: "account", id },
            before: null,
            after: {
              ...form,
              audience: account.audience,
              provenance,
              version: 1,
              schedule: plan,
            },
            reason: "set up by hand",
          },
        ],
      },
      answer: isPart === true ? null : { status: 201, body },
    },
    deps,
  );
  if (done.kind === "conflict") {
    const existing = await deps.store.read(at.account(tenantId, id));
    const detail = `There is an account "${id}" already; change that one, or give another id.`;
    const current = { id, version: existing?.data.version ?? 1 };
    throw new Refused(409, detail, { current });
  }
  return body;
}

interface Standing {
  readonly tenantId: TenantId;
  readonly read: Read<Account>;
  /** The version that it will have. */
  readonly next: number;
}

interface Asked {
  readonly patch: WithoutUndefined<Omit<AccountChange, "schedule">>;
  readonly plan: WithoutUndefined<NonNullable<AccountChange["schedule"]>>;
}

/** All that a change of an account consists of: itself, its schedule, and the news of another audience. */
export async function changeOf(
  { tenantId, read, next }: Standing,
  { patch, plan }: Asked,
  deps: Pick<ApiDeps, "store" | "clock">,
) {
  const accountId = AccountId.parse(read.id);
  const after = { ...read.data, ...patch };
  const { name, aliases, domains, parentId } = patch;
  if ([name, aliases, domains].some((names) => names !== undefined))
    assertNotOwn(await ownTenant(tenantId, deps), { name, aliases, domains });
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
    writes.push(newDocument(at.schedule(tenantId, accountId), schedule));
  else if (Object.keys(diff(scheduled.data, schedule).after).length > 0)
    writes.push(update(scheduled, schedule));
  const derived = { lookup: accountKeys(after) };
  return { patch: { ...patch, audience }, derived, writes, emits, schedule };
}

/** Whoever sees an account: its owners and teams, and of one that is merged into another that one's besides. */
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
  const standing = await store.read(at.account(tenantId, mergedInto));
  return mergeAudiences([own, standing?.data.audience ?? []]).slice(
    0,
    maxAudience,
  );
}

/** A shorter interval, other sources, or being watched again do not wait for the old due time. */
function scheduleAfter(
  accountId: AccountId,
  before: Schedule | null,
  {
    plan,
    lookAnew,
    now,
  }: Pick<Asked, "plan"> & { readonly lookAnew: boolean; readonly now: Date },
): Unstamped<Schedule> {
  const { active = true, intervalMs = hourMs, dueAt = now } = before ?? {};
  const after = { accountId, active, intervalMs, ...plan };
  const latest = lookAnew ? now : addMs(now, after.intervalMs);
  return { ...after, dueAt: dueAt < latest ? dueAt : latest };
}
