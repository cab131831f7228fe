import type { Role } from "../functions/src/domain/people/roles.ts";

/** A person of the demo tenant. The password is no secret: it opens nothing but emulators. */
export interface DemoPerson {
  readonly uid: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly isLead: boolean;
  readonly teams: readonly string[];
}

export const demoTenantId = "demo";
export const demoPassword = "clientpulse-demo";

/** What the demo tenant's CRMs and other systems would sign their events with. */
export const demoWebhookSecrets = {
  salesforce: "demo-webhook-secret",
  hubspot: "demo-hubspot-client-secret",
  webhook: "whsec_ZGVtby1zdGFuZGFyZC13ZWJob29rLXNlY3JldA==",
} as const;

/** One person per role, an account manager more, and one who leads them. */
export const demoPeople = {
  admin: person("ada", "Ada Admin", "ADMIN"),
  lead: {
    ...person("lena", "Lena Lead", "ACCOUNT_MANAGER", ["strategic", "growth"]),
    isLead: true,
  },
  manager: person("max", "Max Manager", "ACCOUNT_MANAGER", ["strategic"]),
  otherManager: person("mia", "Mia Manager", "ACCOUNT_MANAGER", ["growth"]),
  operations: person("omar", "Omar Operations", "OPERATIONS"),
  viewer: person("vera", "Vera Viewer", "VIEWER"),
} as const satisfies Record<string, DemoPerson>;

function person(
  uid: string,
  name: string,
  role: Role,
  teams: readonly string[] = [],
): DemoPerson {
  const email = `${uid}@demo.example`;
  return { uid, email, name, role, isLead: false, teams };
}
