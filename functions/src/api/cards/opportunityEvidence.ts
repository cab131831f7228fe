import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import { type Evidence, EvidenceRef } from "../../domain/cards/claims.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import type {
  OpportunityId,
  SnapshotId,
  TenantId,
} from "../../domain/kernel/ids.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import { SourceKind } from "../../domain/sources/source.ts";
import { commitOutcome } from "../../delivery/commit.ts";
import { readText } from "../../pipeline/snapshots.ts";
import { json, Moment, toWellFormed } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { type ApiDeps, requestAuthor } from "../http/context.ts";
import { ids, moments, quote } from "../http/examples.ts";
import { findOpportunity, OpportunityParams } from "./opportunityView.ts";

/** How many characters of the snapshot are shown on either side of a quote. */
const contextCharacters = 200;
const nearDuplicatesPerSignal = 20;

const EvidenceView = z
  .object({
    verified: z.boolean().openapi({
      description:
        "Whether the archived text still contains the quote at this position.",
    }),
    before: z.string().nullable(),
    after: z.string().nullable(),
    ...EvidenceRef.omit({ quoteHash: true }).shape,
    source: z
      .object({
        quote: z.string(),
        url: z.string().nullable(),
        title: z.string(),
        publisher: z.string(),
        publishedAt: Moment,
        fetchedAt: Moment,
        licence: z.string(),
        language: z.string(),
      })
      .nullable()
      .openapi({
        description: "Null if the quote itself was lost or altered.",
      }),
  })
  .openapi("Evidence");

const NearDuplicateView = z
  .object({
    signalId: z.string().openapi({
      description: "The signal whose story this document repeats.",
    }),
    source: SourceKind,
    url: z.string().nullable(),
    title: z.string(),
    publisher: z.string(),
    publishedAt: Moment.nullable(),
    seenAt: Moment,
    similarity: z.number(),
  })
  .openapi("NearDuplicate");

const EvidenceList = z.object({
  version: z.int(),
  items: z.array(EvidenceView),
  nearDuplicates: z.array(NearDuplicateView).openapi({
    description:
      "Other documents that tell the same story, in the order they were found; at most 20 per signal.",
  }),
});

const listEvidence = queryRoute(
  {
    path: "/api/v1/opportunities/{id}/evidence",
    operationId: "listEvidence",
    summary: "A card's evidence; each reading is audited",
    ...memberAccess("opportunities", "opportunity.evidence.read"),
    request: { params: OpportunityParams },
    answer: json(EvidenceList, "The card's quotes, each verified again", {
      version: 1,
      items: [
        {
          verified: true,
          before: "In the first week of March there was news. ",
          after: " The rest of the week was quiet.",
          id: "e1",
          signalId: "globex_1",
          snapshotId: ids.snapshot,
          start: 1044,
          end: 1044 + quote.length,
          source: {
            quote,
            url: "https://globex.example/news",
            title: "Globex appoints a chief information officer",
            publisher: "Globex",
            publishedAt: moments.received,
            fetchedAt: moments.received,
            licence: "Public news feed, quoted as evidence",
            language: "en",
          },
        },
      ],
      nearDuplicates: [
        {
          signalId: "globex_1",
          source: "rss",
          url: "https://herald.example/globex",
          title: "Globex names a CIO",
          publisher: "The Herald",
          publishedAt: moments.received,
          seenAt: moments.shown,
          similarity: 0.82,
        },
      ],
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const { version } = data;
    const [{ items, entry }, nearDuplicates] = await Promise.all([
      readEvidence(tenantId, { id, data }, deps),
      readNearDuplicates(tenantId, data, deps),
    ]);
    await commitOutcome(
      { outcome: { audit: [entry] } },
      requestAuthor(c),
      deps,
    );
    return { version, items, nearDuplicates };
  },
);

/** The route of a card's evidence. */
export const evidenceRoutes: readonly Route[] = [listEvidence];

async function readNearDuplicates(
  tenantId: TenantId,
  { card }: Opportunity,
  { store }: ApiDeps,
) {
  const signals = [...new Set(card.evidence.map(({ signalId }) => signalId))];
  const perSignal = await Promise.all(
    signals.map(async (signalId) => {
      const reads = await store.query({
        collection: at.nearDuplicates(tenantId, signalId),
        where: [],
        orderBy: [["seenAt", "asc"]],
        limit: nearDuplicatesPerSignal,
      });
      return reads.map(({ data }) => ({ signalId, ...data }));
    }),
  );
  return perSignal.flat();
}

/** A card's quotes, each verified again, and the audit entry for this reading; commit the entry before the quotes are shown. */
export async function readEvidence(
  tenantId: TenantId,
  {
    id,
    data: { card, version },
  }: { readonly id: OpportunityId; readonly data: Opportunity },
  deps: ApiDeps,
) {
  const refs = card.evidence;
  const texts = new Map<SnapshotId, Promise<string | null>>();
  for (const { snapshotId } of refs) {
    if (!texts.has(snapshotId)) {
      texts.set(snapshotId, readSnapshot(tenantId, snapshotId, deps));
    }
  }
  const items = await Promise.all(
    refs.map(async (ref) => {
      const text = (await texts.get(ref.snapshotId)) ?? null;
      return verifyQuote({ tenantId, id, ref, text }, deps);
    }),
  );
  const entry = {
    action: "VIEW",
    entity: { kind: "evidence", id },
    before: null,
    after: { version, items: items.length },
    reason: null,
  } as const;
  return { items, entry };
}

/** The archived text; null if it is missing or does not match its id. */
async function readSnapshot(
  tenantId: TenantId,
  snapshotId: SnapshotId,
  deps: ApiDeps,
): Promise<string | null> {
  try {
    return await readText(tenantId, snapshotId, deps.store);
  } catch (error) {
    if (error instanceof RetryableError) throw error;
    deps.log.write("ERROR", "a snapshot cannot be trusted", {
      tenantId,
      snapshotId,
      error: String(error),
    });
    return null;
  }
}

async function verifyQuote(
  {
    tenantId,
    id,
    ref,
    text,
  }: {
    tenantId: TenantId;
    id: OpportunityId;
    ref: EvidenceRef;
    text: string | null;
  },
  deps: ApiDeps,
) {
  const { start, end } = ref;
  const evidence = await readQuote(tenantId, { id, ref }, deps);
  const verified =
    text !== null &&
    evidence?.start === start &&
    evidence.end === end &&
    text.slice(start, end) === evidence.quote;
  const before = text?.slice(Math.max(0, start - contextCharacters), start);
  const after = text?.slice(end, end + contextCharacters);
  return {
    ...ref,
    verified,
    before: before === undefined ? null : toWellFormed(before),
    after: after === undefined ? null : toWellFormed(after),
    source: evidence,
  };
}

/** The stored quote; null if it is missing, or if any of the card's quotes was altered, which their schema detects. */
async function readQuote(
  tenantId: TenantId,
  { id, ref }: { id: OpportunityId; ref: EvidenceRef },
  deps: ApiDeps,
): Promise<Evidence | null> {
  try {
    const read = await deps.store.read(at.cardEvidence(tenantId, id));
    return read?.data.quotes[ref.id] ?? null;
  } catch (error) {
    if (error instanceof PermanentError) return null;
    throw error;
  }
}
