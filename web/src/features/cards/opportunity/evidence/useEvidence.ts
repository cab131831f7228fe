import { z } from "zod";
import type { Opportunity } from "../../../../../../functions/src/domain/cards/opportunity.ts";
import { useAsked } from "../../../../lib/api/answer.ts";
import type { Found, Live } from "../../../../lib/firestore/live.ts";

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

const Retelling = z.object({
  signalId: z.string(),
  url: z.string().nullable(),
  title: z.string(),
  publisher: z.string(),
  seenAt: Moment,
});
/** Somebody else who tells the same. */
export type Retelling = z.infer<typeof Retelling>;

const EvidenceList = z.object({
  items: z.array(Evidence),
  retellings: z.array(Retelling),
});
type EvidenceList = z.infer<typeof EvidenceList>;

/** A card's quotes, each checked anew by the API, which notes that they were read; asked once for each version of the card, and not for whom it is not. */
export function useEvidence(
  { id, version }: Pick<Found<Opportunity>, "id" | "version">,
  mayRead: boolean,
): Live<EvidenceList> {
  const path = `/opportunities/${encodeURIComponent(id)}/evidence`;
  return useAsked(mayRead ? path : null, EvidenceList, version);
}
