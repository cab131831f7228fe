import { createRoute, z } from "@hono/zod-openapi";
import { toCardDocument } from "../../domain/reports/cardDocument.ts";
import * as at from "../../domain/collections.ts";
import { Language } from "../../domain/reports/exportWords.ts";
import {
  type OpportunityId,
  type TenantId,
  Uid,
} from "../../domain/kernel/ids.ts";
import { inboxDocument } from "../../domain/reports/inboxDocument.ts";
import type { HistoryEntry } from "../../domain/cards/opportunity.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import { permitted } from "../http/auth.ts";
import {
  type Api,
  type ApiContext,
  type ApiDeps,
  authorOf,
} from "../http/context.ts";
import {
  attachment,
  exportEntry,
  ExportFilter,
  inboxReads,
} from "./exported.ts";
import { readEvidence } from "../cards/opportunityEvidence.ts";
import { findOpportunity, OfOpportunity } from "../cards/opportunityView.ts";
import { queryProblems } from "../http/problem.ts";

const maxCards = 200;
const maxSteps = 100;

const pdf = {
  description: "A document to be read and handed on",
  content: {
    "application/pdf": {
      schema: z.string().openapi({ format: "binary" }),
      example: "%PDF-1.7",
    },
  },
} as const;

const inLanguage = {
  lang: Language.default("en").openapi({
    description: "What the document itself says is in this language.",
  }),
};

const inbox = createRoute({
  method: "get",
  ...permitted("exports", "opportunity.export"),
  path: "/api/v1/inbox/export.pdf",
  operationId: "printInbox",
  summary: "The cards that are yours as a document, the highest score first",
  description: `At most ${maxCards} cards; each export is audited.`,
  request: { query: ExportFilter.extend(inLanguage) },
  responses: { 200: pdf, ...queryProblems() },
});

const one = createRoute({
  method: "get",
  ...permitted("exports", "opportunity.export"),
  path: "/api/v1/opportunities/{id}/export.pdf",
  operationId: "printOpportunity",
  summary: "A card as a document: claims with their quotes, score, history",
  description:
    "Each quote is checked anew, and one that no longer stands is marked. The export and the reading of the evidence are audited.",
  request: { params: OfOpportunity, query: z.object(inLanguage) },
  responses: { 200: pdf, ...queryProblems(404) },
});

/** The routes by which cards leave as documents. What cannot be printed is not audited as exported, and the other way round. */
export function exportDocumentRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(inbox, async (c) => {
    const { lang, status, min_score } = c.req.valid("query");
    // One more than is shown tells whether there are more.
    const asked = { status, min_score, most: maxCards + 1 };
    const reads = await inboxReads(c, asked, deps);
    const items = reads.slice(0, maxCards).map(({ data }) => data);
    const document = inboxDocument(
      {
        items,
        hasMore: reads.length > maxCards,
        status: status === "all" ? null : status,
        minScore: min_score ?? null,
      },
      await exported(c, lang, deps),
    );
    const bytes = await deps.printer.print(document);
    const entry = exportEntry("inbox", "inbox", items.length);
    await commitOutcome({ outcome: { audit: [entry] } }, authorOf(c), deps);
    return c.body(bytes, 200, attachment("inbox", "pdf"));
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const [evidence, past, how] = await Promise.all([
      readEvidence(tenantId, { id, data }, deps),
      historyOf(tenantId, id, deps),
      exported(c, c.req.valid("query").lang, deps),
    ]);
    const document = toCardDocument(
      { opportunity: data, quotes: evidence.items, ...past },
      how,
    );
    const bytes = await deps.printer.print(document);
    const claims = data.card.claims.length;
    const entries = [evidence.entry, exportEntry("opportunity", id, claims)];
    await commitOutcome({ outcome: { audit: entries } }, authorOf(c), deps);
    return c.body(bytes, 200, attachment(`card-${id}`, "pdf"));
  });
}

async function exported(
  c: ApiContext,
  language: Language,
  { clock, store }: ApiDeps,
) {
  const { tenantId, uid } = c.get("caller");
  const me = await store.read(at.member(tenantId, uid));
  return { language, by: me?.data.name ?? uid, at: clock.now() };
}

/** The newest steps of a card, and the names of who took them. */
async function historyOf(
  tenantId: TenantId,
  id: OpportunityId,
  { store }: ApiDeps,
) {
  const reads = await store.query({
    collection: at.history(tenantId, id),
    where: [],
    orderBy: [
      ["at", "desc"],
      ["__name__", "desc"],
    ],
    limit: maxSteps + 1,
  });
  const history = reads.slice(0, maxSteps).map(({ data }) => data);
  const names = await namesOf(tenantId, history, store);
  return {
    history,
    hasOlderHistory: reads.length > maxSteps,
    nameOf: (by: string) => names.get(by) ?? by,
  };
}

async function namesOf(
  tenantId: TenantId,
  history: readonly HistoryEntry[],
  store: ApiDeps["store"],
): Promise<ReadonlyMap<string, string>> {
  const uids = [...new Set(history.map(({ by }) => by))].flatMap((by) => {
    const uid = Uid.safeParse(by);
    return uid.success && !by.startsWith("system:") ? [uid.data] : [];
  });
  const members = await store.readAll(
    uids.map((uid) => at.member(tenantId, uid)),
    "leave-out",
  );
  return new Map(
    members.flatMap((read) =>
      read === null ? [] : [[read.data.uid, read.data.name] as const],
    ),
  );
}
