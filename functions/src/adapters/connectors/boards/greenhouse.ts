import { z } from "zod";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { unescapeHtml } from "../../text/documents/html.ts";
import { parseJsonBody } from "../../web/answer.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate } from "../item.ts";
import { jobBoard } from "./parts/jobBoard.ts";
import { parseEach } from "../parseEach.ts";
import { joinNames, mostParts, type Posting } from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const greenhouseDefinition = defineConnector({
  kind: "greenhouse",
  settings: {},
  connect: greenhouse,
});

const { name: vendor } = sourceFacts.greenhouse;

/** A posting as a board lists it (Greenhouse Job Board API, List jobs). */
const Job = z.object({
  id: z.union([z.int(), z.string().min(1)]),
  title: z.string(),
  absolute_url: z.url(),
  updated_at: z
    .string()
    .refine((text) => toItemDate(text) !== null, "is not a date"),
  company_name: z.string().nullish(),
  location: z.object({ name: z.string().nullish() }).nullish(),
});

/** A posting in full: `content` is HTML that has been escaped once more (Greenhouse Job Board API, Retrieve a job). */
const FullJob = Job.extend({
  content: z.string(),
  language: z.string().nullish(),
  departments: z.array(z.object({ name: z.string() })).nullish(),
});

const Board = z.object({ jobs: z.array(z.unknown()) });

/** The postings of a company's Greenhouse job board, by its stamp of their last change. */
export function greenhouse(reach: Reach): Connector {
  const boardUrl = ({ board }: { readonly board: string }) =>
    `https://boards-api.greenhouse.io/v1/boards/${board}/jobs`;
  return jobBoard("greenhouse", reach, {
    boardName: ({ board }) => board,
    listUrl: (source) => `${boardUrl(source)}?content=false`,
    list: (got) => {
      const { jobs } = parseJsonBody(got, vendor, Board);
      const { read, dropped } = parseEach(jobs, Job);
      return { postings: read.map(parsePosting), dropped, next: null };
    },
    one: {
      url: (source, id) => `${boardUrl(source)}/${encodeURIComponent(id)}`,
      read: (got) => {
        const job = parseJsonBody(got, vendor, FullJob);
        return {
          ...parsePosting(job),
          language: job.language,
          department: joinNames(
            ...(job.departments ?? []).slice(0, mostParts).map((d) => d.name),
          ),
          html: unescapeHtml(job.content),
        };
      },
    },
  });
}

function parsePosting(job: z.infer<typeof Job>): Posting {
  return {
    id: String(job.id),
    title: job.title,
    url: job.absolute_url,
    company: job.company_name,
    changedAt: toItemDate(job.updated_at),
    revision: job.updated_at,
    location: job.location?.name,
    html: "",
  };
}
