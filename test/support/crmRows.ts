import type { CrmStandIn } from "../../dev/standins/crmServer.ts";
import { hubspotDefaults, startHubspot } from "../../dev/standins/hubspot.ts";
import {
  salesforceDefaults,
  startSalesforce,
} from "../../dev/standins/salesforce.ts";
import {
  hubspot,
  hubspotDefinition,
} from "../../functions/src/adapters/crms/hubspot.ts";
import {
  salesforce,
  salesforceDefinition,
} from "../../functions/src/adapters/crms/salesforce.ts";
import type { CrmDefinition } from "../../functions/src/adapters/definition.ts";
import type {
  CrmName,
  CrmTask,
} from "../../functions/src/domain/crm/activation.ts";
import type { Crm } from "../../functions/src/ports/crm.ts";

/** A CRM, as it is held to the contract: its stand-in takes the place of a recording. */
export interface CrmRow {
  readonly definition: CrmDefinition;
  readonly start: () => Promise<CrmStandIn>;
  readonly connect: (url: string) => Crm;
  readonly connectAsStranger: (url: string) => Crm;
  /** How many notes it gets beside a task, and how many requests lead up to the task, with its own. */
  readonly notes: number;
  readonly requests: number;
  readonly crmAccountId: string;
  /** What this vendor refuses, and the words that it does it with. */
  readonly refused: Partial<CrmTask>;
  readonly words: RegExp;
  /** What a person makes at this vendor today for us to sign in with. */
  readonly credentials: RegExp;
}

/** Every CRM. */
export const crmRows: Readonly<Record<CrmName, CrmRow>> = {
  salesforce: {
    definition: salesforceDefinition,
    start: () => startSalesforce({ port: 0 }),
    connect: (url) => salesforceAt(url, {}),
    connectAsStranger: (url) => salesforceAt(url, { clientSecret: "wrong" }),
    notes: 0,
    requests: 3,
    crmAccountId: "001000000000001AAA",
    refused: { crmAccountId: "no-id" },
    credentials: /In Salesforce Setup, .*External Client App/,
    words: /MALFORMED_ID: Related To ID: id value of incorrect type: no-id/,
  },
  hubspot: {
    definition: hubspotDefinition,
    start: () => startHubspot({ port: 0 }),
    connect: (url) => hubspotAt(url, {}),
    connectAsStranger: (url) => hubspotAt(url, { accessToken: "wrong" }),
    notes: 1,
    requests: 2,
    crmAccountId: "9001",
    refused: { body: '"'.repeat(20_000) },
    credentials: /In HubSpot, .*service key/,
    words: /Property values were not valid: hs_task_body/,
  },
};

/** The real client, against a stand-in. */
export function salesforceAt(
  url: string,
  other: {
    clientSecret?: string;
    taskKeyField?: string;
    signInTimeoutMs?: number;
  },
): Crm {
  return salesforce({
    ...salesforceDefaults,
    instanceUrl: url,
    loginUrl: url,
    ...other,
  });
}

export function hubspotAt(
  url: string,
  {
    accessToken = hubspotDefaults.accessToken,
    appUrl = url,
    ...other
  }: {
    accessToken?: string;
    appUrl?: string | null;
    apiVersion?: string;
  },
): Crm {
  const at = appUrl === null ? {} : { appUrl };
  return hubspot({ baseUrl: url, accessToken, ...at, ...other });
}
