import { z } from "zod";
import {
  PermanentError,
  RetryableError,
} from "../../../domain/kernel/errors.ts";
import { secondMs } from "../../../domain/kernel/instant.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
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

export const gdeltDefinition = defineConnector({
  kind: "gdelt",
  settings: {},
  connect: gdelt,
});

const { name } = sourceFacts.gdelt;

/** An article as GDELT lists it (GDELT DOC 2.0 API, mode ArtList, format JSON). */
const Article = z.object({
  url: z.url({ protocol: /^https?$/ }),
  title: z.string().min(1),
  /** When GDELT first saw it: 20261120T101500Z. */
  seendate: z.string(),
  domain: z.string().optional(),
});

const Articles = z.object({ articles: z.array(z.unknown()) });

/** News of the whole world that name the account, by the DOC 2.0 API of the GDELT Project. */
export function gdelt(reach: Reach): Connector {
  const vendor = vendorFor("gdelt", heeding(reach, toRefusal));
  return newsSearch("gdelt", reach, async ({ query }, { days, signal }) => {
    const asked = new URLSearchParams({
      query,
      mode: "artlist",
      format: "json",
      sort: "datedesc",
      maxrecords: "75",
      timespan: `${days}d`,
    });
    const got = await askSearch(
      vendor,
      `https://api.gdeltproject.org/api/v2/doc/doc?${asked}`,
      { signal },
    );
    const text = new TextDecoder().decode(got.body).trim();
    // So it says that it found nothing.
    if (text === "{}") return { read: [], dropped: [] };
    const body = new TextEncoder().encode(withoutIllegal(text));
    const { articles } = parseJsonBody({ ...got, body }, name, Articles);
    const { read, dropped } = parseEach(articles, Article);
    const results = read.map((article) => ({
      url: article.url,
      title: article.title,
      outlet: article.domain ?? null,
      publishedAt: toItemDate(article.seendate),
      snippet: "",
    }));
    return { read: results, dropped };
  });
}

/** GDELT answers 200 with a sentence in the place of JSON, to a query that it cannot run as to whoever asks too fast. */
function toRefusal(got: WebResponse): Error | null {
  if (got.status !== 200) return null;
  const text = new TextDecoder().decode(got.body.subarray(0, 2000)).trim();
  if (/limit requests|too many requests/iu.test(text))
    return new RetryableError("vendor-busy", `${name}: ${quoteVendor(text)}`, {
      retryAfterMs: 5 * secondMs,
    });
  const isSentence = /^[A-Z][^<>{}\n]{5,299}\.$/u.test(text);
  return isSentence
    ? new PermanentError("refused-by-vendor", `${name}: ${quoteVendor(text)}`)
    : null;
}

/** Titles come as they were found: control characters and lone backslashes in them, which JSON does not allow. */
function withoutIllegal(json: string): string {
  return json
    .replace(/\p{Cc}/gu, " ")
    .replace(/\\(["\\/bfnrtu])?/gu, (escape, kind: string | undefined) =>
      kind === undefined ? "\\\\" : escape,
    );
}
