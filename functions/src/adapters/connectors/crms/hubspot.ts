import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import type { SourceItem } from "../../../domain/signals/signal.ts";
import type { Connector, DroppedItem } from "../../../ports/sources.ts";
import {
  accountInfoPath,
  dealPipelinesPath,
  hubspotApiVersion,
  objectsPath,
} from "../../crms/parts/hubspotApi.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import type { WebResponse } from "../../web/fetch.ts";
import {
  changedSince,
  type CrmEvent,
  type CrmRecord,
  eventToItem,
  eventsSince,
  eventText,
} from "./parts/crmEvents.ts";
import {
  companies,
  contacts,
  deals,
  Found,
  type Kind,
  propertyNames,
  recordSchema,
  formatValue,
  objectType,
} from "./parts/hubspotRecords.ts";
import { defineConnector } from "../definition.ts";
import { toLine } from "../item.ts";
import { assertSomeRead, withDropped, parseEach } from "../parseEach.ts";
import {
  sourceOfKind,
  type Reach,
  type VendorOptions,
  vendorFor,
} from "../reach.ts";

export const hubspotDefinition = defineConnector({
  kind: "hubspot",
  settings: { apiVersion: hubspotApiVersion },
  connect: (reach, { apiVersion }) =>
    // The recordings are of version 3.
    hubspot(reach, reach.isReplay ? "v3" : apiVersion),
});

const api = "https://api.hubapi.com";
const home = "https://app.hubspot.com/";

/** Records a page, and pages of one search: HubSpot finds no more than 10,000 (CRM API, Search: limits). */
const pageSize = 100;
const mostPages = 100;

const Page = z.object({
  results: z.array(z.unknown()),
  paging: z
    .object({ next: z.object({ after: z.string() }).optional() })
    .optional(),
});

const Pipelines = z.object({ results: z.array(z.unknown()) });
const Pipeline = z.object({ stages: z.array(z.unknown()) });
const Stage = z.object({ id: z.string(), label: z.string() });

/** The account itself (HubSpot Account information API). */
const Account = z.object({ portalId: z.int(), uiDomain: z.string().min(1) });

/** What happens to a company in HubSpot: its deals, its contacts and the company itself, through a service key or an older private app's token. `apiVersion` is that of every path, `2026-09` or `v3`. */
export function hubspot(reach: Reach, apiVersion = "v3"): Connector {
  const vendor = vendorFor("hubspot", reach);
  const portal: Portal = {
    name: vendor.name,
    apiVersion,
    ask: (path, options) =>
      vendor.ask(`${api}${path}`, {
        ...options,
        headers: { authorization: `Bearer ${vendor.key()}` },
      }),
  };
  return {
    kind: "hubspot",

    async poll(from, cursor, abortSignal) {
      const { companyId } = sourceOfKind("hubspot", from);
      const itself = await fetchCompany(companyId, portal, abortSignal);
      const read: CrmRecord[] = [];
      const dropped: DroppedItem[] = [];
      for (const kind of [deals, contacts]) {
        const since = changedSince(kind.name, cursor);
        const asked = { kind, companyId, since };
        const records = await search(asked, portal, abortSignal);
        const listed = parseEach(records, recordSchema(kind));
        for (const record of listed.read) read.push(record);
        for (const record of listed.dropped) dropped.push(record);
      }
      assertSomeRead({ read, dropped }, vendor.name);
      const self = recordSchema(companies).safeParse(itself);
      if (self.success) read.unshift(self.data);
      const changes = eventsSince(cursor, read, reach.now());
      const name = itself.properties["name"] ?? `Company ${companyId}`;
      const about = { events: changes.events, company: toLine(name, 120) };
      return {
        items: await eventsToItems(about, portal, abortSignal),
        cursor: changes.cursor,
        ...withDropped(dropped),
      };
    },

    fetch: async (item, from) =>
      eventText(item, sourceOfKind("hubspot", from), home),
  };
}

/** One HubSpot account, as a poll reaches it. */
interface Portal {
  readonly name: string;
  readonly apiVersion: string;
  readonly ask: (path: string, options: VendorOptions) => Promise<WebResponse>;
}

async function fetchCompany(
  id: string,
  { name, apiVersion, ask }: Portal,
  abortSignal: AbortSignal,
): Promise<Found> {
  const properties = propertyNames(companies).join(",");
  const path = `${objectsPath(apiVersion, "companies")}/${id}?properties=${properties}`;
  const got = await ask(path, { signal: abortSignal });
  if (isGone(got))
    throw new PermanentError("not-found", `${name} has no company ${id}`);
  return parseJsonBody(got, name, Found);
}

/** What is searched for: the company's records of this kind that changed since; the newest page where since is null. */
interface Asked {
  readonly kind: Kind;
  readonly companyId: string;
  readonly since: Date | null;
}

/** The records, oldest first. */
async function search(
  asked: Asked,
  { name, apiVersion, ask }: Portal,
  abortSignal: AbortSignal,
): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const json = { ...searchFor(asked), ...(after && { after }) };
    const path = `${objectsPath(apiVersion, asked.kind.path)}/search`;
    const got = await ask(path, { signal: abortSignal, json });
    const { results, paging } = parseJsonBody(got, name, Page);
    for (const result of results) records.push(result);
    after = paging?.next?.after;
    if (after === undefined || asked.since === null) break;
  }
  return records;
}

async function eventsToItems(
  {
    events,
    company,
  }: { readonly events: readonly CrmEvent[]; readonly company: string },
  portal: Portal,
  abortSignal: AbortSignal,
): Promise<readonly SourceItem[]> {
  if (events.length === 0) return [];
  const records = await recordsUrl(portal, abortSignal);
  const isOfDeals = events.some(({ record }) => record.kind === deals.name);
  const labels = isOfDeals
    ? await stageLabels(portal, abortSignal)
    : new Map<string, string>();
  const words = {
    source: "hubspot" as const,
    company,
    shown: (field: string, value: string) =>
      field === "stage"
        ? (labels.get(value) ?? value)
        : formatValue(field, value),
    link: ({ kind, itemId }: CrmRecord) =>
      records && `${records}${objectType(kind)}/${itemId.replace(/^.*\//, "")}`,
  };
  return events.map((event) => eventToItem(event, words));
}

/** The address that the account's records are behind; null where the token may not ask for it. */
async function recordsUrl(
  { name, apiVersion, ask }: Portal,
  abortSignal: AbortSignal,
): Promise<string | null> {
  const options = { signal: abortSignal, reads: [403] };
  const got = await ask(accountInfoPath(apiVersion), options);
  if (got.status === 403) return null;
  const { portalId, uiDomain } = parseJsonBody(got, name, Account);
  return `https://${uiDomain}/contacts/${portalId}/record/`;
}

/** What people call the stages of deals, by id. */
async function stageLabels(
  { name, apiVersion, ask }: Portal,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const got = await ask(dealPipelinesPath(apiVersion), { signal: abortSignal });
  const { results } = parseJsonBody(got, name, Pipelines);
  // A stage that cannot be read is called by its id.
  const { read } = parseEach(results, Pipeline);
  const stages = read.flatMap((pipeline) => pipeline.stages);
  return new Map(
    parseEach(stages, Stage).read.map(({ id, label }) => [id, label]),
  );
}

function searchFor({ kind, companyId, since }: Asked) {
  const ofCompany = {
    propertyName: "associations.company",
    operator: "EQ",
    value: companyId,
  };
  const changed = {
    propertyName: kind.stamp,
    operator: "GT",
    value: String(since?.getTime()),
  };
  const direction = since === null ? "DESCENDING" : "ASCENDING";
  return {
    filterGroups: [
      { filters: since === null ? [ofCompany] : [ofCompany, changed] },
    ],
    sorts: [{ propertyName: kind.stamp, direction }],
    properties: propertyNames(kind),
    limit: pageSize,
  };
}
