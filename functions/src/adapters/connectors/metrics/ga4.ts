import { createSign } from "node:crypto";
import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { secondMs } from "../../../domain/kernel/instant.ts";
import type { Connector } from "../../../ports/sources.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import { Day, Figure, metrics } from "./parts/metrics.ts";
import { defineConnector } from "../definition.ts";
import { type Grant, parseKey, unusableKey, withToken } from "../oauth.ts";
import { parseEach } from "../parseEach.ts";
import { type Reach, vendorFor } from "../reach.ts";

export const ga4Definition = defineConnector({
  kind: "ga4",
  settings: {},
  connect: ga4,
});

const tokenUrl = "https://oauth2.googleapis.com/token";
const scope = "https://www.googleapis.com/auth/analytics.readonly";

/** The most that Google lets a signed request live, in seconds (Using OAuth 2.0 for Server to Server Applications). */
const assertionSeconds = 3600;

/** The part of a service account's key file that is used. */
const ServiceAccount = z.object({
  client_email: z.string().min(3),
  private_key: z.string().startsWith("-----BEGIN"),
});
type ServiceAccount = z.infer<typeof ServiceAccount>;

/** A report (Google Analytics Data API v1beta, RunReportResponse); without any figures it has no rows. */
const Report = z.object({
  metricHeaders: z.array(z.object({ name: z.string() })).default([]),
  rows: z.array(z.unknown()).default([]),
  kind: z.literal("analyticsData#runReport"),
});

const Row = z.object({
  dimensionValues: z.tuple([z.object({ value: Day })]),
  metricValues: z.array(z.object({ value: Figure }).catch({ value: null })),
});

const called = {
  sessions: "Sessions",
  totalUsers: "Users",
  keyEvents: "Key events",
} as const;

/** What moves on a Google Analytics 4 property: sessions, users and key events. */
export function ga4(reach: Reach): Connector {
  const vendor = vendorFor("ga4", reach);
  const ask = withToken("ga4", vendor, {
    now: reach.now,
    grant: () => grantTo(parseKey("ga4", vendor, ServiceAccount), reach.now()),
  });
  return metrics(
    {
      kind: "ga4",
      metrics: called,
      of: ({ propertyId }) => ({
        id: propertyId,
        page: `https://analytics.google.com/analytics/web/#/p${propertyId}/reports/reportinghub`,
      }),
      isLate: false,
      async read({ propertyId }, { from, to }, signal) {
        const url = `https://analyticsdata.googleapis.com/v1beta/properties/${propertyId}:runReport`;
        const json = {
          dateRanges: [{ startDate: from, endDate: to }],
          dimensions: [{ name: "date" }],
          metrics: Object.keys(called).map((name) => ({ name })),
          keepEmptyRows: true,
        };
        const got = await ask(url, { signal, json });
        if (isGone(got))
          throw new PermanentError(
            "not-found",
            `${vendor.name} has no property ${propertyId}`,
          );
        const { metricHeaders, rows } = parseJsonBody(got, vendor.name, Report);
        const { read, dropped } = parseEach(rows, Row);
        const days = read.map(({ dimensionValues: [date], metricValues }) => ({
          day: date.value,
          figures: Object.fromEntries(
            metricHeaders.map(({ name }, i) => [
              name,
              metricValues[i]?.value ?? null,
            ]),
          ),
        }));
        return { read: days, dropped };
      },
    },
    reach.now,
  );
}

/** A token for a service account, asked for by a signed assertion (RFC 7523, section 2.1). */
function grantTo(account: ServiceAccount, now: Date): Grant {
  const issuedAt = Math.floor(now.getTime() / secondMs);
  const claims = {
    iss: account.client_email,
    scope,
    aud: tokenUrl,
    iat: issuedAt,
    exp: issuedAt + assertionSeconds,
  };
  const signed = [{ alg: "RS256", typ: "JWT" }, claims]
    .map(encodePart)
    .join(".");
  return {
    url: tokenUrl,
    form: {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: `${signed}.${signAssertion(signed, account.private_key)}`,
    },
  };
}

function signAssertion(text: string, key: string): string {
  try {
    return createSign("RSA-SHA256").update(text).sign(key, "base64url");
  } catch {
    throw unusableKey("ga4", 'its field "private_key" is no key in PEM');
  }
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
