import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import { defineConnector } from "../definition.ts";
import { parseEach } from "../parseEach.ts";
import { type Reach, vendorFor } from "../reach.ts";
import { askSearch, heeding, newsSearch } from "./parts/searchResults.ts";
import { statedDate } from "./parts/statedDate.ts";

export const serperDefinition = defineConnector({
  kind: "serper",
  settings: {},
  connect: serper,
});

const { name } = sourceFacts.serper;

/** A result as Serper lists it (Serper, News). */
const Result = z.object({
  link: z.url({ protocol: /^https?$/ }),
  title: z.string().min(1),
  snippet: z.string().optional(),
  /** "3 hours ago" or "Nov 20, 2026". */
  date: z.string().optional(),
  source: z.string().optional(),
});

const News = z.object({
  searchParameters: z.object({}),
  news: z.array(z.unknown()).default([]),
});

/** Google News that name the account, by Serper. */
export function serper(reach: Reach): Connector {
  const vendor = vendorFor("serper", heeding(reach, toRefusal));
  return newsSearch(
    "serper",
    reach,
    async ({ query, country }, { days, signal }) => {
      const got = await askSearch(vendor, "https://google.serper.dev/news", {
        signal,
        headers: { "x-api-key": vendor.key() },
        json: {
          q: query,
          num: 20,
          tbs: days > 7 ? "qdr:m" : "qdr:w",
          ...(country === undefined ? {} : { gl: country.toLowerCase() }),
        },
      });
      const { news } = parseJsonBody(got, name, News);
      const { read, dropped } = parseEach(news, Result);
      const results = read.map((result) => ({
        url: result.link,
        title: result.title,
        outlet: result.source ?? null,
        publishedAt: statedDate(result.date, reach.now()),
        snippet: result.snippet ?? "",
      }));
      return { read: results, dropped };
    },
  );
}

/** Spent credits are bought anew by a person; waiting does not bring them back. */
function toRefusal(got: WebResponse): Error | null {
  if (got.status !== 400) return null;
  const text = new TextDecoder().decode(got.body);
  return /not enough credits/iu.test(text)
    ? new PermanentError("refused-by-vendor", `${name}: Not enough credits`)
    : null;
}
