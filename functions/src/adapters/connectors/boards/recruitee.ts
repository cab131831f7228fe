import { z } from "zod";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate } from "../item.ts";
import { jobBoard } from "./parts/jobBoard.ts";
import { parseEach } from "../parseEach.ts";
import { joinNames, formatPay, type Posting } from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const recruiteeDefinition = defineConnector({
  kind: "recruitee",
  settings: {},
  connect: recruitee,
});

const { name: vendor } = sourceFacts.recruitee;

/** Given as a number by some boards and as text by others. */
const Amount = z.union([z.string(), z.number()]).nullish();

/** A posting of a careers site (Recruitee Careers Site API, offers). */
const Offer = z.object({
  id: z.union([z.int(), z.string().min(1)]),
  title: z.string(),
  careers_url: z.url(),
  company_name: z.string().nullish(),
  /** As "2026-09-10 07:25:25 UTC". */
  published_at: z.string().nullish(),
  created_at: z.string().nullish(),
  location: z.string().nullish(),
  city: z.string().nullish(),
  country: z.string().nullish(),
  department: z.string().nullish(),
  /** As "fulltime_permanent". */
  employment_type_code: z.string().nullish(),
  remote: z.boolean().nullish(),
  hybrid: z.boolean().nullish(),
  on_site: z.boolean().nullish(),
  description: z.string().nullish(),
  requirements: z.string().nullish(),
  salary: z
    .object({
      min: Amount,
      max: Amount,
      currency: z.string().nullish(),
      period: z.string().nullish(),
    })
    .nullish(),
});
type Offer = z.infer<typeof Offer>;

const Site = z.object({ offers: z.array(z.unknown()) });

/** The postings of a company's Recruitee careers site. */
export function recruitee(reach: Reach): Connector {
  return jobBoard("recruitee", reach, {
    boardName: ({ company }) => company,
    listUrl: ({ company }) => `https://${company}.recruitee.com/api/offers/`,
    list: (got) => {
      const { offers } = parseJsonBody(got, vendor, Site);
      const { read, dropped } = parseEach(offers, Offer);
      return { postings: read.map(parsePosting), dropped, next: null };
    },
  });
}

function parsePosting(offer: Offer): Posting {
  const { salary } = offer;
  return {
    id: String(offer.id),
    title: offer.title,
    url: offer.careers_url,
    company: offer.company_name,
    changedAt: toItemDate(offer.published_at ?? offer.created_at ?? undefined),
    location: joinNames(offer.location) ?? joinNames(offer.city, offer.country),
    department: offer.department,
    employmentType: offer.employment_type_code?.replaceAll("_", " "),
    workplace: workplace(offer),
    compensation: formatPay({ ...salary, per: salary?.period }),
    html: `${offer.description ?? ""}${offer.requirements ?? ""}`,
  };
}

/** An offer may allow several; the freest is told. */
function workplace(offer: Offer): Posting["workplace"] {
  if (offer.remote) return "remote";
  if (offer.hybrid) return "hybrid";
  return offer.on_site ? "on-site" : null;
}
