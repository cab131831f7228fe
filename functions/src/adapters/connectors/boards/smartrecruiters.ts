import { z } from "zod";
import { idFrom } from "../../../domain/kernel/hash.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate } from "../item.ts";
import { jobBoard } from "./parts/jobBoard.ts";
import { parseEach } from "../parseEach.ts";
import {
  joinNames,
  mostParts,
  type Posting,
  section,
} from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const smartrecruitersDefinition = defineConnector({
  kind: "smartrecruiters",
  settings: {},
  connect: smartrecruiters,
});

const { name: vendor } = sourceFacts.smartrecruiters;

/** As many as one answer lists at most (SmartRecruiters Posting API, /postings, limit). */
const pageSize = 100;

const Labelled = z.object({ label: z.string().nullish() }).nullish();

/** A posting as it is listed (SmartRecruiters Posting API, object Posting). */
const Job = z.object({
  id: z.string().min(1),
  name: z.string(),
  releasedDate: z.string().nullish(),
  company: z.object({ name: z.string().nullish() }).nullish(),
  location: z
    .object({
      city: z.string().nullish(),
      region: z.string().nullish(),
      country: z.string().nullish(),
      fullLocation: z.string().nullish(),
      remote: z.boolean().nullish(),
      hybrid: z.boolean().nullish(),
    })
    .nullish(),
  department: Labelled,
  typeOfEmployment: Labelled,
  language: z.object({ code: z.string().nullish() }).nullish(),
});

const Section = z
  .object({ title: z.string().nullish(), text: z.string().nullish() })
  .nullish();

/** A posting in full (SmartRecruiters Posting API, object PostingContent). */
const FullJob = Job.extend({
  jobAd: z.object({
    sections: z.object({
      companyDescription: Section,
      jobDescription: Section,
      qualifications: Section,
      additionalInformation: Section,
    }),
  }),
});

const Page = z.object({
  offset: z.int().min(0),
  totalFound: z.int().min(0),
  content: z.array(z.unknown()),
});

/** The postings of a company at SmartRecruiters, which does not tell a company that it doesn't know from one without postings. */
export function smartrecruiters(reach: Reach): Connector {
  const companyUrl = ({ company }: { readonly company: string }) =>
    `https://api.smartrecruiters.com/v1/companies/${company}/postings`;
  return jobBoard("smartrecruiters", reach, {
    boardName: ({ company }) => company,
    listUrl: (source, offset) =>
      `${companyUrl(source)}?limit=${pageSize}&offset=${offset}`,
    list: (got, source) => {
      const { offset, totalFound, content } = parseJsonBody(got, vendor, Page);
      const { read, dropped } = parseEach(content, Job);
      const next = offset + content.length;
      return {
        postings: read.map((job) => parsePosting(job, source.company)),
        dropped,
        next: content.length === 0 || next >= totalFound ? null : next,
      };
    },
    one: {
      url: (source, id) => `${companyUrl(source)}/${encodeURIComponent(id)}`,
      read: (got, source) => {
        const job = parseJsonBody(got, vendor, FullJob);
        const { sections } = job.jobAd;
        const html = [
          sections.companyDescription,
          sections.jobDescription,
          sections.qualifications,
          sections.additionalInformation,
        ].map((part) => section(part?.title, part?.text));
        return { ...parsePosting(job, source.company), html: html.join("") };
      },
    },
  });
}

function parsePosting(job: z.infer<typeof Job>, board: string): Posting {
  const place = job.location;
  // The full one is parts with commas between, some of which may be empty.
  const location = joinNames(
    ...(place?.fullLocation?.split(",", mostParts) ?? [
      place?.city,
      place?.region,
      place?.country?.toUpperCase(),
    ]),
  );
  return {
    id: job.id,
    title: job.name,
    url: `https://jobs.smartrecruiters.com/${board}/${encodeURIComponent(job.id)}`,
    company: job.company?.name,
    changedAt: toItemDate(job.releasedDate ?? undefined),
    revision: idFrom(job.releasedDate ?? "", job.name, location ?? ""),
    language: job.language?.code,
    location,
    department: job.department?.label,
    employmentType: job.typeOfEmployment?.label,
    workplace: place?.remote ? "remote" : place?.hybrid ? "hybrid" : null,
    html: "",
  };
}
