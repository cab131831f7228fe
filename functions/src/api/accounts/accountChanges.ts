import { createRoute, z } from "@hono/zod-openapi";
import {
  AccountChange,
  AccountForm,
} from "../../domain/accounts/accountForm.ts";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import { body, json, Moment, shown } from "../http/answer.ts";
import {
  accountExample,
  AccountItem,
  findAccount,
  OfAccount,
} from "./accounts.ts";
import { assertOwners, changeOf, create } from "./accountWrites.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { commandProblems } from "../http/problem.ts";
import { ids, moments } from "../http/examples.ts";
import { edit, mustChange, Version } from "../http/versioned.ts";

const Changed = AccountItem.extend({
  sources: z.array(z.object({ kind: z.string(), key: z.string() })),
  schedule: z
    .object({ active: z.boolean(), intervalMs: z.int(), dueAt: Moment })
    .openapi({ description: "When its sources are looked at next." }),
}).openapi("AccountChanged");

const example = {
  ...accountExample,
  sources: [{ kind: "rss", key: "newsroom" }],
  schedule: { active: true, intervalMs: 3_600_000, dueAt: moments.due },
};

const add = createRoute({
  method: "post",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts",
  operationId: "addAccount",
  summary: "Watch a company; its first look is due at once",
  request: {
    body: body(AccountForm, {
      name: "Globex",
      domains: ["globex.example"],
      identifiers: { salesforce: "001000000000001AAA" },
      owners: [ids.member],
      teams: ["north"],
      sources: [
        {
          kind: "rss",
          key: "newsroom",
          url: "https://globex.example/news.xml",
          publisher: "Globex",
          reliability: 0.75,
          licence: "Public news feed, quoted as evidence",
        },
      ],
    }),
  },
  responses: {
    201: json(Changed, "The new account", example),
    ...commandProblems(404),
  },
});

const change = createRoute({
  method: "patch",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts/{id}",
  operationId: "changeAccount",
  summary: "Change an account, its owners, sources or schedule",
  description:
    "Other owners or teams take over all that belongs to the account, cards included, within seconds.",
  request: {
    params: OfAccount,
    body: body(AccountChange.extend({ version: Version }), {
      version: 1,
      icpFit: 0.9,
    }),
  },
  responses: {
    200: json(Changed, "The account as it is now", {
      ...example,
      icpFit: 0.9,
      version: 2,
    }),
    ...commandProblems(404),
  },
});

/** The routes that set accounts up. */
export function accountChangeRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(add, async (c) => {
    const form = c.req.valid("json");
    await assertOwners(c, form.owners, deps);
    const view = (made: object) => shown(Changed, made);
    return c.json(await create(c, { form, view }, deps), 201);
  });

  api.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const { version, schedule: plan, ...wanted } = c.req.valid("json");
    mustChange({ ...wanted, plan });
    await assertOwners(c, wanted.owners ?? [], deps);
    const { tenantId } = c.get("caller");
    const asked = {
      patch: withoutUndefined(wanted),
      plan: withoutUndefined(plan ?? {}),
    };
    let schedule: object = {};
    const changed = await edit(
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
        view: (data) => shown(Changed, { id, ...data, schedule }),
      },
      deps,
    );
    return c.json(changed, 200);
  });
}
