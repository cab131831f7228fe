import type { PolledKind } from "../../domain/sources/source.ts";
import type { ConnectorDefinition } from "./definition.ts";
import { ashbyDefinition } from "./boards/ashby.ts";
import { greenhouseDefinition } from "./boards/greenhouse.ts";
import { leverDefinition } from "./boards/lever.ts";
import { personioDefinition } from "./boards/personio.ts";
import { recruiteeDefinition } from "./boards/recruitee.ts";
import { smartrecruitersDefinition } from "./boards/smartrecruiters.ts";
import { workableDefinition } from "./boards/workable.ts";
import { hubspotDefinition } from "./crms/hubspot.ts";
import { salesforceDefinition } from "./crms/salesforce.ts";
import { rssDefinition } from "./feeds/rss.ts";
import { ga4Definition } from "./metrics/ga4.ts";
import { tiktokDefinition } from "./metrics/tiktok.ts";
import { youtubeDefinition } from "./metrics/youtube.ts";
import { gdeltDefinition } from "./searches/gdelt.ts";
import { googleCseDefinition } from "./searches/googleCse.ts";
import { newsapiDefinition } from "./searches/newsapi.ts";
import { serperDefinition } from "./searches/serper.ts";
import { secDefinition } from "./sec/sec.ts";
import { secSearchDefinition } from "./sec/secSearch.ts";

/** Every connector, by the kind of source that it polls. */
export const connectors: {
  readonly [Kind in PolledKind]: ConnectorDefinition<Kind>;
} = {
  sec: secDefinition,
  sec_search: secSearchDefinition,
  rss: rssDefinition,
  gdelt: gdeltDefinition,
  newsapi: newsapiDefinition,
  serper: serperDefinition,
  google_cse: googleCseDefinition,
  greenhouse: greenhouseDefinition,
  lever: leverDefinition,
  ashby: ashbyDefinition,
  workable: workableDefinition,
  smartrecruiters: smartrecruitersDefinition,
  recruitee: recruiteeDefinition,
  personio: personioDefinition,
  hubspot: hubspotDefinition,
  salesforce: salesforceDefinition,
  ga4: ga4Definition,
  youtube: youtubeDefinition,
  tiktok: tiktokDefinition,
};
