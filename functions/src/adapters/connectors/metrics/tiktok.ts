import { z } from "zod";
import {
  PermanentError,
  RetryableError,
} from "../../../domain/kernel/errors.ts";
import { toDateText, toDay } from "../../../domain/kernel/instant.ts";
import type { Connector } from "../../../ports/sources.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import {
  Day,
  type DailyFigures,
  Figure,
  metrics,
  type Period,
} from "./parts/metrics.ts";
import { defineConnector } from "../definition.ts";
import { parseEach, type ParsedList } from "../parseEach.ts";
import { type Reach, vendorFor } from "../reach.ts";

export const tiktokDefinition = defineConnector({
  kind: "tiktok",
  settings: {},
  connect: tiktok,
});

/** The most days that one report by the day may span (TikTok API for Business, Run a synchronous report). */
const daysPerReport = 30;

/** The `code` of every answer, whatever its status: 0 for what was asked, else what is wrong (TikTok API for Business, Return codes). */
const Answer = z.object({ code: z.int(), message: z.string().default("") });

const Report = z.object({ data: z.object({ list: z.array(z.unknown()) }) });

/** A day of a report; what it counts are numbers in texts, or "-" where there is nothing to count. */
const Row = z.object({
  dimensions: z.object({ stat_time_day: Day }),
  metrics: z.record(
    z.string(),
    z
      .literal("-")
      .transform(() => 0)
      .or(Figure),
  ),
});

const called = {
  spend: "TikTok ad spend",
  impressions: "TikTok ad impressions",
  clicks: "TikTok ad clicks",
  conversion: "TikTok ad conversions",
} as const;

/** What moves in a TikTok ad account: spend, impressions, clicks and conversions. */
export function tiktok(reach: Reach): Connector {
  const vendor = vendorFor("tiktok", reach);

  async function report(
    advertiserId: string,
    { from, to }: Period,
    signal: AbortSignal,
  ): Promise<ParsedList<DailyFigures>> {
    const query = new URLSearchParams({
      advertiser_id: advertiserId,
      report_type: "BASIC",
      data_level: "AUCTION_ADVERTISER",
      dimensions: JSON.stringify(["stat_time_day"]),
      metrics: JSON.stringify(Object.keys(called)),
      start_date: from,
      end_date: to,
      page_size: "1000",
    });
    const url = `https://business-api.tiktok.com/open_api/v1.3/report/integrated/get/?${query}`;
    const headers = { "access-token": vendor.key() };
    const got = await vendor.ask(url, { signal, headers });
    if (isGone(got))
      throw new PermanentError(
        "not-found",
        `${vendor.name} has no such report`,
      );
    const { code, message } = parseJsonBody(got, vendor.name, Answer);
    if (code !== 0) throw toFailure(code, `${vendor.name}: ${message}`);
    const { list } = parseJsonBody(got, vendor.name, Report).data;
    const { read, dropped } = parseEach(list, Row);
    const days = read.map((row) => ({
      day: row.dimensions.stat_time_day,
      figures: row.metrics,
    }));
    return { read: days, dropped };
  }

  return metrics(
    {
      kind: "tiktok",
      metrics: called,
      of: ({ advertiserId }) => ({
        id: advertiserId,
        page: `https://ads.tiktok.com/i18n/dashboard?aadvid=${advertiserId}`,
      }),
      // It leaves out the days without an ad.
      isLate: false,
      async read({ advertiserId }, period, signal) {
        const parts: ParsedList<DailyFigures>[] = [];
        for (const part of reportParts(period))
          parts.push(await report(advertiserId, part, signal));
        return {
          read: parts.flatMap(({ read }) => read),
          dropped: parts.flatMap(({ dropped }) => dropped),
        };
      },
    },
    reach.now,
  );
}

function reportParts({ from, to }: Period): readonly Period[] {
  const [first, last] = [toDay(new Date(from)), toDay(new Date(to))];
  const count = Math.ceil((last - first + 1) / daysPerReport);
  return Array.from({ length: count }, (_, i) => ({
    from: toDateText(first + i * daysPerReport),
    to: toDateText(Math.min(last, first + (i + 1) * daysPerReport - 1)),
  }));
}

/** Too many requests: of the app, of one advertiser, of the endpoint (TikTok API for Business, Return codes). */
const tooMany: readonly number[] = [40016, 40100, 40133];

/** 40001 and 40101 to 40105 are about the token and what it may; from 50000 on it is TikTok that fails. */
function toFailure(code: number, message: string): Error {
  const why = `${message.slice(0, 300)} (code ${code})`;
  if (tooMany.includes(code)) return new RetryableError("vendor-busy", why);
  if (code >= 50_000) return new RetryableError("vendor-down", why);
  const isAboutToken = code === 40001 || (code > 40100 && code <= 40105);
  return new PermanentError(
    isAboutToken ? "vendor-auth" : "refused-by-vendor",
    why,
  );
}
