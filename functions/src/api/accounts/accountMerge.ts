import { createRoute, z } from "@hono/zod-openapi";
import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { maxAudience } from "../../domain/kernel/document.ts";
import { AccountId, type TenantId } from "../../domain/kernel/ids.ts";
import { ownFault } from "../../domain/resolution/ownCompany.ts";
import { toAudience, mergeAudiences } from "../../domain/people/roles.ts";
import { maxSteps } from "../../pipeline/ingest/resolve.ts";
import { type Read, update } from "../../ports/store.ts";
import { body, cleaned, json, shown } from "../http/answer.ts";
import {
  accountExample,
  AccountItem,
  findAccount,
  OfAccount,
} from "./accounts.ts";
import { ownTenant } from "./accountWrites.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { commandProblems, Refused, unfit } from "../http/problem.ts";
import { edit, Version } from "../http/versioned.ts";

const merge = createRoute({
  method: "post",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts/{id}/merge",
  operationId: "mergeAccount",
  summary: "Have another account stand for this one",
  description:
    "From then on, whatever is found of this account, its own sources included, is the other's. What it has already stays with it, and the owners and teams of both see it. Un-merging undoes it entirely.",
  request: {
    params: OfAccount,
    body: body(
      z.object({
        into: AccountId,
        version: Version,
        reason: z.string().trim().min(1).max(500).optional(),
      }),
      { into: "initech", version: 1, reason: "Bought in May 2026" },
    ),
  },
  responses: {
    200: json(AccountItem, "The account as it is now", {
      ...accountExample,
      mergedInto: "initech",
      version: 2,
    }),
    ...commandProblems(404),
  },
});

const unmerge = createRoute({
  method: "post",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts/{id}/unmerge",
  operationId: "unmergeAccount",
  summary: "Have an account stand for itself again",
  description:
    "What was found while it was merged stays with the account that stood for it.",
  request: {
    params: OfAccount,
    body: body(z.object({ version: Version }), { version: 2 }),
  },
  responses: {
    200: json(AccountItem, "The account as it is now", {
      ...accountExample,
      version: 3,
    }),
    ...commandProblems(404),
  },
});

/** The routes by which one account stands for another, and no longer. */
export function accountMergeRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(merge, async (c) => {
    const { id } = c.req.valid("param");
    const { into, version, reason } = c.req.valid("json");
    const { tenantId } = c.get("caller");
    const merged = await edit(
      c,
      {
        kind: "account",
        version,
        reason: reason === undefined ? "merged by hand" : cleaned(reason, deps),
        find: () => findAccount(c, id, deps),
        change: async (read, next) => {
          const standing = await assertMerge(tenantId, { read, into }, deps);
          const { owners, teams } = read.data;
          const audience = mergeAudiences([
            toAudience(owners, teams),
            standing.data.audience,
          ]);
          if (audience.length > maxAudience)
            throw unfit(
              "into",
              `has owners and teams that make, with its own, more than ${maxAudience}`,
            );
          return {
            patch: { mergedInto: into, audience },
            // On the condition that it was not merged itself meanwhile.
            writes: [update(standing, {})],
            emits: [audienceChanged(id, next)],
          };
        },
        view: (data) => shown(AccountItem, { id, ...data }),
      },
      deps,
    );
    return c.json(merged, 200);
  });

  api.openapi(unmerge, async (c) => {
    const { id } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const standing = await edit(
      c,
      {
        kind: "account",
        version,
        reason: "un-merged by hand",
        find: () => findAccount(c, id, deps),
        change: ({ data }, next) => {
          if (data.mergedInto === null)
            throw new Refused(409, "It is merged into no account.", {
              current: { version: data.version },
            });
          const audience = toAudience(data.owners, data.teams);
          return {
            patch: { mergedInto: null, audience },
            emits: [audienceChanged(id, next)],
          };
        },
        view: (data) => shown(AccountItem, { id, ...data }),
      },
      deps,
    );
    return c.json(standing, 200);
  });
}

/** Holds that an account may be merged into the other, and gives that one. */
async function assertMerge(
  tenantId: TenantId,
  { read, into }: { readonly read: Read<Account>; readonly into: AccountId },
  deps: ApiDeps,
): Promise<Read<Account>> {
  const { mergedInto, version } = read.data;
  if (mergedInto !== null)
    throw new Refused(
      409,
      `It is merged into "${mergedInto}" already; un-merge it first.`,
      { current: { version } },
    );
  if (into === read.id) throw unfit("into", "is the account itself");
  const standing = await deps.store.read(at.account(tenantId, into));
  if (standing === null) {
    const message = `there is no account "${into}"`;
    throw new Refused(404, `into: ${message}`, {
      errors: [{ field: "into", message }],
    });
  }
  if (standing.data.mergedInto !== null)
    throw unfit(
      "into",
      `is merged into "${standing.data.mergedInto}" itself: name that one`,
    );
  const { own } = await ownTenant(tenantId, deps);
  const fault = ownFault(own, standing.data);
  if (fault !== null) throw unfit("into", fault.message);
  if ((await stepsBelow(tenantId, read.id, deps)) >= maxSteps)
    throw unfit("into", `would make more than ${maxSteps} merges in a row`);
  return standing;
}

/** Over how many merges in a row others lead to an account. */
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
