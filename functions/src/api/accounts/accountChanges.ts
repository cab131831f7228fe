import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import {
  AccountChange,
  AccountForm,
} from "../../domain/accounts/accountForm.ts";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import { body, json, Moment, toWire } from "../http/answer.ts";
import {
  accountExample,
  AccountItem,
  findAccount,
  AccountParams,
} from "./accounts.ts";
import { assertOwners, planChange, createAccount } from "./accountWrites.ts";
import { memberAccess } from "../http/auth.ts";
import { ids, moments } from "../http/examples.ts";
import { editVersioned, assertChanges, Version } from "../http/versioned.ts";

const AccountWithSources = AccountItem.extend({
  sources: z.array(z.object({ kind: z.string(), key: z.string() })),
  schedule: z
    .object({ active: z.boolean(), intervalMs: z.int(), dueAt: Moment })
    .openapi({ description: "When its sources are polled next." }),
}).openapi("AccountChanged");

const example = {
  ...accountExample,
  sources: [{ kind: "rss", key: "newsroom" }],
  schedule: { active: true, intervalMs: 3_600_000, dueAt: moments.due },
};

const addAccount = commandRoute(
  {
    status: 201,
    ...memberAccess("accounts", "account.manage"),
    path: "/api/v1/accounts",
    operationId: "addAccount",
    summary: "Add an account; its first poll is due at once",
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
    answer: json(AccountWithSources, "The new account", example),
    refusals: [404],
  },
  async (c, deps) => {
    const form = c.req.valid("json");
    await assertOwners(c, form.owners, deps);
    const view = (made: object) => toWire(AccountWithSources, made);
    return createAccount(c, { form, view }, deps);
  },
);

const changeAccount = commandRoute(
  {
    method: "patch",
    ...memberAccess("accounts", "account.manage"),
    path: "/api/v1/accounts/{id}",
    operationId: "changeAccount",
    summary: "Change an account's fields, owners, sources or schedule",
    description:
      "New owners and teams take over everything that belongs to the account, including its cards, within seconds.",
    request: {
      params: AccountParams,
      body: body(AccountChange.extend({ version: Version }), {
        version: 1,
        icpFit: 0.9,
      }),
    },
    answer: json(AccountWithSources, "The account as it is now", {
      ...example,
      icpFit: 0.9,
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, schedule: plan, ...wanted } = c.req.valid("json");
    assertChanges({ ...wanted, plan });
    await assertOwners(c, wanted.owners ?? [], deps);
    const { tenantId } = c.get("caller");
    const asked = {
      patch: withoutUndefined(wanted),
      plan: withoutUndefined(plan ?? {}),
    };
    let schedule: object = {};
    const changed = await editVersioned(
      c,
      {
        kind: "account",
        version,
        reason: "changed by hand",
        find: () => findAccount(c, id, deps),
        change: async (read, next) => {
          const made = await planChange({ tenantId, read, next }, asked, deps);
          schedule = made.schedule;
          return made;
        },
        view: (data) => toWire(AccountWithSources, { id, ...data, schedule }),
      },
      deps,
    );
    return changed;
  },
);

/** The routes that add and change accounts. */
export const accountChangeRoutes: readonly Route[] = [
  addAccount,
  changeAccount,
];
