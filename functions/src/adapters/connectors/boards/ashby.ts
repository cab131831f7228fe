import { z } from "zod";
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
  type Workplace,
} from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const ashbyDefinition = defineConnector({
  kind: "ashby",
  settings: {},
  connect: ashby,
});

const { name: vendor } = sourceFacts.ashby;

/** A posting of a board (Ashby, Public Job Posting API). */
const Job = z.object({
  id: z.string().min(1),
  title: z.string(),
  jobUrl: z.url(),
  isListed: z.boolean().nullish(),
  publishedAt: z.string().nullish(),
  location: z.string().nullish(),
  secondaryLocations: z
    .array(z.object({ location: z.string().nullish() }))
    .nullish(),
  department: z.string().nullish(),
  team: z.string().nullish(),
  employmentType: z.string().nullish(),
  isRemote: z.boolean().nullish(),
  workplaceType: z.string().nullish(),
  descriptionHtml: z.string().nullish(),
  shouldDisplayCompensationOnJobPostings: z.boolean().nullish(),
  compensation: z
    .object({ compensationTierSummary: z.string().nullish() })
    .nullish(),
});
type Job = z.infer<typeof Job>;

const Board = z.object({ jobs: z.array(z.unknown()) });

const workplaces: Readonly<Record<string, Workplace>> = {
  Remote: "remote",
  Hybrid: "hybrid",
  OnSite: "on-site",
};

/** The postings of a company's Ashby job board; those that are reached by their link alone are left out. */
export function ashby(reach: Reach): Connector {
  return jobBoard("ashby", reach, {
    boardName: ({ board }) => board,
    listUrl: ({ board }) =>
      `https://api.ashbyhq.com/posting-api/job-board/${board}?includeCompensation=true`,
    list: (got) => {
      const { jobs } = parseJsonBody(got, vendor, Board);
      const { read, dropped } = parseEach(jobs, Job);
      const listed = read.filter(({ isListed }) => isListed !== false);
      return { postings: listed.map(parsePosting), dropped, next: null };
    },
  });
}

function parsePosting(job: Job): Posting {
  const places = (job.secondaryLocations ?? []).map((place) => place.location);
  return {
    id: job.id,
    title: job.title,
    url: job.jobUrl,
    changedAt: toItemDate(job.publishedAt ?? undefined),
    location: joinNames(job.location, ...places.slice(0, mostParts)),
    department: joinNames(job.department, job.team),
    // "FullTime", "PartTime", "Intern", "Contract", "Temporary".
    employmentType: job.employmentType?.replace(/(?<=[a-z])(?=[A-Z])/g, " "),
    workplace:
      workplaces[job.workplaceType ?? ""] ?? (job.isRemote ? "remote" : null),
    compensation:
      job.shouldDisplayCompensationOnJobPostings === false
        ? null
        : job.compensation?.compensationTierSummary,
    html: job.descriptionHtml ?? "",
  };
}
