import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { budgets } from "../../text/budgets.ts";
import { decodeText } from "../../text/documents/charset.ts";
import { unescapeHtml } from "../../text/documents/html.ts";
import { countNodes } from "../../text/documents/nodes.ts";
import type { WebResponse } from "../../web/fetch.ts";
import { loggableUrl } from "../../web/url.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate } from "../item.ts";
import { jobBoard } from "./parts/jobBoard.ts";
import { parseEach } from "../parseEach.ts";
import {
  joinNames,
  mostParts,
  formatPay,
  type Posting,
  section,
} from "./parts/postings.ts";
import type { Reach } from "../reach.ts";

export const personioDefinition = defineConnector({
  kind: "personio",
  settings: {},
  connect: personio,
});

const { name: vendor } = sourceFacts.personio;

/** An element's text: escaped as XML is, or in CDATA sections as it stands. */
const Text = z.union([
  z.string().transform(unescapeHtml),
  z
    .object({ "#cdata": z.union([z.string(), z.array(z.string())]) })
    .transform((element) => [element["#cdata"]].flat().join("")),
]);

/** An element without content is read as an empty text. */
const Empty = z.literal("");

/** A posting of the feed (Personio developer hub, Recruiting API, XML: Retrieve open positions). */
const Position = z.object({
  id: z.string().regex(/^\d+$/),
  name: Text,
  subcompany: Text.optional(),
  office: Text.optional(),
  additionalOffices: z
    .union([z.object({ office: z.array(Text) }), Empty])
    .optional(),
  department: Text.optional(),
  employmentType: Text.optional(),
  schedule: Text.optional(),
  createdAt: z.string().optional(),
  jobDescriptions: z
    .union([
      z.object({
        jobDescription: z.array(
          z.object({ name: Text.optional(), value: Text.optional() }),
        ),
      }),
      Empty,
    ])
    .optional(),
  salaryInformation: z
    .union([
      z.object({
        min: z.string().optional(),
        max: z.string().optional(),
        currencyCode: z.string().optional(),
        type: z.string().optional(),
      }),
      Empty,
    ])
    .optional(),
});
type Position = z.infer<typeof Position>;

const Feed = z.object({
  "workzag-jobs": z.union([
    z.object({ position: z.array(z.unknown()).default([]) }),
    Empty,
  ]),
});

const lists = [
  "workzag-jobs.position",
  "workzag-jobs.position.additionalOffices.office",
  "workzag-jobs.position.jobDescriptions.jobDescription",
];

/** The postings of a company's Personio careers page, each in the language in which it is told there. */
export function personio(reach: Reach): Connector {
  const siteUrl = (source: {
    readonly company: string;
    readonly domain?: "de" | "com" | undefined;
  }) => `https://${source.company}.jobs.personio.${source.domain ?? "de"}`;
  return jobBoard("personio", reach, {
    boardName: ({ company }) => company,
    listUrl: (source) => `${siteUrl(source)}/xml`,
    list: async (got, source) => {
      const { read, dropped } = parseEach(await parsePositions(got), Position);
      const site = siteUrl(source);
      const postings = read.map((position) => parsePosting(position, site));
      return { postings, dropped, next: null };
    },
  });
}

/** The feed's positions. Companies that have left are redirected to Personio's own pages: anything but a whole feed is refused. */
async function parsePositions(got: WebResponse): Promise<readonly unknown[]> {
  const { XMLParser } = await import("fast-xml-parser");
  const xml = decodeText(got.body, got.headers.get("content-type") ?? "");
  const toBadAnswer = (why: string, cause?: unknown) =>
    new PermanentError(
      "bad-answer",
      `${vendor}: ${loggableUrl(got.url)} ${why}`,
      {
        cause,
      },
    );
  const root = xml.indexOf("<workzag-jobs");
  if (root === -1 || !/<\/workzag-jobs>\s*$|\/>\s*$/.test(xml.slice(-200)))
    throw toBadAnswer("is not a feed of positions");
  if (/<!DOCTYPE/i.test(xml.slice(0, root)))
    throw toBadAnswer("has a document type, which is not read");
  if (countNodes(xml) > budgets.xmlNodes)
    throw new PermanentError(
      "too-large",
      `${vendor}: ${loggableUrl(got.url)} has more elements than a feed of positions`,
    );
  const parser = new XMLParser({
    parseTagValue: false,
    processEntities: false,
    cdataPropName: "#cdata",
    isArray: (_name, path) => lists.includes(String(path)),
  });
  try {
    const { "workzag-jobs": feed } = Feed.parse(parser.parse(xml));
    return feed === "" ? [] : feed.position;
  } catch (cause) {
    throw toBadAnswer("is not a feed of positions", cause);
  }
}

function parsePosting(position: Position, site: string): Posting {
  const offices = position.additionalOffices || { office: [] };
  const descriptions = position.jobDescriptions || { jobDescription: [] };
  const salary = position.salaryInformation || {};
  return {
    id: position.id,
    title: position.name,
    url: `${site}/job/${position.id}`,
    company: position.subcompany,
    changedAt: toItemDate(position.createdAt),
    location: joinNames(position.office, ...offices.office.slice(0, mostParts)),
    department: position.department,
    employmentType: joinNames(position.employmentType, position.schedule),
    compensation: formatPay({
      ...salary,
      currency: salary.currencyCode,
      per: salary.type,
    }),
    html: descriptions.jobDescription
      .map(({ name, value }) => section(name, value))
      .join(""),
  };
}
