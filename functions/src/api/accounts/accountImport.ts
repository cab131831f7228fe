import { createRoute, z } from "@hono/zod-openapi";
import {
  plannedParent,
  planImport,
  type Planned,
} from "../../domain/imports/accountImport.ts";
import {
  importColumns,
  unknownColumns,
} from "../../domain/imports/importRecord.ts";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { AccountId, type Uid } from "../../domain/kernel/ids.ts";
import { json, shown } from "../http/answer.ts";
import { findAccount } from "./accounts.ts";
import { changeOf, create, ownTenant } from "./accountWrites.ts";
import { permitted } from "../http/auth.ts";
import { csvBody, everyOne, maxRecords, recordsIn } from "../http/csvBody.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { commandProblems, Refused } from "../http/problem.ts";
import { edit } from "../http/versioned.ts";

/** How many records are carried out side by side: a thousand, one after the other, would outlast the request. */
const width = 10;

const Row = z.object({
  line: z.int(),
  result: z.enum(["create", "update", "unchanged", "error"]),
  id: z.string().nullable(),
  fields: z
    .array(z.string())
    .openapi({ description: "What is new, or would be." }),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
});
type Row = z.infer<typeof Row>;

const Imported = z
  .object({
    committed: z.boolean(),
    counts: z.object({
      create: z.int(),
      update: z.int(),
      unchanged: z.int(),
      error: z.int(),
    }),
    rows: z.array(Row),
  })
  .openapi("AccountImport");

const csv = "name,domains,owners\nGlobex,globex.example,anna@acme.example\n";

const route = createRoute({
  method: "post",
  ...permitted("accounts", "account.manage"),
  path: "/api/v1/accounts/import",
  operationId: "importAccounts",
  summary:
    "Set up many accounts from a CSV text; a preview unless ?commit=true",
  description: `The columns are ${importColumns.join(", ")} and identifier.<name>; lists are parted by ; or |. A record changes the account that has its id, one of its identifiers or domains, or its name, and otherwise makes one: it adds to lists, replaces single values, and what it leaves empty stays. With commit, records without errors are carried out, each on its own; sent again, they change nothing more. At most ${maxRecords} records.`,
  request: {
    query: z.object({
      commit: z.enum(["true", "false"]).default("false"),
    }),
    body: csvBody(csv),
  },
  responses: {
    200: json(Imported, "What each record did, or would do", {
      committed: false,
      counts: { create: 1, update: 0, unchanged: 0, error: 0 },
      rows: [
        {
          line: 2,
          result: "create",
          id: "globex",
          fields: ["id", "name", "domains", "owners"],
          errors: [],
        },
      ],
    }),
    ...commandProblems(),
  },
});

/** The route that sets up accounts by the list. */
export function accountImportRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(route, async (c) => {
    const commit = c.req.valid("query").commit === "true";
    const records = await recordsIn(c, unknownColumns);
    const { tenantId } = c.get("caller");
    const [accounts, members, { own }] = await Promise.all([
      everyOne(at.accounts(tenantId), deps),
      everyOne(at.members(tenantId), deps),
      ownTenant(tenantId, deps),
    ]);
    const uidsByName = new Map(
      members
        .filter(({ data }) => data.active)
        .flatMap(({ data }): (readonly [string, Uid])[] => [
          [data.email.toLowerCase(), data.uid],
          [data.uid, data.uid],
        ]),
    );
    const planned = planImport(records, { accounts, uidsByName, own });
    const rows: Row[] = [];
    if (commit)
      for (const plans of parentsFirst(planned))
        rows.push(
          ...(await inTurns(plans, (plan) => carriedOut(c, plan, deps))),
        );
    else rows.push(...planned.map((plan) => rowOf(plan)));
    rows.sort((a, b) => a.line - b.line);
    const counts = { create: 0, update: 0, unchanged: 0, error: 0 };
    for (const { result } of rows) counts[result]++;
    return c.json(shown(Imported, { committed: commit, counts, rows }), 200);
  });
}

/** One record becomes true, again and again the same, which is what holds where the request comes twice; what somebody else did meanwhile makes it an error of its own. */
async function carriedOut(
  c: ApiContext,
  plan: Planned,
  deps: ApiDeps,
): Promise<Row> {
  try {
    const isPart = true;
    const view = () => ({});
    if (plan.result === "create")
      await create(c, { form: plan.form, view, isPart }, deps);
    if (plan.result === "update") {
      const { tenantId } = c.get("caller");
      const id = AccountId.parse(plan.id);
      await edit(
        c,
        {
          kind: "account",
          version: plan.version,
          reason: "imported",
          find: () => findAccount(c, id, deps),
          change: (read, next) =>
            changeOf(
              { tenantId, read, next },
              { patch: withoutUndefined(plan.patch), plan: {} },
              deps,
            ),
          view,
          isPart,
        },
        deps,
      );
    }
    return rowOf(plan);
  } catch (error) {
    const message = refusalOf(error);
    if (message === null) throw error;
    const errors = [{ field: "record", message }];
    return rowOf({ line: plan.line, result: "error", errors });
  }
}

/** Why a record was not carried out; null where that is not its own fault. */
function refusalOf(error: unknown): string | null {
  if (error instanceof Refused) return error.message;
  const isUnstorable =
    error instanceof PermanentError &&
    ["bad-document", "too-large"].includes(error.code);
  return isUnstorable
    ? "is more than an account can hold: give it fewer names, domains and identifiers"
    : null;
}

/** The records in turns: what is a subsidiary of a record comes behind it. */
function parentsFirst(
  planned: readonly Planned[],
): readonly (readonly Planned[])[] {
  const turns: (readonly Planned[])[] = [];
  let left = planned;
  while (left.length > 0) {
    const waiting = new Set(left.map(idOf));
    const now = left.filter((plan) => {
      const parent = plannedParent(plan);
      return parent === null || !waiting.has(parent);
    });
    // Parents in a circle: each is refused when its turn comes.
    const turn = now.length > 0 ? now : left;
    turns.push(turn);
    left = left.filter((plan) => !turn.includes(plan));
  }
  return turns;
}

function idOf(plan: Planned): string {
  if (plan.result === "create") return plan.form.id ?? "";
  return plan.result === "error" ? "" : plan.id;
}

function rowOf(plan: Planned): Row {
  const { line, result } = plan;
  const none = { line, result, id: null, fields: [], errors: [] };
  if (result === "error") return { ...none, errors: [...plan.errors] };
  if (result === "unchanged") return { ...none, id: plan.id };
  if (result === "update")
    return { ...none, id: plan.id, fields: Object.keys(plan.patch) };
  return { ...none, id: plan.form.id ?? null, fields: Object.keys(plan.form) };
}

async function inTurns<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (let i = 0; i < items.length; i += width)
    done.push(...(await Promise.all(items.slice(i, i + width).map(work))));
  return done;
}
