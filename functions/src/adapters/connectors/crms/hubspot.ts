import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import type { Connector, DroppedItem } from "../../../ports/sources.ts";
import {
  accountInfoPath,
  dealPipelinesPath,
  objectsPath,
} from "../../crms/parts/hubspotApi.ts";
import { isGone, jsonOf } from "../../web/answer.ts";
import {
  changedSince,
  type CrmEvent,
  type CrmRecord,
  eventItem,
  eventsSince,
  eventText,
} from "./parts/crmEvents.ts";
import {
  companies,
  contacts,
  deals,
  Found,
  type Kind,
  propertiesOf,
  recordSchema,
  shown,
  typeOf,
} from "./parts/hubspotRecords.ts";
import { cut } from "../item.ts";
import { assertSomeRead, leavingOut, parseEach } from "../parseEach.ts";
import { ours, type Reach, type VendorOptions, vendorOf } from "../reach.ts";

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
  const vendor = vendorOf("hubspot", reach);
  const ask = (path: string, options: VendorOptions) =>
    vendor.ask(`${api}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${vendor.key()}` },
    });

  async function company(id: string, signal: AbortSignal): Promise<Found> {
    const properties = propertiesOf(companies).join(",");
    const path = `${objectsPath(apiVersion, "companies")}/${id}?properties=${properties}`;
    const got = await ask(path, { signal });
    if (isGone(got))
      throw new PermanentError(
        "not-found",
        `${vendor.name} has no company ${id}`,
      );
    return jsonOf(got, vendor.name, Found);
  }

  /** The company's records of this kind that changed since, oldest first; the newest page where since is null. */
  async function search(
    kind: Kind,
    asked: { readonly companyId: string; readonly since: Date | null },
    signal: AbortSignal,
  ): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    let after: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const json = { ...searchFor(kind, asked), ...(after && { after }) };
      const path = `${objectsPath(apiVersion, kind.path)}/search`;
      const got = await ask(path, { signal, json });
      const { results, paging } = jsonOf(got, vendor.name, Page);
      for (const result of results) found.push(result);
      after = paging?.next?.after;
      if (after === undefined || asked.since === null) break;
    }
    return found;
  }

  async function stageLabels(signal: AbortSignal) {
    const got = await ask(dealPipelinesPath(apiVersion), { signal });
    const { results } = jsonOf(got, vendor.name, Pipelines);
    // A stage that cannot be read is called by its id.
    const { read } = parseEach(results, Pipeline);
    const stages = read.flatMap((pipeline) => pipeline.stages);
    return new Map(
      parseEach(stages, Stage).read.map(({ id, label }) => [id, label]),
    );
  }

  /** The address that the account's records are behind; null where the token may not ask for it. */
  async function recordsAt(signal: AbortSignal): Promise<string | null> {
    const options = { signal, reads: [403] };
    const got = await ask(accountInfoPath(apiVersion), options);
    if (got.status === 403) return null;
    const { portalId, uiDomain } = jsonOf(got, vendor.name, Account);
    return `https://${uiDomain}/contacts/${portalId}/record/`;
  }

  async function itemsOf(
    events: readonly CrmEvent[],
    about: string,
    signal: AbortSignal,
  ) {
    if (events.length === 0) return [];
    const records = await recordsAt(signal);
    const isOfDeals = events.some(({ record }) => record.kind === deals.name);
    const labels = isOfDeals
      ? await stageLabels(signal)
      : new Map<string, string>();
    const telling = {
      source: "hubspot" as const,
      company: about,
      shown: (field: string, value: string) =>
        field === "stage" ? (labels.get(value) ?? value) : shown(field, value),
      link: ({ kind, itemId }: CrmRecord) =>
        records && `${records}${typeOf(kind)}/${itemId.replace(/^.*\//, "")}`,
    };
    return events.map((event) => eventItem(event, telling));
  }

  return {
    kind: "hubspot",

    async look(from, cursor, signal) {
      const { companyId } = ours("hubspot", from);
      const itself = await company(companyId, signal);
      const found: CrmRecord[] = [];
      const dropped: DroppedItem[] = [];
      for (const kind of [deals, contacts]) {
        const since = changedSince(kind.name, cursor);
        const records = await search(kind, { companyId, since }, signal);
        const listed = parseEach(records, recordSchema(kind));
        for (const record of listed.read) found.push(record);
        for (const record of listed.dropped) dropped.push(record);
      }
      assertSomeRead({ read: found, dropped }, vendor.name);
      const self = recordSchema(companies).safeParse(itself);
      if (self.success) found.unshift(self.data);
      const seen = eventsSince(cursor, found, reach.now());
      const about = itself.properties["name"] ?? `Company ${companyId}`;
      return {
        items: await itemsOf(seen.events, cut(about, 120), signal),
        cursor: seen.cursor,
        ...leavingOut(dropped),
      };
    },

    fetch: async (item, from) => eventText(item, ours("hubspot", from), home),
  };
}

function searchFor(
  kind: Kind,
  {
    companyId,
    since,
  }: { readonly companyId: string; readonly since: Date | null },
) {
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
    properties: propertiesOf(kind),
    limit: pageSize,
  };
}
