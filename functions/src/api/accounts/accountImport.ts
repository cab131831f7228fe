import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
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
import { json } from "../http/answer.ts";
import { findAccount } from "./accounts.ts";
import { planChange, createAccount } from "./accountWrites.ts";
import { findTenant } from "../http/documents.ts";
import { memberAccess } from "../http/auth.ts";
import { csvBody, maxRecords, readRecords } from "../http/csvBody.ts";
import { readFirst } from "../http/page.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { Refusal } from "../http/problem.ts";
import { editVersioned } from "../http/versioned.ts";

/** How many records are imported concurrently: 1,000, one after the other, would outlast the request. */
const batchSize = 10;

const Row = z.object({
  line: z.int(),
  result: z.enum(["create", "update", "unchanged", "error"]),
  id: z.string().nullable(),
  fields: z
    .array(z.string())
    .openapi({ description: "The fields that change, or would change." }),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
});
type Row = z.infer<typeof Row>;

const ImportResult = z
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

const importAccounts = commandRoute(
  {
    ...memberAccess("accounts", "account.manage"),
    path: "/api/v1/accounts/import",
    operationId: "importAccounts",
    summary: "Import many accounts from CSV; a preview unless ?commit=true",
    description: `The columns are ${importColumns.join(", ")} and identifier.<name>; lists are separated by ; or |. A record changes the account with its id, one of its identifiers or domains, or its name; if there is none, it adds an account. It adds to lists and replaces single values; empty cells change nothing. With commit, records without errors are carried out one by one; importing them again changes nothing. At most ${maxRecords} records.`,
    request: {
      query: z.object({
        commit: z.enum(["true", "false"]).default("false"),
      }),
      body: csvBody(csv),
    },
    answer: json(
      ImportResult,
      "The result of each record, or what it would be",
      {
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
      },
    ),
  },
  async (c, deps) => {
    const commit = c.req.valid("query").commit === "true";
    const records = await readRecords(c, unknownColumns);
    const { tenantId } = c.get("caller");
    const [accounts, members, { data: tenant }] = await Promise.all([
      readFirst(Infinity, { collection: at.accounts(tenantId) }, deps),
      readFirst(Infinity, { collection: at.members(tenantId) }, deps),
      findTenant(tenantId, deps),
    ]);
    const uidsByName = new Map(
      members
        .filter(({ data }) => data.active)
        .flatMap(({ data }): (readonly [string, Uid])[] => [
          [data.email.toLowerCase(), data.uid],
          [data.uid, data.uid],
        ]),
    );
    const planned = planImport(records, {
      accounts,
      uidsByName,
      own: tenant.own,
    });
    const rows: Row[] = [];
    if (commit)
      for (const plans of parentsFirst(planned))
        rows.push(
          ...(await mapInBatches(plans, (plan) => importRecord(c, plan, deps))),
        );
    else rows.push(...planned.map((plan) => toRow(plan)));
    rows.sort((a, b) => a.line - b.line);
    const counts = { create: 0, update: 0, unchanged: 0, error: 0 };
    for (const { result } of rows) counts[result]++;
    return { committed: commit, counts, rows };
  },
);

/** The route for importing accounts. */
export const accountImportRoutes: readonly Route[] = [importAccounts];

/** Imports one record. Repeating it changes nothing, so a repeated request is safe; a conflicting change by somebody else becomes the record's own error. */
async function importRecord(
  c: ApiContext,
  plan: Planned,
  deps: ApiDeps,
): Promise<Row> {
  try {
    const isStep = true;
    const view = () => ({});
    if (plan.result === "create")
      await createAccount(c, { form: plan.form, view, isStep }, deps);
    if (plan.result === "update") {
      const { tenantId } = c.get("caller");
      const id = AccountId.parse(plan.id);
      await editVersioned(
        c,
        {
          kind: "account",
          version: plan.version,
          reason: "imported",
          find: () => findAccount(c, id, deps),
          change: (read, next) =>
            planChange(
              { tenantId, read, next },
              { patch: withoutUndefined(plan.patch), plan: {} },
              deps,
            ),
          view,
          isStep,
        },
        deps,
      );
    }
    return toRow(plan);
  } catch (error) {
    const message = rowFault(error);
    if (message === null) throw error;
    const errors = [{ field: "record", message }];
    return toRow({ line: plan.line, result: "error", errors });
  }
}

/** Why a record could not be imported; null if the record is not at fault. */
function rowFault(error: unknown): string | null {
  if (error instanceof Refusal) return error.message;
  const isUnstorable =
    error instanceof PermanentError &&
    ["bad-document", "too-large"].includes(error.code);
  return isUnstorable
    ? "is too large for an account: give it fewer names, domains and identifiers"
    : null;
}

/** The records in batches, parents before their subsidiaries. */
function parentsFirst(
  planned: readonly Planned[],
): readonly (readonly Planned[])[] {
  const turns: (readonly Planned[])[] = [];
  let left = planned;
  while (left.length > 0) {
    const waiting = new Set(left.map(planId));
    const now = left.filter((plan) => {
      const parent = plannedParent(plan);
      return parent === null || !waiting.has(parent);
    });
    // The parents form a cycle: each record is refused when its turn comes.
    const turn = now.length > 0 ? now : left;
    turns.push(turn);
    left = left.filter((plan) => !turn.includes(plan));
  }
  return turns;
}

function planId(plan: Planned): string {
  if (plan.result === "create") return plan.form.id ?? "";
  return plan.result === "error" ? "" : plan.id;
}

function toRow(plan: Planned): Row {
  const { line, result } = plan;
  const none = { line, result, id: null, fields: [], errors: [] };
  if (result === "error") return { ...none, errors: [...plan.errors] };
  if (result === "unchanged") return { ...none, id: plan.id };
  if (result === "update")
    return { ...none, id: plan.id, fields: Object.keys(plan.patch) };
  return { ...none, id: plan.form.id ?? null, fields: Object.keys(plan.form) };
}

async function mapInBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (let i = 0; i < items.length; i += batchSize)
    done.push(...(await Promise.all(items.slice(i, i + batchSize).map(work))));
  return done;
}
