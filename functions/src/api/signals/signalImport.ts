import { setImmediate as turn } from "node:timers/promises";
import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
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
import { redactText, json } from "../http/answer.ts";
import { audienceFilter, memberAccess } from "../http/auth.ts";
import { type ApiDeps, requestAuthor } from "../http/context.ts";
import { csvBody, readRecords } from "../http/csvBody.ts";
import { readFirst } from "../http/page.ts";
import { ids } from "../http/examples.ts";
import {
  redactAbout,
  previewReceipts,
  type Receipt,
  takeInSignals,
} from "./intake.ts";

const Row = z.object({
  line: z.int(),
  result: z.enum(["new", "unchanged", "error"]),
  externalId: z.string().nullable(),
  accountId: z.string().nullable().openapi({
    description:
      "Null if it names no known account; the account is then resolved from its content.",
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

const importSignals = commandRoute(
  {
    ...memberAccess("signals", "signal.create"),
    path: "/api/v1/signals/import",
    operationId: "importSignals",
    summary: "Submit many signals as CSV; a preview unless ?commit=true",
    description: `The columns are ${signalColumns.join(", ")} and identifier.<name>. external_id is the key of a record: the same record again changes nothing; different contents are a new revision. A record's account is the one with its account_id, or else the one that an identifier, the domain or the account_name leads to. If there is none, callers who see all accounts may leave it to be resolved from the content. E-mail addresses, phone, card, account and social security numbers and IP addresses are removed before anything is stored. With commit, records without errors are submitted. At most 1,000 records.`,
    request: {
      query: z.object({
        commit: z.enum(["true", "false"]).default("false"),
      }),
      body: csvBody(example),
    },
    answer: json(Answer, "The result of each record, or what it would be", {
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
  },
  async (c, deps) => {
    const commit = c.req.valid("query").commit === "true";
    const records = await readRecords(c, unknownSignalColumns);
    const caller = c.get("caller");
    const accounts = await readFirst(
      Infinity,
      { collection: at.accounts(caller.tenantId) },
      deps,
    );
    const planned = planSignals(records, {
      accounts: accounts.filter(({ data }) =>
        canSee(caller.actor, data.audience),
      ),
      mayBeUnknown: audienceFilter(caller).length === 0,
    });
    const sound = planned.filter((plan) => plan.result === "signal");
    const signals: ReturnType<typeof toEmission>[] = [];
    for (const { signal } of sound) {
      signals.push(toEmission(signal, caller.uid, deps));
      // Redacting 1,000 long texts takes seconds: let other requests run in between.
      await turn();
    }
    const author = requestAuthor(c);
    const receipts = commit
      ? await takeInSignals(signals, author, deps)
      : await previewReceipts(signals, author, deps);
    const receiptsByLine = new Map(
      sound.map(({ line }, i) => [line, receipts[i]]),
    );
    const rows = planned.map((plan) =>
      toRow(plan, receiptsByLine.get(plan.line)),
    );
    const counts = { new: 0, unchanged: 0, error: 0 };
    for (const { result } of rows) counts[result]++;
    return { committed: commit, counts, rows };
  },
);

/** The route for submitting a list of signals. */
export const signalImportRoutes: readonly Route[] = [importSignals];

function toEmission(
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
        ? { accountId, about: redactAbout(about, deps) }
        : { accountId: AccountId.parse(accountId) }),
      sourceKey: "csv",
      item,
      handedIn: { title: item.title, text: redactText(signal.text, deps) },
      by,
    },
  } as const;
}

function toRow(plan: Planned, receipt: Receipt | undefined): Row {
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
    result: receipt?.isNew === true ? "new" : "unchanged",
    externalId,
    accountId,
    messageId: receipt?.messageId ?? null,
    errors: [],
  };
}
