import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { toCsv } from "../../domain/reports/csvText.ts";
import type { InboxItem } from "../../domain/cards/inbox.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import type { Read } from "../../ports/store.ts";
import { permitted } from "../http/auth.ts";
import { type Api, type ApiDeps, authorOf } from "../http/context.ts";
import {
  attachment,
  exportEntry,
  ExportFilter,
  inboxReads,
} from "./exported.ts";
import { findOpportunity, OfOpportunity } from "../cards/opportunityView.ts";
import { queryProblems } from "../http/problem.ts";

const maxRows = 10_000;

const csv = {
  description: "A table for spreadsheets: UTF-8 with a byte order mark",
  content: {
    "text/csv": {
      schema: z.string(),
      example:
        'account,title,score\r\nGlobex,"A new officer, at last",72.8\r\n',
    },
  },
} as const;

const inbox = createRoute({
  method: "get",
  ...permitted("exports", "opportunity.export"),
  path: "/api/v1/inbox/export.csv",
  operationId: "exportInbox",
  summary: "The cards that are yours as a table, the highest score first",
  description: `At most ${maxRows} rows; each export is audited.`,
  request: { query: ExportFilter },
  responses: { 200: csv, ...queryProblems() },
});

const one = createRoute({
  method: "get",
  ...permitted("exports", "opportunity.export"),
  path: "/api/v1/opportunities/{id}/export.csv",
  operationId: "exportOpportunity",
  summary: "A card as a table: its claims, each with its quote and source",
  description: "Each export is audited.",
  request: { params: OfOpportunity },
  responses: { 200: csv, ...queryProblems(404) },
});

/** The routes by which cards leave as files. */
export function exportRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(inbox, async (c) => {
    const asked = { ...c.req.valid("query"), most: maxRows };
    const reads = await inboxReads(c, asked, deps);
    const entry = exportEntry("inbox", "inbox", reads.length);
    await commitOutcome({ outcome: { audit: [entry] } }, authorOf(c), deps);
    const text = toCsv([inboxHead, ...reads.map(inboxRow)]);
    return c.body(text, 200, attachment("inbox", "csv"));
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const evidence = await deps.store.read(at.cardEvidence(tenantId, id));
    const quotes = evidence?.data.quotes ?? {};
    const rows = data.card.claims.map((claim) => {
      const quoted =
        claim.kind === "FOUND" ? quotes[claim.evidenceId] : undefined;
      return [
        data.accountName,
        data.card.title,
        data.card.score.total,
        data.state.status,
        claim.kind,
        claim.text,
        quoted?.quote ?? null,
        quoted?.publisher ?? null,
        quoted?.title ?? null,
        quoted?.publishedAt.toISOString() ?? null,
        quoted?.licence ?? null,
        quoted?.url ?? null,
      ];
    });
    const entry = exportEntry("opportunity", id, rows.length);
    await commitOutcome({ outcome: { audit: [entry] } }, authorOf(c), deps);
    const text = toCsv([claimHead, ...rows]);
    return c.body(text, 200, attachment(`card-${id}`, "csv"));
  });
}

const inboxHead = [
  "id",
  "account",
  "title",
  "summary",
  "category",
  "sources",
  "score",
  "urgency",
  "status",
  "due",
  "received",
  "claims",
  "version",
];

function inboxRow({ id, data }: Read<InboxItem>) {
  return [
    id,
    data.accountName,
    data.title,
    data.summary,
    data.category,
    data.sources.join(" "),
    data.score,
    data.urgency,
    data.status,
    data.dueAt?.toISOString() ?? null,
    data.receivedAt.toISOString(),
    data.claims,
    data.version,
  ];
}

const claimHead = [
  "account",
  "card",
  "score",
  "status",
  "kind",
  "claim",
  "quote",
  "publisher",
  "source",
  "published",
  "licence",
  "link",
];
