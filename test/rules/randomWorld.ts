import {
  Role,
  audienceKeys,
  hasPermission,
  canSee,
  type Actor,
} from "../../functions/src/domain/people/roles.ts";
import { Uid } from "../../functions/src/domain/kernel/ids.ts";
import { seeded } from "../support/seeded.ts";
import type { Claims } from "./client.ts";
import type { Fields } from "./emulatorRest.ts";
import { permissionOf, rows } from "./expected.ts";

/** Some tenants, who belongs to them, and their documents. */
export interface World {
  /** Tokens: what they claim and what the tenants have somebody as differ as they please. */
  readonly people: readonly Claims[];
  readonly actors: ReadonlyMap<string, Actor>;
  /** By path; without the members. */
  readonly documents: ReadonlyMap<string, Fields>;
}

/** Equally likely picks, and yes with a probability. */
export function chanceOf(seed: number) {
  const random = seeded(seed);
  const below = (n: number) => Math.floor(random() * n);
  const one = <T>(list: readonly T[]): T => {
    const item = list[below(list.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const some = <T>(list: readonly T[], share = 0.5) =>
    list.filter(() => random() < share);
  return { below, one, some, yes: (share: number) => random() < share };
}

export type Chance = ReturnType<typeof chanceOf>;

export const tenants = ["acme", "beta", "corp"];
export const uids = Array.from({ length: 24 }, (_, n) => `p${n}`);
/** How many documents a collection has: `d0`, `d1` and so on. */
export const documentsEach = 10;
const teams = ["red", "blue", "green"];
export const statuses = ["in_review", "approved", "rejected"];

/** The collections below a tenant but for its members; those of a card are below each of its cards. */
export const collections = rows
  .map(({ collection }) => collection)
  .filter((name) => !["tenants", "system", "people", "members"].includes(name));
/** Those that some may read. */
export const readable = collections.filter((name) => name in permissionOf);

/** A world of this seed: always the same one. */
export function worldOf(seed: number): World {
  const chance = chanceOf(seed);
  const people = uids.map((uid) => claimsOf(uid, chance));
  const actors = new Map(
    tenants.flatMap((tenant) =>
      chance
        .some(uids, 0.85)
        .map((uid) => [memberPath(tenant, uid), actorOf(uid, chance)] as const),
    ),
  );
  const documents = new Map<string, Fields>();
  for (const tenant of tenants) {
    documents.set(`tenants/${tenant}`, {});
    for (const path of pathsIn(tenant)) documents.set(path, fieldsOf(chance));
  }
  return { people, actors, documents };
}

/** The same world after a third of its members have become something else; their tokens stay what they are. */
export function changed(world: World, seed: number): World {
  const chance = chanceOf(seed);
  const actors = [...world.actors].map(([path, actor]) => {
    return [
      path,
      chance.yes(1 / 3) ? actorOf(actor.uid, chance) : actor,
    ] as const;
  });
  return { ...world, actors: new Map(actors) };
}

export function memberPath(tenant: string, uid: string): string {
  return `tenants/${tenant}/members/${uid}`;
}

/** What the tenant has somebody as whose token names it, if they are active. */
export function actorIn(
  { actors }: World,
  { uid, tenants: claimed }: Claims,
  tenant: string,
): Actor | null {
  const actor = actors.get(memberPath(tenant, uid));
  const belongs = claimed?.includes(tenant) === true && actor?.active === true;
  return belongs ? actor : null;
}

/** Whether domain/people/roles.ts lets somebody read a document that is there. */
export function mayRead(world: World, claims: Claims, path: string): boolean {
  const [root, tenant = "", collection, id, beneath] = path.split("/");
  const actor = actorIn(world, claims, tenant);
  if (root !== "tenants" || actor === null) return false;
  if (collection === undefined) return true;
  const name = beneath === undefined ? collection : `${collection}/${beneath}`;
  const permission = permissionOf[name] ?? null;
  if (permission === null) return false;
  if (permission === "member") return true;
  if (name === "members" && id === actor.uid) return true;
  if (!hasPermission(actor, permission)) return false;
  if (permission === "member.manage" || permission === "message.read")
    return true;
  return canSee(actor, audienceAt(world, path));
}

/** The audience of a document, or of the card that it belongs to; empty where it has none. */
function audienceAt({ documents }: World, path: string): string[] {
  const audience = documents.get(path.split("/").slice(0, 4).join("/"))?.[
    "audience"
  ];
  return Array.isArray(audience) ? audience.map(String) : [];
}

/** The audience keys that somebody may list by in a tenant. */
export function keysIn(world: World, claims: Claims, tenant: string) {
  const actor = actorIn(world, claims, tenant);
  return actor === null ? [] : audienceKeys(actor);
}

/** Every key that there could be. */
export const everyKey = [
  ...uids.map((uid) => `u:${uid}`),
  ...teams.map((team) => `t:${team}`),
];

function claimsOf(uid: string, chance: Chance): Claims {
  if (chance.yes(0.05)) return { uid, tenants: null };
  if (chance.yes(0.05)) return { uid };
  const forged = chance.yes(0.3) ? { role: "ADMIN", active: true } : {};
  return { uid, tenants: chance.some(tenants, 0.8), forged };
}

function actorOf(uid: string, chance: Chance): Actor {
  return {
    uid: Uid.parse(uid),
    role: chance.yes(0.55) ? "ACCOUNT_MANAGER" : chance.one(Role.options),
    isLead: chance.yes(0.4),
    teams: chance.some(teams),
    active: chance.yes(0.9),
  };
}

function pathsIn(tenant: string): readonly string[] {
  const ids = Array.from({ length: documentsEach }, (_, n) => `d${n}`);
  return collections.flatMap((collection) => {
    const [above = "", beneath] = collection.split("/");
    const folder = `tenants/${tenant}/${above}`;
    if (beneath === undefined) return ids.map((id) => `${folder}/${id}`);
    return ids.flatMap((id) =>
      ["e0", "e1"].map((other) => `${folder}/${id}/${beneath}/${other}`),
    );
  });
}

function fieldsOf(chance: Chance): Fields {
  const fields = {
    accountId: chance.one(["a1", "a2"]),
    score: chance.below(100),
    status: chance.one(statuses),
  };
  if (chance.yes(0.1)) return fields;
  const owners = chance.some(
    everyKey.filter((key) => key.startsWith("u:")),
    0.2,
  );
  const audience = [...owners, ...chance.some(teams, 0.3).map((t) => `t:${t}`)];
  return { ...fields, audience };
}
