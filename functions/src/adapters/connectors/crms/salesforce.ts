import { z } from "zod";
import {
  PermanentError,
  RetryableError,
} from "../../../domain/kernel/errors.ts";
import { minuteMs } from "../../../domain/kernel/instant.ts";
import type { Connector } from "../../../ports/sources.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import {
  formatAmount,
  changedSince,
  type CrmRecord,
  eventToItem,
  eventsSince,
  eventText,
} from "./parts/crmEvents.ts";
import { defineConnector } from "../definition.ts";
import { toLine } from "../item.ts";
import { parseKey, withToken } from "../oauth.ts";
import {
  assertSomeRead,
  parseEach,
  type ParsedList,
  withDropped,
} from "../parseEach.ts";
import { sourceOfKind, type Reach, type Vendor, vendorFor } from "../reach.ts";
import {
  Answer,
  Contact,
  hiddenField,
  List,
  accountToRecord,
  contactToRecord,
  opportunityToRecord,
  Opportunity,
  accountQuery,
} from "./parts/salesforceRecords.ts";

export const salesforceDefinition = defineConnector({
  kind: "salesforce",
  settings: {},
  connect: salesforce,
});

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
  const vendor = vendorFor("salesforce", reach);
  const org = orgOfKey(vendor, reach);
  return {
    kind: "salesforce",

    async poll(from, cursor, abortSignal) {
      const { accountId } = sourceOfKind("salesforce", from);
      const asked = { accountId, cursor };
      const account = await fetchAccount(asked, org, abortSignal);
      if (account === undefined)
        throw new PermanentError(
          "not-found",
          `${vendor.name} shows its app no account ${accountId}`,
        );
      const { read, dropped } = await fetchRecords(account, org, abortSignal);
      assertSomeRead({ read, dropped }, vendor.name);
      const changes = eventsSince(
        cursor,
        [accountToRecord(account), ...read],
        reach.now(),
      );
      const words = {
        source: "salesforce" as const,
        company: toLine(account.Name ?? `Account ${accountId}`, 120),
        shown: (field: string, value: string) =>
          field === "amount" ? formatAmount(value) : value,
        link: ({ itemId }: CrmRecord) => `${org.url()}/${itemId}`,
      };
      return {
        items: changes.events.map((event) => eventToItem(event, words)),
        cursor: changes.cursor,
        ...withDropped(dropped),
      };
    },

    fetch: async (item, from) =>
      eventText(
        item,
        sourceOfKind("salesforce", from),
        "https://login.salesforce.com/",
      ),
  };
}

/** One org, as a poll reaches it. */
interface Org {
  /** PermanentError ("vendor-auth") where the key does not say. */
  readonly url: () => string;
  readonly get: <T>(
    path: string,
    schema: z.ZodType<T>,
    abortSignal: AbortSignal,
  ) => Promise<T>;
  /** What the run-as user was seen not to be shown; asked for again when the process is another. */
  readonly hidden: Set<string>;
}

function orgOfKey(vendor: Vendor, { now }: Pick<Reach, "now">): Org {
  const key = () => parseKey("salesforce", vendor, Key);
  const ask = withToken("salesforce", vendor, {
    now,
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
  return {
    url: () => key().instanceUrl,
    get: async (path, schema, abortSignal) => {
      const url = `${key().instanceUrl}${path}`;
      const got = await ask(url, { signal: abortSignal, reads: [400, 403] });
      if (got.status === 400 || got.status === 403 || isGone(got))
        throw toRefusal(got, vendor.name);
      return parseJsonBody(got, vendor.name, schema);
    },
    hidden: new Set(),
  };
}

/** The account by one query; where a field or list of it may not be read, without that. */
async function fetchAccount(
  {
    accountId,
    cursor,
  }: {
    readonly accountId: string;
    readonly cursor: Readonly<Record<string, string>> | null;
  },
  { get, hidden }: Org,
  abortSignal: AbortSignal,
) {
  for (;;) {
    const since = (kind: string) => changedSince(kind, cursor);
    const soql = accountQuery(accountId, since, hidden);
    const path = `/services/data/${version}/query?q=${encodeURIComponent(soql)}`;
    try {
      return (await get(path, Answer, abortSignal)).records[0];
    } catch (error) {
      const denied =
        error instanceof PermanentError ? hiddenField(error.message) : null;
      if (denied === null || hidden.has(denied)) throw error;
      hidden.add(denied);
    }
  }
}

/** The account's opportunities and contacts that can be read, and those that cannot. */
async function fetchRecords(
  { Opportunities, Contacts }: z.infer<typeof Answer>["records"][number],
  org: Org,
  abortSignal: AbortSignal,
): Promise<ParsedList<CrmRecord>> {
  const deals = await fetchAll(Opportunities, org, abortSignal);
  const people = await fetchAll(Contacts, org, abortSignal);
  const opportunities = parseEach(deals, Opportunity);
  const contacts = parseEach(people, Contact);
  return {
    read: [
      ...opportunities.read.map(opportunityToRecord),
      ...contacts.read.map(contactToRecord),
    ],
    dropped: [...opportunities.dropped, ...contacts.dropped],
  };
}

/** The records of a list, with those of its further pages. */
async function fetchAll(
  list: List | null | undefined,
  { get }: Org,
  abortSignal: AbortSignal,
): Promise<readonly unknown[]> {
  const records = [...(list?.records ?? [])];
  let next = list?.nextRecordsUrl;
  for (let page = 1; next !== undefined && page < mostPages; page++) {
    const more = await get(next, List, abortSignal);
    for (const record of more.records) records.push(record);
    next = more.nextRecordsUrl;
  }
  return records;
}

function toRefusal(got: WebResponse, name: string): Error {
  const faults = parseJsonBody(got, name, Faults);
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
