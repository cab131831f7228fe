import { createRoute, z } from "@hono/zod-openapi";
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
import { json, Moment, shown, wellFormed } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import { type Api, type ApiDeps, authorOf } from "../http/context.ts";
import { ids, moments, quote } from "../http/examples.ts";
import { findOpportunity, OfOpportunity } from "./opportunityView.ts";
import { queryProblems } from "../http/problem.ts";

/** How much of the snapshot is shown on either side of a quote, in characters. */
const contextCharacters = 200;
const retellingsPerSignal = 20;

const EvidenceView = z
  .object({
    verified: z.boolean().openapi({
      description:
        "Whether the quote is, at this moment, what the archived text has at its place.",
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
        description: "Null where the quote itself was lost or altered.",
      }),
  })
  .openapi("Evidence");

const RetellingView = z
  .object({
    signalId: z
      .string()
      .openapi({ description: "The signal that it tells once more." }),
    source: SourceKind,
    url: z.string().nullable(),
    title: z.string(),
    publisher: z.string(),
    publishedAt: Moment.nullable(),
    seenAt: Moment,
    similarity: z.number(),
  })
  .openapi("Retelling");

const EvidenceList = z.object({
  version: z.int(),
  items: z.array(EvidenceView),
  retellings: z.array(RetellingView).openapi({
    description:
      "Who else tells the same, in the order in which it was heard; at most twenty for each signal.",
  }),
});

const list = createRoute({
  method: "get",
  path: "/api/v1/opportunities/{id}/evidence",
  operationId: "listEvidence",
  summary: "What a card rests on; each reading is audited",
  ...permitted("opportunities", "opportunity.evidence.read"),
  request: { params: OfOpportunity },
  responses: {
    200: json(EvidenceList, "The card's quotes, each checked anew", {
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
      retellings: [
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
    ...queryProblems(404),
  },
});

/** The route of a card's evidence. */
export function evidenceRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await findOpportunity(c, id, deps);
    const { version } = data;
    const [{ items, entry }, retellings] = await Promise.all([
      readEvidence(tenantId, { id, data }, deps),
      retellingsOf(tenantId, data, deps),
    ]);
    await commitOutcome({ outcome: { audit: [entry] } }, authorOf(c), deps);
    return c.json(shown(EvidenceList, { version, items, retellings }), 200);
  });
}

async function retellingsOf(
  tenantId: TenantId,
  { card }: Opportunity,
  { store }: ApiDeps,
) {
  const signals = [...new Set(card.evidence.map(({ signalId }) => signalId))];
  const found = await Promise.all(
    signals.map(async (signalId) => {
      const reads = await store.query({
        collection: at.nearDuplicates(tenantId, signalId),
        where: [],
        orderBy: [["seenAt", "asc"]],
        limit: retellingsPerSignal,
      });
      return reads.map(({ data }) => ({ signalId, ...data }));
    }),
  );
  return found.flat();
}

/** A card's quotes, each checked anew, and the audit entry of this reading, without which they are not to be shown. */
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
      texts.set(snapshotId, archived(tenantId, snapshotId, deps));
    }
  }
  const items = await Promise.all(
    refs.map(async (ref) => {
      const text = (await texts.get(ref.snapshotId)) ?? null;
      return checked({ tenantId, id, ref, text }, deps);
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

/** The archived text; null where it is gone or is not what its id says. */
async function archived(
  tenantId: TenantId,
  snapshotId: SnapshotId,
  deps: ApiDeps,
): Promise<string | null> {
  try {
    return await readText(tenantId, snapshotId, deps);
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

async function checked(
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
  const evidence = await quoted(tenantId, { id, ref }, deps);
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
    before: before === undefined ? null : wellFormed(before),
    after: after === undefined ? null : wellFormed(after),
    source: evidence,
  };
}

/** The quote as it was kept; null where it is gone, or where any of the card's was altered, which their schema tells. */
async function quoted(
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
