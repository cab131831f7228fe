import type { Account, Schedule } from "../domain/account.ts";
import {
  type AccountChange,
  type AccountForm,
  accountIdOf,
} from "../domain/accountForm.ts";
import { differences, type Given } from "../domain/changes.ts";
import * as at from "../domain/collections.ts";
import type { Unstamped } from "../domain/document.ts";
import { AccountId, type TenantId, type Uid } from "../domain/ids.ts";
import { addMs, hourMs } from "../domain/instant.ts";
import type { Emission } from "../domain/message.ts";
import { audienceOf } from "../domain/roles.ts";
import {
  create as newDocument,
  type Read,
  update,
  type Write,
} from "../pipeline/ports.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { commitAnswered } from "./idempotency.ts";
import { badField, Refused } from "./problem.ts";

/** Holds that every owner is an active member: what nobody owns, only its team's leads would see. */
export async function assertOwners(
  c: ApiContext,
  owners: readonly Uid[],
  deps: Pick<ApiDeps, "store">,
): Promise<void> {
  const { tenantId } = c.get("caller");
  const members = await deps.store.readAll(
    owners.map((uid) => at.member(tenantId, uid)),
  );
  const missing = owners.filter((_, i) => members[i]?.data.active !== true);
  if (missing.length > 0) {
    throw badField("owners", `no active member: ${missing.join(", ")}`);
  }
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
  const id = wanted ?? accountIdOf(form.name);
  const tenant = await deps.store.read(at.tenant(tenantId));
  if (tenant === null) throw new Refused(404, "There is no such tenant.");
  const { provenance } = tenant.data;
  const account = {
    ...form,
    audience: audienceOf(form.owners, form.teams),
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
            after: { ...account, schedule: plan },
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
  readonly patch: Given<Omit<AccountChange, "schedule">>;
  readonly plan: Given<NonNullable<AccountChange["schedule"]>>;
}

/** All that a change of an account consists of: itself, its schedule, and the news of another audience. */
export async function changeOf(
  { tenantId, read, next }: Standing,
  { patch, plan }: Asked,
  deps: Pick<ApiDeps, "store" | "clock">,
) {
  const accountId = AccountId.parse(read.id);
  const after = { ...read.data, ...patch };
  const audience = audienceOf(after.owners, after.teams);
  const changed = differences(read.data, { ...patch, audience }).after;
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
  else if (Object.keys(differences(scheduled.data, schedule).after).length > 0)
    writes.push(update(scheduled, schedule));
  return { patch: { ...patch, audience }, writes, emits, schedule };
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
