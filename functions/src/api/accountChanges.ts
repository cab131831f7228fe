import { createRoute, z } from "@hono/zod-openapi";
import { AccountChange, AccountForm } from "../domain/accountForm.ts";
import { given } from "../domain/changes.ts";
import { body, json, Moment, shown } from "./answer.ts";
import { AccountItem, findAccount, OfAccount } from "./accounts.ts";
import { assertOwners, changeOf, create } from "./accountWrites.ts";
import { permitted } from "./auth.ts";
import type { Api, ApiDeps } from "./context.ts";
import { problems } from "./problem.ts";
import { edit, mustChange, Version } from "./versioned.ts";

const Changed = AccountItem.extend({
  sources: z.array(z.object({ kind: z.string(), key: z.string() })),
  schedule: z
    .object({ active: z.boolean(), intervalMs: z.int(), dueAt: Moment })
    .openapi({ description: "When its sources are looked at next." }),
}).openapi("AccountChanged");

const add = createRoute({
  method: "post",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts",
  summary: "Watch a company; its first look is due at once",
  request: { body: body(AccountForm) },
  responses: {
    201: json(Changed, "The new account"),
    ...problems(400, 401, 403, 409),
  },
});

const change = createRoute({
  method: "patch",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts/{id}",
  summary: "Change an account, its owners, sources or schedule",
  description:
    "Other owners or teams take over all that belongs to the account, cards included, within seconds.",
  request: {
    params: OfAccount,
    body: body(AccountChange.extend({ version: Version })),
  },
  responses: {
    200: json(Changed, "The account as it is now"),
    ...problems(400, 401, 403, 404, 409),
  },
});

/** The routes that set accounts up. */
export function accountChangeRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(add, async (c) => {
    const form = c.req.valid("json");
    await assertOwners(c, form.owners, deps);
    return c.json(shown(Changed, await create(c, form, deps)), 201);
  });

  api.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const { version, schedule: plan, ...wanted } = c.req.valid("json");
    mustChange({ ...wanted, plan });
    await assertOwners(c, wanted.owners ?? [], deps);
    const { tenantId } = c.get("caller");
    const asked = { patch: given(wanted), plan: given(plan ?? {}) };
    let schedule: object = {};
    const { data } = await edit(
      c,
      {
        kind: "account",
        version,
        reason: "changed by hand",
        find: () => findAccount(c, id, deps),
        change: async (read, next) => {
          const made = await changeOf({ tenantId, read, next }, asked, deps);
          schedule = made.schedule;
          return made;
        },
      },
      deps,
    );
    return c.json(shown(Changed, { id, ...data, schedule }), 200);
  });
}
