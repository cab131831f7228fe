import type { TenantId } from "../../domain/kernel/ids.ts";
import { type LookedAt, sourceFacts } from "../../domain/sources/source.ts";
import type { Connector } from "../../ports/sources.ts";
import { ashby } from "./boards/ashby.ts";
import { ga4 } from "./metrics/ga4.ts";
import { greenhouse } from "./boards/greenhouse.ts";
import { hubspot } from "./crms/hubspot.ts";
import { lever } from "./boards/lever.ts";
import { personio } from "./boards/personio.ts";
import type { Reach } from "./reach.ts";
import { recruitee } from "./boards/recruitee.ts";
import { rss } from "./feeds/rss.ts";
import { gdelt } from "./searches/gdelt.ts";
import { googleCse } from "./searches/googleCse.ts";
import { newsapi } from "./searches/newsapi.ts";
import { salesforce } from "./crms/salesforce.ts";
import { sec } from "./sec/sec.ts";
import type { SecSettings } from "./sec/parts/secArchive.ts";
import { secSearch } from "./sec/secSearch.ts";
import { serper } from "./searches/serper.ts";
import { tiktok } from "./metrics/tiktok.ts";
import { youtube } from "./metrics/youtube.ts";
import { smartrecruiters } from "./boards/smartrecruiters.ts";
import { workable } from "./boards/workable.ts";

/** Every connector, by the kind of source that it looks at. */
export function connectors(
  reach: Reach,
  settings: {
    readonly sec: SecSettings;
    /** The version of HubSpot's API; that of the recordings, `v3`, where absent. */
    readonly hubspotApiVersion?: string;
  },
): Readonly<Partial<Record<LookedAt, Connector>>> {
  return {
    sec: sec(reach, settings.sec),
    sec_search: secSearch(reach, settings.sec),
    rss: rss(reach),
    gdelt: gdelt(reach),
    newsapi: newsapi(reach),
    serper: serper(reach),
    google_cse: googleCse(reach),
    greenhouse: greenhouse(reach),
    lever: lever(reach),
    ashby: ashby(reach),
    workable: workable(reach),
    smartrecruiters: smartrecruiters(reach),
    recruitee: recruitee(reach),
    personio: personio(reach),
    hubspot: hubspot(reach, settings.hubspotApiVersion),
    salesforce: salesforce(reach),
    ga4: ga4(reach),
    youtube: youtube(reach),
    tiktok: tiktok(reach),
  };
}

type Connectors = ReturnType<typeof connectors>;

/** The same connectors, of which those that ask for a key can be had with a tenant's own. */
export function withOwnKeys(
  shared: Connectors,
  ofTenant: (tenantId: TenantId) => Connectors,
): Connectors {
  return Object.fromEntries(
    Object.values(shared).map((connector) => [
      connector.kind,
      sourceFacts[connector.kind].key === null
        ? connector
        : {
            ...connector,
            of: (tenantId: TenantId) =>
              ofTenant(tenantId)[connector.kind] ?? connector,
          },
    ]),
  );
}
