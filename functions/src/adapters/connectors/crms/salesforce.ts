import { z } from "zod";
import {
  PermanentError,
  RetryableError,
} from "../../../domain/kernel/errors.ts";
import { minuteMs } from "../../../domain/kernel/instant.ts";
import type { Connector } from "../../../ports/sources.ts";
import { isGone, jsonOf } from "../../web/answer.ts";
import type { Got } from "../../web/fetch.ts";
import {
  amountShown,
  changedSince,
  type CrmRecord,
  eventItem,
  eventsSince,
  eventText,
} from "./parts/crmEvents.ts";
import { cut } from "../item.ts";
import { keyOf, withToken } from "../oauth.ts";
import { assertSomeRead, leavingOut, parseEach } from "../parseEach.ts";
import { ours, type Reach, vendorOf } from "../reach.ts";
import {
  Answer,
  Contact,
  hiddenBy,
  List,
  ofAccount,
  ofContact,
  ofOpportunity,
  Opportunity,
  queryOf,
} from "./parts/salesforceRecords.ts";

const version = "v64.0";

/** Pages of one list of records, 2,000 each as a rule. */
const mostPages = 50;

/** The requests of the last 24 hours are spent (API Request Limits and Allocations): some come free as those age. */
const spentForMs = 15 * minuteMs;

/** The org's My Domain, and an External Client App (or an older connected app) that may sign in there by the client credentials flow. */
const Key = z.object({
  instanceUrl: z
    .url({ protocol: /^https$/ })
    .transform((url) => new URL(url).origin),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});

const Faults = z
  .array(z.object({ errorCode: z.string(), message: z.string() }))
  .catch([]);

/** Salesforce answers these with 400 or 403, though trying again helps (REST API Developer Guide, Status Codes and Error Responses). */
const passing: readonly string[] = [
  "REQUEST_LIMIT_EXCEEDED",
  "SERVER_UNAVAILABLE",
  "QUERY_TIMEOUT",
];

/** What happens to an account in Salesforce: its opportunities, its contacts and the account itself. */
export function salesforce(reach: Reach): Connector {
  const vendor = vendorOf("salesforce", reach);
  const key = () => keyOf("salesforce", vendor, Key);
  const ask = withToken("salesforce", vendor, {
    now: reach.now,
    grant: () => {
      const { instanceUrl, clientId, clientSecret } = key();
      return {
        url: `${instanceUrl}/services/oauth2/token`,
        form: {
          grant_type: "client_credentials",
          client_id: clientId,
          client_secret: clientSecret,
        },
      };
    },
  });

  async function get<T>(
    path: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const url = `${key().instanceUrl}${path}`;
    const got = await ask(url, { signal, reads: [400, 403] });
    if (got.status === 400 || got.status === 403 || isGone(got))
      throw refusalOf(got, vendor.name);
    return jsonOf(got, vendor.name, schema);
  }

  /** What the run-as user was seen not to be shown; asked for again when the process is another. */
  const hidden = new Set<string>();

  /** The account by one query; where a field or list of it may not be read, without that. */
  async function accountOf(
    accountId: string,
    cursor: Readonly<Record<string, string>> | null,
    signal: AbortSignal,
  ) {
    for (;;) {
      const since = (kind: string) => changedSince(kind, cursor);
      const soql = queryOf(accountId, since, hidden);
      const path = `/services/data/${version}/query?q=${encodeURIComponent(soql)}`;
      try {
        return (await get(path, Answer, signal)).records[0];
      } catch (error) {
        const denied =
          error instanceof PermanentError ? hiddenBy(error.message) : null;
        if (denied === null || hidden.has(denied)) throw error;
        hidden.add(denied);
      }
    }
  }

  /** The records of a list, with those of its further pages. */
  async function allOf(
    list: List | null | undefined,
    signal: AbortSignal,
  ): Promise<readonly unknown[]> {
    const records = [...(list?.records ?? [])];
    let next = list?.nextRecordsUrl;
    for (let page = 1; next !== undefined && page < mostPages; page++) {
      const more = await get(next, List, signal);
      for (const record of more.records) records.push(record);
      next = more.nextRecordsUrl;
    }
    return records;
  }

  return {
    kind: "salesforce",

    async look(from, cursor, signal) {
      const { accountId } = ours("salesforce", from);
      const account = await accountOf(accountId, cursor, signal);
      if (account === undefined)
        throw new PermanentError(
          "not-found",
          `${vendor.name} shows its app no account ${accountId}`,
        );
      const { Opportunities, Contacts } = account;
      const deals = parseEach(await allOf(Opportunities, signal), Opportunity);
      const people = parseEach(await allOf(Contacts, signal), Contact);
      const records = [
        ...deals.read.map(ofOpportunity),
        ...people.read.map(ofContact),
      ];
      const dropped = [...deals.dropped, ...people.dropped];
      assertSomeRead({ read: records, dropped }, vendor.name);
      const seen = eventsSince(
        cursor,
        [ofAccount(account), ...records],
        reach.now(),
      );
      const telling = {
        source: "salesforce" as const,
        company: cut(account.Name ?? `Account ${accountId}`, 120),
        shown: (field: string, value: string) =>
          field === "amount" ? amountShown(value) : value,
        link: ({ itemId }: CrmRecord) => `${key().instanceUrl}/${itemId}`,
      };
      return {
        items: seen.events.map((event) => eventItem(event, telling)),
        cursor: seen.cursor,
        ...leavingOut(dropped),
      };
    },

    fetch: async (item, from) =>
      eventText(
        item,
        ours("salesforce", from),
        "https://login.salesforce.com/",
      ),
  };
}

function refusalOf(got: Got, name: string): Error {
  const faults = jsonOf(got, name, Faults);
  const why = faults
    .map(({ errorCode, message }) => `${errorCode}: ${message}`)
    .join("; ")
    .slice(0, 1000);
  const said = `${name} answered ${got.status} (${why || "no reason given"})`;
  const codes = faults.map(({ errorCode }) => errorCode);
  if (codes.some((code) => passing.includes(code))) {
    const isSpent = codes.includes("REQUEST_LIMIT_EXCEEDED");
    return new RetryableError("vendor-busy", said, {
      retryAfterMs: isSpent ? spentForMs : null,
    });
  }
  return new PermanentError(
    got.status === 403 ? "vendor-auth" : "refused-by-vendor",
    said,
  );
}
