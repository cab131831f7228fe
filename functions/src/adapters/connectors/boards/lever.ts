import { z } from "zod";
import { parseDate } from "../../../domain/kernel/foreignDate.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import { jobBoard } from "./parts/jobBoard.ts";
import { defineConnector } from "../definition.ts";
import { parseEach } from "../parseEach.ts";
import {
  joinNames,
  mostParts,
  formatPay,
  type Posting,
  section,
  type Workplace,
} from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const leverDefinition = defineConnector({
  kind: "lever",
  settings: {},
  connect: lever,
});

const { name: vendor } = sourceFacts.lever;

/** A posting, the same in the list and by itself (Lever Postings API). */
const Job = z.object({
  id: z.string().min(1),
  text: z.string(),
  hostedUrl: z.url(),
  /** Milliseconds since 1970; the API gives it, though its documentation does not name it. */
  createdAt: z.number().nullish(),
  categories: z
    .object({
      location: z.string().nullish(),
      allLocations: z.array(z.string()).nullish(),
      department: z.string().nullish(),
      team: z.string().nullish(),
      commitment: z.string().nullish(),
    })
    .nullish(),
  workplaceType: z.string().nullish(),
  description: z.string().nullish(),
  lists: z
    .array(
      z.object({ text: z.string().nullish(), content: z.string().nullish() }),
    )
    .nullish(),
  additional: z.string().nullish(),
  salaryRange: z
    .object({
      min: z.number().nullish(),
      max: z.number().nullish(),
      currency: z.string().nullish(),
      interval: z.string().nullish(),
    })
    .nullish(),
});

const workplaces: Readonly<Record<string, Workplace>> = {
  remote: "remote",
  hybrid: "hybrid",
  "on-site": "on-site",
  onsite: "on-site",
};

/** The postings of a company's Lever job site, of the global instance or the European one. */
export function lever(reach: Reach): Connector {
  const siteUrl = (source: {
    readonly site: string;
    readonly region?: "global" | "eu" | undefined;
  }) =>
    `https://api.${source.region === "eu" ? "eu." : ""}lever.co/v0/postings/${source.site}`;
  return jobBoard("lever", reach, {
    boardName: ({ site }) => site,
    listUrl: (source) => `${siteUrl(source)}?mode=json`,
    list: (got) => {
      const jobs = parseJsonBody(got, vendor, z.array(z.unknown()));
      const { read, dropped } = parseEach(jobs, Job);
      return { postings: read.map(parsePosting), dropped, next: null };
    },
    one: {
      url: (source, id) =>
        `${siteUrl(source)}/${encodeURIComponent(id)}?mode=json`,
      read: (got) => parsePosting(parseJsonBody(got, vendor, Job)),
    },
  });
}

function parsePosting(job: z.infer<typeof Job>): Posting {
  const { categories, salaryRange } = job;
  // A list's content is its items without the list around them.
  const lists = (job.lists ?? []).map(({ text, content }) =>
    section(text, content?.trim() ? `<ul>${content}</ul>` : ""),
  );
  return {
    id: job.id,
    title: job.text,
    url: job.hostedUrl,
    changedAt: parseDate(job.createdAt),
    location: joinNames(
      categories?.location,
      ...(categories?.allLocations ?? []).slice(0, mostParts),
    ),
    department: joinNames(categories?.department, categories?.team),
    employmentType: categories?.commitment,
    workplace: workplaces[job.workplaceType ?? ""],
    compensation: formatPay({
      ...salaryRange,
      per: salaryRange?.interval?.replaceAll("-", " "),
    }),
    html: [job.description ?? "", ...lists, job.additional ?? ""].join(""),
  };
}
