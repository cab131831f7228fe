import {
  audienceKeys,
  hasPermission,
  canSee,
  type Actor,
  type Permission,
} from "../../functions/src/domain/people/roles.ts";
import { Uid } from "../../functions/src/domain/kernel/ids.ts";

/**
 * What each actor may do with a document whose audience is `u:own` and `t:north`:
 * g  get it by its id;
 * l  find it by a list as their front end asks for it: account managers by their own audience keys, where the documents carry an audience;
 * a  list the collection without a filter, a page of it.
 * `unnamed` stands for whatever collection comes to be without a rule.
 * Nobody may create, update or delete, so there is no letter for it.
 */
const table = `
                        own  mate lead alien admin ops  viewer inactive elsewhere unclaimed unlisted nobody
tenants                 g    g    g    g     g     g    g      -        -         -         -        -
members                 g    -    -    -     gla   -    -      -        -         -         -        -
invitations             -    -    -    -     gla   -    -      -        -         -         -        -
people                  g    -    -    -     -     -    -      -        -         -         -        -
accounts                gl   -    gl   -     gla   gla  gla    -        -         -         -        -
contexts                gl   -    gl   -     gla   gla  gla    -        -         -         -        -
signals                 gl   -    gl   -     gla   gla  gla    -        -         -         -        -
signals/nearDuplicates  -    -    -    -     -     -    -      -        -         -         -        -
decisions               gl   -    gl   -     gla   gla  gla    -        -         -         -        -
inbox                   gl   -    gl   -     gla   gla  gla    -        -         -         -        -
activations             gl   -    gl   -     gla   gla  gla    -        -         -         -        -
opportunities           gl   -    gl   -     gla   gla  gla    -        -         -         -        -
opportunities/comments  gla  -    gla  -     gla   gla  gla    -        -         -         -        -
opportunities/history   gla  -    gla  -     gla   gla  gla    -        -         -         -        -
opportunities/evidence  -    -    -    -     -     -    -      -        -         -         -        -
messages                -    -    -    -     gla   gla  -      -        -         -         -        -
runs                    -    -    -    -     gla   gla  -      -        -         -         -        -
schedules               -    -    -    -     gla   gla  -      -        -         -         -        -
sourceStates            -    -    -    -     gla   gla  -      -        -         -         -        -
assets                  gla  gla  gla  gla   gla   gla  gla    -        -         -         -        -
playbooks               gla  gla  gla  gla   gla   gla  gla    -        -         -         -        -
dashboards              gla  gla  gla  gla   gla   gla  gla    -        -         -         -        -
snapshots               -    -    -    -     -     -    -      -        -         -         -        -
snapshots/parts         -    -    -    -     -     -    -      -        -         -         -        -
audit                   -    -    -    -     -     -    -      -        -         -         -        -
audit/entries           -    -    -    -     -     -    -      -        -         -         -        -
notifications           -    -    -    -     -     -    -      -        -         -         -        -
emails                  -    -    -    -     -     -    -      -        -         -         -        -
consents                -    -    -    -     -     -    -      -        -         -         -        -
watchlists              -    -    -    -     -     -    -      -        -         -         -        -
experiments             -    -    -    -     -     -    -      -        -         -         -        -
models                  -    -    -    -     -     -    -      -        -         -         -        -
resolutions             -    -    -    -     -     -    -      -        -         -         -        -
ledger                  -    -    -    -     -     -    -      -        -         -         -        -
system                  -    -    -    -     -     -    -      -        -         -         -        -
budgets                 -    -    -    -     -     -    -      -        -         -         -        -
commands                -    -    -    -     -     -    -      -        -         -         -        -
unnamed                 -    -    -    -     -     -    -      -        -         -         -        -
`;

/** Who asks: what their token claims and what the tenant has them as. */
export interface Person {
  readonly uid: string;
  /** The token's claim; null where nobody is signed in, absent where the token has none. */
  readonly tenants?: readonly string[] | null;
  /** Absent where the tenant does not list them. */
  readonly member?: Pick<Actor, "role" | "isLead" | "teams" | "active">;
}

/** The tenant whose documents are asked for. */
export const tenant = "acme";

/** The actors of the table, by their column. */
export const people: Readonly<Record<string, Person>> = {
  own: manager("own", false, ["north"]),
  mate: manager("mate", false, ["north"]),
  lead: manager("lead", true, ["west", "north"]),
  alien: manager("alien", true, ["south", "nor"]),
  admin: { uid: "admin", tenants: ["other", tenant], member: as("ADMIN") },
  ops: { uid: "ops", tenants: [tenant], member: as("OPERATIONS") },
  viewer: { uid: "viewer", tenants: [tenant], member: as("VIEWER") },
  inactive: {
    uid: "inactive",
    tenants: [tenant],
    member: { ...as("ADMIN"), active: false },
  },
  elsewhere: { uid: "elsewhere", tenants: ["other"], member: as("ADMIN") },
  unclaimed: { uid: "unclaimed", member: as("ADMIN") },
  unlisted: { uid: "unlisted", tenants: [tenant] },
  nobody: { uid: "nobody", tenants: null },
};

function as(role: Actor["role"]) {
  return { role, isLead: false, teams: ["north"], active: true };
}

function manager(uid: string, isLead: boolean, teams: string[]): Person {
  const role = "ACCOUNT_MANAGER" as const;
  return {
    uid,
    tenants: [tenant],
    member: { role, isLead, teams, active: true },
  };
}

/** What domain/people/roles.ts asks for before a collection may be read: a permission, or only to be a member; null where nobody may. */
export const permissionOf: Readonly<
  Record<string, Permission | "member" | null>
> = {
  tenants: "member",
  members: "member.manage",
  invitations: "member.manage",
  accounts: "account.read",
  contexts: "account.read",
  signals: "account.read",
  decisions: "account.read",
  inbox: "opportunity.read",
  activations: "opportunity.read",
  opportunities: "opportunity.read",
  "opportunities/comments": "opportunity.read",
  "opportunities/history": "opportunity.read",
  messages: "message.read",
  runs: "message.read",
  schedules: "message.read",
  sourceStates: "message.read",
  assets: "member",
  playbooks: "member",
  dashboards: "member",
};

/** Of each tested document: its owner, and the team whose leads see it. */
export const audience = ["u:own", "t:north"];

const [header = "", ...lines] = table.trim().split("\n");
/** The columns. */
export const actors = header.trim().split(/\s+/);
/** The rows, each with what it allows by actor. */
export const rows = lines.map((line) => {
  const [collection = "", ...cells] = line.trim().split(/\s+/);
  const letters = actors.map((actor, n) => {
    return [actor, (cells[n] ?? "missing").replace("-", "")] as const;
  });
  return { collection, letters };
});

/** Whether a collection's documents carry the audience that account managers list by. */
export function carriesAudience(collection: string): boolean {
  const permission = permissionOf[collection];
  return (
    (permission === "account.read" || permission === "opportunity.read") &&
    !collection.includes("/")
  );
}

/** The audience keys that an actor has to list by; null for those who list without a filter. */
export function keysOf(actor: string): readonly string[] | null {
  const { uid, member } = people[actor] ?? {};
  if (uid === undefined || member?.role !== "ACCOUNT_MANAGER") return null;
  return audienceKeys({ uid: Uid.parse(uid), ...member });
}

/** The letters that domain/people/roles.ts gives a cell. */
export function lettersOf(collection: string, name: string): string {
  const { uid, tenants, member } = people[name] ?? {};
  const permission = permissionOf[collection] ?? null;
  const belongs = tenants?.includes(tenant) === true;
  // Everybody's own is theirs alone, whatever they belong to.
  if (collection === "people") return uid === "own" ? "g" : "";
  if (uid === undefined || member === undefined || !belongs) return "";
  const actor: Actor = { uid: Uid.parse(uid), ...member };
  if (!actor.active || permission === null) return "";
  if (collection === "tenants") return "g";
  if (collection === "members" && uid === "own") return "g";
  if (permission === "member") return "gla";
  if (!hasPermission(actor, permission)) return "";
  const ofAudience =
    permission === "account.read" || permission === "opportunity.read";
  if (ofAudience && !canSee(actor, audience)) return "";
  const filtered = keysOf(name) !== null && carriesAudience(collection);
  return filtered ? "gl" : "gla";
}
