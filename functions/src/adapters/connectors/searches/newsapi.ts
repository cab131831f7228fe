import { z } from "zod";
import {
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../../../domain/kernel/errors.ts";
import { addMs, dayMs } from "../../../domain/kernel/instant.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import { parseJson } from "../../web/json.ts";
import { fragmentToText } from "../../text/documents/html.ts";
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

export const newsapiDefinition = defineConnector({
  kind: "newsapi",
  settings: {},
  connect: newsapi,
});

const { name } = sourceFacts.newsapi;

/** An article as NewsAPI lists it (NewsAPI v2, Everything, Response object). */
const Article = z.object({
  url: z.url({ protocol: /^https?$/ }),
  title: z.string().min(1),
  publishedAt: z.string(),
  source: z.object({ name: z.string().nullish() }).nullish(),
  description: z.string().nullish(),
  /** The beginning of the text, cut after 200 characters: "… [+1234 chars]". */
  content: z.string().nullish(),
});

const Everything = z.object({
  status: z.literal("ok"),
  articles: z.array(z.unknown()),
});

/** What NewsAPI says where it refuses (NewsAPI v2, Errors). */
const Refusal = z.object({
  status: z.literal("error"),
  code: z.string(),
  message: z.string().optional(),
});

/** News that name the account, by NewsAPI's "everything". */
export function newsapi(reach: Reach): Connector {
  const vendor = vendorFor(
    "newsapi",
    heeding(reach, (got) => toRefusal(got, reach.now())),
  );
  return newsSearch(
    "newsapi",
    reach,
    async ({ query, language }, { days, signal }) => {
      const asked = new URLSearchParams({
        q: query,
        sortBy: "publishedAt",
        pageSize: "100",
        from: addMs(reach.now(), -days * dayMs)
          .toISOString()
          .slice(0, 19),
        ...(language === undefined ? {} : { language }),
      });
      const got = await askSearch(
        vendor,
        `https://newsapi.org/v2/everything?${asked}`,
        { signal, headers: { "x-api-key": vendor.key() } },
      );
      const { articles } = parseJsonBody(got, name, Everything);
      const { read, dropped } = parseEach(articles, Article);
      const results = await Promise.all(
        // What its publisher has withdrawn stays in the list under this title.
        read
          .filter(({ title }) => title !== "[Removed]")
          .map(async (article) => ({
            url: article.url,
            title: article.title,
            outlet: article.source?.name ?? null,
            publishedAt: toItemDate(article.publishedAt),
            snippet: await snippet(article),
          })),
      );
      return { read: results, dropped };
    },
  );
}

/** The longer of the two texts that it brings. */
async function snippet(article: z.infer<typeof Article>): Promise<string> {
  const content = (article.content ?? "").replace(/\[\+\d+ chars\]\s*$/u, "");
  const description = article.description ?? "";
  return fragmentToText(
    content.length > description.length ? content : description,
  );
}

function toRefusal(got: WebResponse, now: Date): Error | null {
  const said = refusalIn(got);
  if (said === null) return null;
  const message = `${name}: ${said.code}: ${quoteVendor(said.message)}`;
  if (said.code.startsWith("apiKey") && said.code !== "apiKeyExhausted")
    return new PermanentError("vendor-auth", message);
  if (["rateLimited", "apiKeyExhausted"].includes(said.code))
    return new RetryableError("vendor-busy", message, {
      // A plan's requests are counted by the day.
      retryAfterMs:
        retryAfterMs(got.headers.get("retry-after"), now) ??
        dayMs - (now.getTime() % dayMs),
    });
  return said.code === "unexpectedError" || got.status >= 500
    ? new RetryableError("vendor-down", message)
    : new PermanentError("refused-by-vendor", message);
}

function refusalIn(got: WebResponse): z.infer<typeof Refusal> | null {
  try {
    const json: unknown = parseJson(new TextDecoder().decode(got.body));
    return Refusal.safeParse(json).data ?? null;
  } catch {
    return null;
  }
}
