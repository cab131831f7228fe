import { z } from "zod";
import { useAsked } from "../../lib/asked.ts";
import type { Live } from "../../lib/live.ts";

const Moment = z.string().transform((text) => new Date(text));

const Evidence = z.object({
  id: z.string(),
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

const EvidenceList = z.object({ items: z.array(Evidence) });

/** A card's quotes, each checked anew by the API, which notes that they were read; asked once for each version of the card. */
export function useEvidence(
  opportunityId: string,
  version: number,
): Live<{ readonly items: readonly Evidence[] }> {
  const path = `/opportunities/${encodeURIComponent(opportunityId)}/evidence`;
  return useAsked(path, EvidenceList, version);
}
