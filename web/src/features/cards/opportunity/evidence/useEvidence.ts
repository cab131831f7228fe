import { z } from "zod";
import type { Opportunity } from "../../../../../../functions/src/domain/cards/opportunity.ts";
import { useAnswer } from "../../../../lib/api/answer.ts";
import type { WithId, Live } from "../../../../lib/firestore/live.ts";

const Moment = z.string().transform((text) => new Date(text));

const Evidence = z.object({
  id: z.string(),
  signalId: z.string(),
  verified: z.boolean(),
  before: z.string().nullable(),
  after: z.string().nullable(),
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
    .nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

const NearDuplicate = z.object({
  signalId: z.string(),
  url: z.string().nullable(),
  title: z.string(),
  publisher: z.string(),
  seenAt: Moment,
});
/** Another document that tells the same story. */
export type NearDuplicate = z.infer<typeof NearDuplicate>;

const EvidenceList = z.object({
  items: z.array(Evidence),
  nearDuplicates: z.array(NearDuplicate),
});
type EvidenceList = z.infer<typeof EvidenceList>;

/** A card's quotes, checked again by the API, which records the reading; fetched once per version of the card, and only for those who may read them. */
export function useEvidence(
  { id, version }: Pick<WithId<Opportunity>, "id" | "version">,
  mayRead: boolean,
): Live<EvidenceList> {
  const path = `/opportunities/${encodeURIComponent(id)}/evidence`;
  return useAnswer(mayRead ? path : null, EvidenceList, version);
}
