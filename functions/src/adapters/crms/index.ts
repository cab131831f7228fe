import type { CrmName } from "../../domain/crm/activation.ts";
import type { CrmDefinition } from "../definition.ts";
import { hubspotDefinition } from "./hubspot.ts";
import { salesforceDefinition } from "./salesforce.ts";

/** Every CRM. */
export const crms: Readonly<Record<CrmName, CrmDefinition>> = {
  salesforce: salesforceDefinition,
  hubspot: hubspotDefinition,
};
