import { z } from "zod";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate } from "../item.ts";
import { jobBoard } from "./parts/jobBoard.ts";
import { parseEach } from "../parseEach.ts";
import { joinNames, type Posting } from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const workableDefinition = defineConnector({
  kind: "workable",
  settings: {},
  connect: workable,
});

const { name: vendor } = sourceFacts.workable;

/** A posting as the widget for careers pages lists it with its details (Workable, apply.workable.com/api/v1/widget). */
const Job = z.object({
  shortcode: z.string().min(1),
  title: z.string(),
  url: z.url(),
  /** A day, without a time. */
  published_on: z.string().nullish(),
  created_at: z.string().nullish(),
  city: z.string().nullish(),
  state: z.string().nullish(),
  country: z.string().nullish(),
  department: z.string().nullish(),
  employment_type: z.string().nullish(),
  telecommuting: z.boolean().nullish(),
  description: z.string().nullish(),
});

const Account = z.object({
  name: z.string().nullish(),
  jobs: z.array(z.unknown()),
});

/** The postings of a company's Workable account. */
export function workable(reach: Reach): Connector {
  return jobBoard("workable", reach, {
    boardName: ({ account }) => account,
    listUrl: ({ account }) =>
      `https://apply.workable.com/api/v1/widget/accounts/${account}?details=true`,
    list: (got) => {
      const { name, jobs } = parseJsonBody(got, vendor, Account);
      const { read, dropped } = parseEach(jobs, Job);
      const postings = read.map((job) => parsePosting(job, name));
      return { postings, dropped, next: null };
    },
  });
}

function parsePosting(
  job: z.infer<typeof Job>,
  company: string | null | undefined,
): Posting {
  return {
    id: job.shortcode,
    title: job.title,
    url: job.url,
    company,
    changedAt: toItemDate(job.published_on ?? job.created_at ?? undefined),
    location: joinNames(job.city, job.state, job.country),
    department: job.department,
    employmentType: job.employment_type,
    workplace: job.telecommuting ? "remote" : null,
    html: job.description ?? "",
  };
}
