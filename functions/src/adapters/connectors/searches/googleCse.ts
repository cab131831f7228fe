import { z } from "zod";
import {
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../../../domain/kernel/errors.ts";
import { addMs, dayMs, hourMs } from "../../../domain/kernel/instant.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import { parseJson } from "../../web/json.ts";
import { defineConnector } from "../definition.ts";
import { toItemDate } from "../item.ts";
import { parseEach } from "../parseEach.ts";
import { type Reach, vendorFor } from "../reach.ts";
import {
  askSearch,
  heeding,
  newsSearch,
  quoteVendor,
} from "./parts/searchResults.ts";
import { statedDate } from "./parts/statedDate.ts";

export const googleCseDefinition = defineConnector({
  kind: "google_cse",
  settings: {},
  connect: googleCse,
});

const { name, endsAt } = sourceFacts.google_cse;

const Result = z.object({
  link: z.url({ protocol: /^https?$/ }),
  title: z.string().min(1),
  snippet: z.string().optional(),
  displayLink: z.string().optional(),
  pagemap: z
    .object({ metatags: z.array(z.record(z.string(), z.unknown())).optional() })
    .optional(),
});

/** An answer, without `items` where nothing was found (Custom Search JSON API, Search). */
const Search = z.object({
  kind: z.literal("customsearch#search"),
  items: z.array(z.unknown()).default([]),
});

/** What Google's APIs say where they refuse (Google Cloud APIs, Errors). */
const Refusal = z.object({
  error: z.object({
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

/** Where pages say in their head when they were published, as the search hands it on. */
const dateTags = [
  "article:published_time",
  "og:published_time",
  "datepublished",
  "date",
];

/** Pages that name the account, by a Programmable Search Engine of the tenant's. */
export function googleCse(reach: Reach): Connector {
  const vendor = vendorFor(
    "google_cse",
    heeding(reach, (got) => toRefusal(got, reach.now())),
  );
  return newsSearch(
    "google_cse",
    reach,
    async ({ query, engine }, { days, signal }) => {
      if (endsAt !== undefined && reach.now() >= endsAt)
        throw new PermanentError(
          "refused-by-vendor",
          `${name} ended on ${endsAt.toISOString().slice(0, 10)}; use Serper, NewsAPI or GDELT instead`,
        );
      const asked = new URLSearchParams({
        cx: engine,
        q: query,
        dateRestrict: `d${days}`,
        sort: "date",
      });
      const got = await askSearch(
        vendor,
        `https://www.googleapis.com/customsearch/v1?${asked}`,
        { signal, headers: { "x-goog-api-key": vendor.key() } },
      );
      const { items } = parseJsonBody(got, name, Search);
      const { read, dropped } = parseEach(items, Result);
      const results = read.map((result) => ({
        url: result.link,
        title: result.title,
        outlet: siteName(result),
        ...datedText(result, reach.now()),
      }));
      return { read: results, dropped };
    },
  );
}

function siteName({
  pagemap,
  displayLink,
}: z.infer<typeof Result>): string | null {
  const site = pagemap?.metatags?.[0]?.["og:site_name"];
  return typeof site === "string" && site.trim() !== ""
    ? site
    : ((displayLink ?? null)?.replace(/^www\./u, "") ?? null);
}

/** The snippet, and the date that the page's head or else the beginning of the snippet states: "Nov 20, 2026 ... Text". */
function datedText(
  { pagemap, snippet = "" }: z.infer<typeof Result>,
  now: Date,
) {
  const stated = /^(.{5,20}?) (?:\.{3}|…|·) (.*)$/su.exec(snippet);
  const inSnippet = statedDate(stated?.[1], now);
  const tags = pagemap?.metatags?.[0] ?? {};
  const inHead = dateTags
    .map((tag) => tags[tag])
    .map((value) =>
      typeof value === "string"
        ? (statedDate(value, now) ?? toItemDate(value))
        : null,
    )
    .find((date) => date !== null);
  return {
    publishedAt: inHead ?? inSnippet,
    snippet: inSnippet === null ? snippet : (stated?.[2] ?? ""),
  };
}

function toRefusal(got: WebResponse, now: Date): Error | null {
  const error = refusalIn(got);
  if (error === null) return null;
  const reasons = [...(error.errors ?? []), ...(error.details ?? [])].map(
    ({ reason }) => reason,
  );
  const message = `${name}: ${quoteVendor(error.message)}`;
  const isSpent =
    error.status === "RESOURCE_EXHAUSTED" ||
    reasons.some((r) => /limit|quota/iu.test(r ?? ""));
  if (isSpent)
    return new RetryableError("vendor-busy", message, {
      retryAfterMs:
        retryAfterMs(got.headers.get("retry-after"), now) ?? untilReset(now),
    });
  if (reasons.includes("API_KEY_INVALID"))
    return new PermanentError("vendor-auth", message);
  return got.status === 400
    ? new PermanentError("refused-by-vendor", message)
    : null;
}

/** A day's quota is given anew at midnight in Pacific time: 8:00 UTC, an hour earlier in summer. */
function untilReset(now: Date): number {
  return dayMs - (addMs(now, -8 * hourMs).getTime() % dayMs);
}

function refusalIn(got: WebResponse): z.infer<typeof Refusal>["error"] | null {
  if (got.status < 400) return null;
  try {
    const json: unknown = parseJson(new TextDecoder().decode(got.body));
    return Refusal.safeParse(json).data?.error ?? null;
  } catch {
    return null;
  }
}
