import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { maxAudience } from "../../domain/kernel/document.ts";
import { AccountId, type TenantId } from "../../domain/kernel/ids.ts";
import { ownFault } from "../../domain/resolution/ownCompany.ts";
import { toAudience, mergeAudiences } from "../../domain/people/roles.ts";
import { maxSteps } from "../../pipeline/ingest/resolve.ts";
import { type Read, update } from "../../ports/store.ts";
import { body, redactText, json, toWire } from "../http/answer.ts";
import {
  accountExample,
  AccountItem,
  findAccount,
  AccountParams,
} from "./accounts.ts";
import { findTenant } from "../http/documents.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { Refusal, unfitField } from "../http/problem.ts";
import { editVersioned, Version } from "../http/versioned.ts";

const mergeAccount = commandRoute(
  {
    ...memberAccess("accounts", "account.manage"),
    path: "/api/v1/accounts/{id}/merge",
    operationId: "mergeAccount",
    summary: "Merge this account into another",
    description:
      "From then on, everything found about this account, including from its own sources, belongs to the other. What it already has stays with it, visible to the owners and teams of both. Unmerging reverses this completely.",
    request: {
      params: AccountParams,
      body: body(
        z.object({
          into: AccountId,
          version: Version,
          reason: z.string().trim().min(1).max(500).optional(),
        }),
        { into: "initech", version: 1, reason: "Bought in May 2026" },
      ),
    },
    answer: json(AccountItem, "The account as it is now", {
      ...accountExample,
      mergedInto: "initech",
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { into, version, reason } = c.req.valid("json");
    return editVersioned(
      c,
      {
        kind: "account",
        version,
        reason:
          reason === undefined ? "merged by hand" : redactText(reason, deps),
        find: () => findAccount(c, id, deps),
        change: (read, next) => planMerge(c, { read, into, next }, deps),
        view: (data) => toWire(AccountItem, { id, ...data }),
      },
      deps,
    );
  },
);

const unmergeAccount = commandRoute(
  {
    ...memberAccess("accounts", "account.manage"),
    path: "/api/v1/accounts/{id}/unmerge",
    operationId: "unmergeAccount",
    summary: "Unmerge an account",
    description:
      "What was found while it was merged stays with the other account.",
    request: {
      params: AccountParams,
      body: body(z.object({ version: Version }), { version: 2 }),
    },
    answer: json(AccountItem, "The account as it is now", {
      ...accountExample,
      version: 3,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version } = c.req.valid("json");
    return editVersioned(
      c,
      {
        kind: "account",
        version,
        reason: "unmerged by hand",
        find: () => findAccount(c, id, deps),
        change: ({ data }, next) => {
          if (data.mergedInto === null)
            throw new Refusal(409, "The account is not merged.", {
              current: { version: data.version },
            });
          const audience = toAudience(data.owners, data.teams);
          return {
            patch: { mergedInto: null, audience },
            emits: [audienceChanged(id, next)],
          };
        },
        view: (data) => toWire(AccountItem, { id, ...data }),
      },
      deps,
    );
  },
);

/** The routes that merge and unmerge accounts. */
export const accountMergeRoutes: readonly Route[] = [
  mergeAccount,
  unmergeAccount,
];

async function planMerge(
  c: ApiContext,
  {
    read,
    into,
    next,
  }: {
    readonly read: Read<Account>;
    readonly into: AccountId;
    readonly next: number;
  },
  deps: ApiDeps,
) {
  const { tenantId } = c.get("caller");
  const target = await assertMerge(tenantId, { read, into }, deps);
  const { owners, teams } = read.data;
  const audience = mergeAudiences([
    toAudience(owners, teams),
    target.data.audience,
  ]);
  if (audience.length > maxAudience)
    throw unfitField(
      "into",
      `has owners and teams that, together with this account's own, exceed ${maxAudience}`,
    );
  return {
    patch: { mergedInto: into, audience },
    // Fails if that account itself is merged in the meantime.
    writes: [update(target, {})],
    emits: [audienceChanged(AccountId.parse(read.id), next)],
  };
}

/** Checks that an account may be merged into another, and returns the other. */
async function assertMerge(
  tenantId: TenantId,
  { read, into }: { readonly read: Read<Account>; readonly into: AccountId },
  deps: ApiDeps,
): Promise<Read<Account>> {
  const { mergedInto, version } = read.data;
  if (mergedInto !== null)
    throw new Refusal(
      409,
      `The account is already merged into "${mergedInto}". Unmerge it first.`,
      { current: { version } },
    );
  if (into === read.id) throw unfitField("into", "must be another account");
  const target = await deps.store.read(at.account(tenantId, into));
  if (target === null) {
    const message = `there is no account "${into}"`;
    throw new Refusal(404, `into: ${message}`, {
      errors: [{ field: "into", message }],
    });
  }
  if (target.data.mergedInto !== null)
    throw unfitField(
      "into",
      `is itself merged into "${target.data.mergedInto}": use that account`,
    );
  const tenant = await findTenant(tenantId, deps);
  const fault = ownFault(tenant.data.own, target.data);
  if (fault !== null) throw unfitField("into", fault.message);
  if ((await stepsBelow(tenantId, read.id, deps)) >= maxSteps)
    throw unfitField(
      "into",
      `would create a chain of more than ${maxSteps} merges`,
    );
  return target;
}

/** The longest chain of merges that leads to an account. */
async function stepsBelow(
  tenantId: TenantId,
  id: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<number> {
  let ids: readonly string[] = [id];
  let steps = 0;
  while (steps < maxSteps) {
    const below = await store.query({
      collection: at.accounts(tenantId),
      where: [["mergedInto", "in", ids]],
      limit: 30,
    });
    if (below.length === 0) break;
    ids = below.map((one) => one.id);
    steps++;
  }
  return steps;
}

function audienceChanged(accountId: AccountId, version: number) {
  const payload = { accountId, version, round: 1, after: null } as const;
  return { topic: "audience-changed", payload } as const;
}
