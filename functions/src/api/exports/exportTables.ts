import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { toCsv } from "../../domain/reports/csvText.ts";
import type { CardEvidence } from "../../domain/cards/claims.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import type { InboxItem } from "../../domain/cards/inbox.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import type { Read } from "../../ports/store.ts";
import { memberAccess } from "../http/auth.ts";
import { requestAuthor } from "../http/context.ts";
import { attachment, exportEntry } from "./exportFile.ts";
import { InboxFilter, inboxListing } from "../cards/inbox.ts";
import { readFirst } from "../http/page.ts";
import {
  findOpportunity,
  OpportunityParams,
} from "../cards/opportunityView.ts";
import { route, type Route } from "../http/route.ts";
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

const exportInbox = route(
  {
    method: "get",
    ...memberAccess("exports", "opportunity.export"),
    path: "/api/v1/inbox/export.csv",
    operationId: "exportInbox",
    summary: "The cards you may see as a table, highest score first",
    description: `At most ${maxRows} rows; each export is audited.`,
    request: { query: InboxFilter },
    responses: { 200: csv, ...queryProblems() },
  },
  async (c, deps) => {
    const listing = inboxListing(c.get("caller"), c.req.valid("query"));
    const reads = await readFirst(maxRows, listing, deps);
    const entry = exportEntry("inbox", "inbox", reads.length);
    await commitOutcome(
      { outcome: { audit: [entry] } },
      requestAuthor(c),
      deps,
    );
    const text = toCsv([inboxHead, ...reads.map(toInboxRow)]);
    return c.body(text, 200, attachment("inbox", "csv"));
  },
);

const exportOpportunity = route(
  {
    method: "get",
    ...memberAccess("exports", "opportunity.export"),
    path: "/api/v1/opportunities/{id}/export.csv",
    operationId: "exportOpportunity",
    summary: "A card as a table: its claims, each with quote and source",
    description: "Each export is audited.",
    request: { params: OpportunityParams },
    responses: { 200: csv, ...queryProblems(404) },
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const evidence = await deps.store.read(at.cardEvidence(tenantId, id));
    const rows = toClaimRows(data, evidence?.data.quotes ?? {});
    const entry = exportEntry("opportunity", id, rows.length);
    await commitOutcome(
      { outcome: { audit: [entry] } },
      requestAuthor(c),
      deps,
    );
    const text = toCsv([claimHead, ...rows]);
    return c.body(text, 200, attachment(`card-${id}`, "csv"));
  },
);

/** The routes that export cards as tables. */
export const exportRoutes: readonly Route[] = [exportInbox, exportOpportunity];

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

function toInboxRow({ id, data }: Read<InboxItem>) {
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

function toClaimRows(
  { accountName, card, state }: Opportunity,
  quotes: CardEvidence["quotes"],
) {
  return card.claims.map((claim) => {
    const evidence =
      claim.kind === "FOUND" ? quotes[claim.evidenceId] : undefined;
    return [
      accountName,
      card.title,
      card.score.total,
      state.status,
      claim.kind,
      claim.text,
      evidence?.quote ?? null,
      evidence?.publisher ?? null,
      evidence?.title ?? null,
      evidence?.publishedAt.toISOString() ?? null,
      evidence?.licence ?? null,
      evidence?.url ?? null,
    ];
  });
}
