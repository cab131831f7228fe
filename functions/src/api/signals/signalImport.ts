import { setImmediate as turn } from "node:timers/promises";
import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { AccountId, type Uid } from "../../domain/kernel/ids.ts";
import { canSee } from "../../domain/people/roles.ts";
import {
  type Imported,
  type Planned,
  planSignals,
  signalColumns,
  unknownSignalColumns,
} from "../../domain/imports/signalImport.ts";
import { itemWithoutPersons } from "../../pipeline/redaction.ts";
import { cleaned, json, shown } from "../http/answer.ts";
import { ofAudience, permitted } from "../http/auth.ts";
import { type Api, type ApiDeps, authorOf } from "../http/context.ts";
import { csvBody, everyOne, recordsIn } from "../http/csvBody.ts";
import { ids } from "../http/examples.ts";
import { commandProblems } from "../http/problem.ts";
import {
  aboutWithoutPersons,
  knownAmong,
  type Receipt,
  receive,
} from "./receiving.ts";

const Row = z.object({
  line: z.int(),
  result: z.enum(["new", "unchanged", "error"]),
  externalId: z.string().nullable(),
  accountId: z.string().nullable().openapi({
    description:
      "Null where it names no account that is known: it is found out by what it says.",
  }),
  messageId: z.string().nullable(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
});
type Row = z.infer<typeof Row>;

const Answer = z
  .object({
    committed: z.boolean(),
    counts: z.object({ new: z.int(), unchanged: z.int(), error: z.int() }),
    rows: z.array(Row),
  })
  .openapi("SignalImport");

const example =
  "external_id,domain,title,text,occurred_at\nfair-17,globex.example,Globex looks for a partner,They told us at the fair in Linz.,2026-11-20\n";

const route = createRoute({
  method: "post",
  ...permitted("signals", "signal.create"),
  path: "/api/v1/signals/import",
  operationId: "importSignals",
  summary:
    "Hand in many signals from a CSV text; a preview unless ?commit=true",
  description: `The columns are ${signalColumns.join(", ")} and identifier.<name>. external_id is the key of a record: sent again with the same contents it changes nothing, with others it is a new revision. A record is of the account with its account_id, else of the one that an identifier, the domain or the account_name leads to; where there is none, whoever sees all accounts may leave it to be found by what it says. E-mail addresses, phone, card, account and social security numbers and IP addresses are removed before anything is kept. With commit, records without errors are carried out. At most 1,000 records.`,
  request: {
    query: z.object({
      commit: z.enum(["true", "false"]).default("false"),
    }),
    body: csvBody(example),
  },
  responses: {
    200: json(Answer, "What each record did, or would do", {
      committed: false,
      counts: { new: 1, unchanged: 0, error: 0 },
      rows: [
        {
          line: 2,
          result: "new",
          externalId: "fair-17",
          accountId: ids.account,
          messageId: ids.message,
          errors: [],
        },
      ],
    }),
    ...commandProblems(),
  },
});

/** The route that takes signals by the list. */
export function signalImportRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(route, async (c) => {
    const commit = c.req.valid("query").commit === "true";
    const records = await recordsIn(c, unknownSignalColumns);
    const caller = c.get("caller");
    const accounts = await everyOne(at.accounts(caller.tenantId), deps);
    const planned = planSignals(records, {
      accounts: accounts.filter(({ data }) =>
        canSee(caller.actor, data.audience),
      ),
      mayBeUnknown: ofAudience(caller).length === 0,
    });
    const sound = planned.filter((plan) => plan.result === "signal");
    const signals: ReturnType<typeof emissionOf>[] = [];
    for (const { signal } of sound) {
      signals.push(emissionOf(signal, caller.uid, deps));
      // A thousand long texts are redacted in some seconds: others are answered meanwhile.
      await turn();
    }
    const author = authorOf(c);
    const receipts = commit
      ? await receive(signals, author, deps)
      : await knownAmong(signals, author, deps);
    const receiptsByLine = new Map(
      sound.map(({ line }, i) => [line, receipts[i]]),
    );
    const rows = planned.map((plan) =>
      rowOf(plan, receiptsByLine.get(plan.line)),
    );
    const counts = { new: 0, unchanged: 0, error: 0 };
    for (const { result } of rows) counts[result]++;
    return c.json(shown(Answer, { committed: commit, counts, rows }), 200);
  });
}

function emissionOf(
  signal: Imported,
  by: Uid,
  deps: Pick<ApiDeps, "redactor" | "clock">,
) {
  const { externalId, revision, url, occurredAt, sourceType } = signal;
  const item = itemWithoutPersons(
    {
      source: "csv",
      itemId: externalId,
      revision,
      url,
      title: signal.title,
      publisher: "Handed in by a colleague",
      publishedAt: occurredAt ?? deps.clock.now(),
      facts: { source_type: sourceType },
    },
    deps.redactor,
  );
  const { accountId, about } = signal;
  return {
    topic: "signal-received",
    payload: {
      ...(accountId === null
        ? { accountId, about: aboutWithoutPersons(about, deps) }
        : { accountId: AccountId.parse(accountId) }),
      sourceKey: "csv",
      item,
      handedIn: { title: item.title, text: cleaned(signal.text, deps) },
      by,
    },
  } as const;
}

function rowOf(plan: Planned, receipt: Receipt | undefined): Row {
  const { line } = plan;
  if (plan.result === "error")
    return {
      line,
      result: "error",
      externalId: null,
      accountId: null,
      messageId: null,
      errors: [...plan.errors],
    };
  const { externalId, accountId } = plan.signal;
  return {
    line,
    result: receipt?.fresh === true ? "new" : "unchanged",
    externalId,
    accountId,
    messageId: receipt?.messageId ?? null,
    errors: [],
  };
}
