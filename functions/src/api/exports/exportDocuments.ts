import { z } from "@hono/zod-openapi";
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
import { memberAccess } from "../http/auth.ts";
import {
  type ApiContext,
  type ApiDeps,
  requestAuthor,
} from "../http/context.ts";
import { attachment, exportEntry } from "./exportFile.ts";
import { InboxFilter, inboxListing } from "../cards/inbox.ts";
import { readFirst } from "../http/page.ts";
import { readEvidence } from "../cards/opportunityEvidence.ts";
import {
  findOpportunity,
  OpportunityParams,
} from "../cards/opportunityView.ts";
import { route, type Route } from "../http/route.ts";
import { queryProblems } from "../http/problem.ts";

const maxCards = 200;
const maxSteps = 100;

const pdf = {
  description: "A document to read and pass on",
  content: {
    "application/pdf": {
      schema: z.string().openapi({ format: "binary" }),
      example: "%PDF-1.7",
    },
  },
} as const;

const inLanguage = {
  lang: Language.default("en").openapi({
    description: "The language of the document's own text.",
  }),
};

const printInbox = route(
  {
    method: "get",
    ...memberAccess("exports", "opportunity.export"),
    path: "/api/v1/inbox/export.pdf",
    operationId: "printInbox",
    summary: "The cards you may see as a document, highest score first",
    description: `At most ${maxCards} cards; each export is audited.`,
    request: { query: InboxFilter.extend(inLanguage) },
    responses: { 200: pdf, ...queryProblems() },
  },
  async (c, deps) => {
    const { lang, status, min_score } = c.req.valid("query");
    const listing = inboxListing(c.get("caller"), { status, min_score });
    // One more than the limit tells whether there are more.
    const reads = await readFirst(maxCards + 1, listing, deps);
    const items = reads.slice(0, maxCards).map(({ data }) => data);
    const document = inboxDocument(
      {
        items,
        hasMore: reads.length > maxCards,
        status: status === "all" ? null : status,
        minScore: min_score ?? null,
      },
      await readImprint(c, lang, deps),
    );
    const bytes = await deps.printer.print(document);
    const entry = exportEntry("inbox", "inbox", items.length);
    await commitOutcome(
      { outcome: { audit: [entry] } },
      requestAuthor(c),
      deps,
    );
    return c.body(bytes, 200, attachment("inbox", "pdf"));
  },
);

const printOpportunity = route(
  {
    method: "get",
    ...memberAccess("exports", "opportunity.export"),
    path: "/api/v1/opportunities/{id}/export.pdf",
    operationId: "printOpportunity",
    summary: "A card as a document: claims with quotes, score, history",
    description:
      "Each quote is verified again, and marked if it no longer matches. The export and the reading of the evidence are audited.",
    request: { params: OpportunityParams, query: z.object(inLanguage) },
    responses: { 200: pdf, ...queryProblems(404) },
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const [evidence, past, imprint] = await Promise.all([
      readEvidence(tenantId, { id, data }, deps),
      readHistory(tenantId, id, deps),
      readImprint(c, c.req.valid("query").lang, deps),
    ]);
    const document = toCardDocument(
      { opportunity: data, quotes: evidence.items, ...past },
      imprint,
    );
    const bytes = await deps.printer.print(document);
    const claims = data.card.claims.length;
    const entries = [evidence.entry, exportEntry("opportunity", id, claims)];
    await commitOutcome(
      { outcome: { audit: entries } },
      requestAuthor(c),
      deps,
    );
    return c.body(bytes, 200, attachment(`card-${id}`, "pdf"));
  },
);

/** The routes that export cards as documents. A document that cannot be produced is not audited as exported, and none is delivered without an audit entry. */
export const exportDocumentRoutes: readonly Route[] = [
  printInbox,
  printOpportunity,
];

/** A document's imprint: its language, who exported it, and when. */
async function readImprint(
  c: ApiContext,
  language: Language,
  { clock, store }: ApiDeps,
) {
  const { tenantId, uid } = c.get("caller");
  const me = await store.read(at.member(tenantId, uid));
  return { language, by: me?.data.name ?? uid, at: clock.now() };
}

/** A card's newest steps, and the names of the people who took them. */
async function readHistory(
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
  const names = await readNames(tenantId, history, store);
  return {
    history,
    hasOlderHistory: reads.length > maxSteps,
    nameOf: (by: string) => names.get(by) ?? by,
  };
}

async function readNames(
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
