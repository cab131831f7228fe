import { z } from "zod";
import {
  PermanentError,
  RetryableError,
} from "../../../domain/kernel/errors.ts";
import type { Connector } from "../../../ports/sources.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import { Day, Figure, metrics } from "./parts/metrics.ts";
import { defineConnector } from "../definition.ts";
import { parseKey, withToken } from "../oauth.ts";
import { parseEach } from "../parseEach.ts";
import { type Reach, type Vendor, vendorFor } from "../reach.ts";

export const youtubeDefinition = defineConnector({
  kind: "youtube",
  settings: {},
  connect: youtube,
});

const Key = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  refreshToken: z.string().min(1),
});

/** A table, its first column the day (YouTube Analytics API, Reports: query); without any figures it has no rows. */
const Table = z.object({
  kind: z.literal("youtubeAnalytics#resultTable"),
  columnHeaders: z.array(z.object({ name: z.string() })),
  rows: z.array(z.unknown()).default([]),
});

const Row = z.tuple([Day], Figure);

const Refusal = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })) }),
});

/** With 403 these mean that too much was asked, not that nothing may be (YouTube APIs, Errors: global domain). */
const busy: readonly string[] = [
  "quotaExceeded",
  "dailyLimitExceeded",
  "rateLimitExceeded",
  "userRateLimitExceeded",
];

const called = {
  views: "YouTube views",
  subscribersGained: "YouTube subscribers gained",
  subscribersLost: "YouTube subscribers lost",
  estimatedMinutesWatched: "YouTube minutes watched",
} as const;

/** What moves on a YouTube channel: views, subscribers who come and go, minutes watched. */
export function youtube(reach: Reach): Connector {
  const vendor = vendorFor("youtube", reach);
  const ask = withToken("youtube", vendor, {
    now: reach.now,
    grant: () => {
      const key = parseKey("youtube", vendor, Key);
      return {
        url: "https://oauth2.googleapis.com/token",
        form: {
          grant_type: "refresh_token",
          client_id: key.clientId,
          client_secret: key.clientSecret,
          refresh_token: key.refreshToken,
        },
      };
    },
  });
  return metrics(
    {
      kind: "youtube",
      metrics: called,
      of: ({ channelId }) => ({
        id: channelId,
        page: `https://studio.youtube.com/channel/${channelId}/analytics`,
      }),
      // It answers with no day for which one of the metrics is still to come.
      isLate: true,
      async read({ channelId }, { from, to }, signal) {
        const query = new URLSearchParams({
          ids: `channel==${channelId}`,
          startDate: from,
          endDate: to,
          metrics: Object.keys(called).join(","),
          dimensions: "day",
          sort: "day",
        });
        const url = `https://youtubeanalytics.googleapis.com/v2/reports?${query}`;
        const got = await ask(url, { signal, reads: [403] });
        if (isGone(got))
          throw new PermanentError(
            "not-found",
            `${vendor.name} has no channel ${channelId}`,
          );
        if (got.status === 403) throw toRefusal(got, vendor);
        const { columnHeaders, rows } = parseJsonBody(got, vendor.name, Table);
        const { read, dropped } = parseEach(rows, Row);
        const days = read.map(([day, ...values]) => ({
          day,
          figures: Object.fromEntries(
            columnHeaders
              .slice(1)
              .map(({ name }, i) => [name, values[i] ?? null]),
          ),
        }));
        return { read: days, dropped };
      },
    },
    reach.now,
  );
}

function toRefusal(got: WebResponse, { name }: Vendor): Error {
  const { error } = parseJsonBody(got, name, Refusal);
  const reasons = error.errors.map(({ reason }) => reason);
  const why = `${name} answered 403 (${reasons.join(", ").slice(0, 200)})`;
  return reasons.some((reason) => busy.includes(reason))
    ? new RetryableError("vendor-busy", why)
    : new PermanentError("vendor-auth", why);
}
