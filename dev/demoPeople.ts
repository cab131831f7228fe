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
  admin: person({ uid: "ada", name: "Ada Admin", role: "ADMIN" }),
  lead: person({
    uid: "lena",
    name: "Lena Lead",
    role: "ACCOUNT_MANAGER",
    isLead: true,
    teams: ["strategic", "growth"],
  }),
  manager: person({
    uid: "max",
    name: "Max Manager",
    role: "ACCOUNT_MANAGER",
    teams: ["strategic"],
  }),
  otherManager: person({
    uid: "mia",
    name: "Mia Manager",
    role: "ACCOUNT_MANAGER",
    teams: ["growth"],
  }),
  operations: person({
    uid: "omar",
    name: "Omar Operations",
    role: "OPERATIONS",
  }),
  viewer: person({ uid: "vera", name: "Vera Viewer", role: "VIEWER" }),
} as const satisfies Record<string, DemoPerson>;

function person(
  known: Pick<DemoPerson, "uid" | "name" | "role"> & Partial<DemoPerson>,
): DemoPerson {
  const email = `${known.uid}@demo.example`;
  return { email, isLead: false, teams: [], ...known };
}
