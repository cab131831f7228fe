import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { csvText } from "../domain/csvText.ts";
import type { InboxItem } from "../domain/inbox.ts";
import { commitOutcome } from "../pipeline/commit.ts";
import type { Read } from "../pipeline/ports.ts";
import { ofAudience, permitted } from "./auth.ts";
import {
  type Api,
  type ApiContext,
  type ApiDeps,
  authorOf,
} from "./context.ts";
import { findOpportunity, OfOpportunity, Status } from "./opportunityView.ts";
import { queryProblems } from "./problem.ts";

const maxRows = 10_000;
const perPage = 500;

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

const Filter = z.object({
  min_score: z.coerce.number().min(0).max(100).optional(),
  status: z.union([Status, z.literal("all")]).default("in_review"),
});

const inbox = createRoute({
  method: "get",
  ...permitted("exports", "opportunity.export"),
  path: "/api/v1/inbox/export.csv",
  operationId: "exportInbox",
  summary: "The cards that are yours as a table, the highest score first",
  description: `At most ${maxRows} rows; each export is audited.`,
  request: { query: Filter },
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
    const reads = await rowsOf(c, c.req.valid("query"), deps);
    await audited(c, { kind: "inbox", id: "inbox", items: reads.length }, deps);
    return answered(c, "inbox", csvText([inboxHead, ...reads.map(inboxRow)]));
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
    await audited(c, { kind: "opportunity", id, items: rows.length }, deps);
    return answered(c, `card-${id}`, csvText([claimHead, ...rows]));
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

async function rowsOf(
  c: ApiContext,
  { status, min_score }: z.infer<typeof Filter>,
  { store }: ApiDeps,
): Promise<readonly Read<InboxItem>[]> {
  const caller = c.get("caller");
  const reads: Read<InboxItem>[] = [];
  while (reads.length < maxRows) {
    const last = reads.at(-1);
    const page = await store.query({
      collection: at.inbox(caller.tenantId),
      where: [
        ...ofAudience(caller),
        ...(status === "all" ? [] : [["status", "==", status] as const]),
        ...(min_score === undefined
          ? []
          : [["score", ">=", min_score] as const]),
      ],
      orderBy: [
        ["score", "desc"],
        ["__name__", "desc"],
      ],
      limit: perPage,
      ...(last && { startAfter: [last.data.score, last.id] }),
    });
    reads.push(...page);
    if (page.length < perPage) break;
  }
  return reads;
}

async function audited(
  c: ApiContext,
  {
    kind,
    id,
    items,
  }: { readonly kind: string; readonly id: string; readonly items: number },
  deps: ApiDeps,
): Promise<void> {
  const entry = {
    action: "VIEW",
    entity: { kind, id },
    before: null,
    after: { items },
    reason: "export",
  } as const;
  await commitOutcome({ audit: [entry] }, authorOf(c), [], deps);
}

function answered(c: ApiContext, name: string, text: string) {
  return c.body(text, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name.replace(/[^\w-]/g, "_")}.csv"`,
  });
}
