import { type Claims, clientOf } from "./client.ts";
import type { Fields } from "./emulatorRest.ts";
import { audience, carriesAudience, people, rows, tenant } from "./expected.ts";

/** Who asks, and what the tenant has them as. */
interface Somebody extends Claims {
  readonly member?: Fields;
}

/** Who the matrix has no column for, each with one thing about them that the rules must not stumble over. */
const strangers: Readonly<Record<string, Somebody>> = {
  /** Leads a team whose name tries to hold another one. */
  smuggler: like("smuggler", { isLead: true, teams: ["south\nt:north"] }),
  teamless: like("teamless", { isLead: true }),
  /** An admin of the other tenant, which their token names first, and nobody much in this one. */
  twofold: { ...like("twofold"), tenants: ["other", tenant] },
  /** Whose token says more than the tenant does. */
  forger: {
    ...like("forger"),
    forged: { role: "ADMIN", isLead: true, teams: ["north"], active: true },
  },
  /** With a role that there is not. */
  owner: like("owner", { role: "OWNER" }),
  fired: like("fired", { active: false }),
  halfActive: like("halfActive", { role: "ADMIN", active: "yes" }),
  halfLead: like("halfLead", { isLead: "yes", teams: ["north"] }),
  fallen: like("fallen", { role: "OPERATIONS" }),
  fallenLead: like("fallenLead", { isLead: true, teams: ["north"] }),
};

const everybody: Readonly<Record<string, Somebody>> = {
  ...people,
  ...strangers,
};

/** The names of all who ask, of the matrix or not. */
export const names = Object.keys(everybody);

/** Those whose own key the card `everybodys` has in its audience: not those who list by it. */
export const named = names.filter((name) => !["own", "alien"].includes(name));

/** One person's access to the database below. */
export function as(projectId: string, name: string) {
  return clientOf(projectId, somebody(name));
}

/** Where the tested document of a collection is kept. */
export function documentOf(collection: string): string {
  if (collection === "tenants") return `tenants/${tenant}`;
  if (collection === "system") return "system/heartbeat";
  if (collection === "people") return "people/own";
  if (collection === "members") return `tenants/${tenant}/members/own`;
  return `tenants/${tenant}/${collection.replace("/", "/d1/")}/d1`;
}

/** The collection that the tested document is in. */
export function folderOf(collection: string): string {
  const path = documentOf(collection);
  return path.slice(0, path.lastIndexOf("/"));
}

/** What is written before anything is asked, by path. */
export function documents(): Readonly<Record<string, Fields>> {
  const tested = { audience, accountId: "a1" };
  const written: Record<string, Fields> = {};
  for (const { collection } of rows) {
    const path = documentOf(collection);
    written[path] = tested;
    written[`${path}/unnamed/d1`] = tested;
    if (collection.startsWith("opportunities/"))
      written[path.replace("/d1/", "/foreign/")] = tested;
    if (!carriesAudience(collection)) continue;
    const folder = folderOf(collection);
    written[`${folder}/foreign`] = { audience: ["u:bob", "t:east"] };
    written[`${folder}/bare`] = { accountId: "a1" };
    written[`${folder}/odd`] = { audience: "u:own" };
    written[`tenants/other/${collection}/d1`] = { audience: ["u:bob"] };
  }
  written[`tenants/${tenant}/inbox/everybodys`] = {
    audience: named.map((name) => `u:${somebody(name).uid}`),
  };
  written[`tenants/${tenant}/opportunities/twofold`] = {
    audience: ["u:twofold"],
  };
  for (const name of names) {
    if (somebody(name).member === undefined) continue;
    for (const [path, member] of Object.entries(memberOf(name)))
      written[path] = { ...written[path], ...member };
  }
  const { member = {} } = like("", { role: "ADMIN" });
  for (const uid of ["own", "twofold", "elsewhere"])
    written[`tenants/other/members/${uid}`] = { uid, ...member };
  return written;
}

/** A member's document by its path, changed where it says so. */
export function memberOf(
  name: string,
  changes: Fields = {},
): Readonly<Record<string, Fields>> {
  const { uid, member } = somebody(name);
  const path = `tenants/${tenant}/members/${uid}`;
  return { [path]: { uid, ...member, ...changes } };
}

/** One of `names`. */
export function somebody(name: string): Somebody {
  const found = everybody[name];
  if (found === undefined) throw new Error(`Nobody is called ${name}.`);
  return found;
}

/** An account manager of no team, but for what is said. */
function like(uid: string, changes: Fields = {}): Somebody {
  const member = {
    role: "ACCOUNT_MANAGER",
    isLead: false,
    teams: [],
    active: true,
    ...changes,
  };
  return { uid, tenants: [tenant], member };
}
