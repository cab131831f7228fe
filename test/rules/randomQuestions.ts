import { hasPermission } from "../../functions/src/domain/people/roles.ts";
import { anyOf, type Claims, filter } from "./client.ts";
import { toValue, type Value } from "./emulatorRest.ts";
import { carriesAudience, permissionOf } from "./expected.ts";
import {
  actorIn,
  type Chance,
  chanceOf,
  collections,
  documentsEach,
  everyKey,
  keysIn,
  mayRead,
  memberPath,
  readable,
  statuses,
  tenants,
  uids,
  type World,
} from "./randomWorld.ts";

/** What somebody asks, and what domain/people/roles.ts says to it; "either" where it may be denied for how it is asked. */
export type Question = Get | List;

interface Asked {
  readonly who: Claims;
  readonly expected: "allowed" | "denied" | "either";
}

interface Get extends Asked {
  readonly kind: "get";
  readonly path: string;
}

interface List extends Asked {
  readonly kind: "list" | "count";
  /** The document that the collection is below, with a slash before; empty for all tenants. */
  readonly above: string;
  readonly query: object;
}

/** The question of this seed: always the same one in the same world. */
export function questionOf(world: World, seed: number): Question {
  const chance = chanceOf(seed);
  const who = chance.one(world.people);
  // Mostly of a tenant that they belong to: the others are denied before it becomes interesting.
  const own = tenants.filter((tenant) => actorIn(world, who, tenant) !== null);
  const near = own.length > 0 && chance.yes(0.9);
  const tenant = chance.one(near ? own : tenants);
  return chance.yes(0.3)
    ? getOf(world, { who, tenant }, chance)
    : listOf(world, { who, tenant }, chance);
}

interface Place {
  readonly who: Claims;
  readonly tenant: string;
}

function getOf(world: World, { who, tenant }: Place, chance: Chance): Get {
  const inTenant = [...world.documents.keys()].filter((path) =>
    `${path}/`.startsWith(`tenants/${tenant}/`),
  );
  if (chance.yes(0.1)) {
    const path = `${chance.one(inTenant)}x`;
    return { kind: "get", who, path, expected: "either" };
  }
  const some = chance.yes(0.1)
    ? [who.uid, chance.one(uids)].map((uid) => memberPath(tenant, uid))
    : inTenant.slice(chance.below(inTenant.length)).slice(0, 9);
  // Most documents are not for most people: half of the time it is one of the few that are.
  const theirs = some.filter((path) => mayRead(world, who, path));
  const path = chance.one(theirs.length > 0 && chance.yes(0.5) ? theirs : some);
  const isThere = world.documents.has(path) || world.actors.has(path);
  const allowed = mayRead(world, who, path) ? "allowed" : "denied";
  return { kind: "get", who, path, expected: isThere ? allowed : "either" };
}

function listOf(world: World, place: Place, chance: Chance): List {
  const { who, tenant } = place;
  const collection = chance.yes(0.06)
    ? "members"
    : chance.one(chance.yes(0.9) ? readable : collections);
  const [first = "", beneath] = collection.split("/");
  const id = `d${chance.below(documentsEach)}`;
  const inside = `/tenants/${tenant}${beneath === undefined ? "" : `/${first}/${id}`}`;
  const isGroup = chance.yes(0.08);
  const above = isGroup ? "" : inside;
  const collectionId = beneath ?? first;
  const from = [{ collectionId, ...(isGroup ? { allDescendants: true } : {}) }];
  const limit = chance.yes(0.9)
    ? chance.below(200) + 1
    : chance.one([null, 201, 5000]);
  const kind = chance.yes(0.15) ? "count" : "list";
  const audience = audienceOf(keysIn(world, who, tenant), chance);
  const query = {
    from,
    ...shapeOf(audience.filter, chance),
    ...(limit === null ? {} : { limit }),
    ...(chance.yes(0.1) ? { offset: chance.below(3) } : {}),
  };
  const path = `${inside.slice(1)}/${collectionId}/any`;
  const search = { tenant, collection, path, byAudience: audience.expected };
  const isPage = limit !== null && limit <= 200;
  const expected = isGroup || !isPage ? "denied" : searchOf(world, who, search);
  return { kind, who, above, query, expected };
}

interface Search {
  readonly tenant: string;
  readonly collection: string;
  /** Of one of its documents, there or not. */
  readonly path: string;
  /** What account managers are answered where documents carry an audience. */
  readonly byAudience: Asked["expected"];
}

/** What domain/people/roles.ts says to a page of a collection. */
function searchOf(
  world: World,
  who: Claims,
  { tenant, collection, path, byAudience }: Search,
): Asked["expected"] {
  const actor = actorIn(world, who, tenant);
  const permission = permissionOf[collection] ?? null;
  if (actor === null || permission === null) return "denied";
  if (permission === "member") return "allowed";
  if (!hasPermission(actor, permission)) return "denied";
  if (actor.role === "ACCOUNT_MANAGER" && carriesAudience(collection))
    return byAudience;
  return mayRead(world, who, path) ? "allowed" : "denied";
}

/** A filter on the audience or none, and what account managers of these keys are answered. */
function audienceOf(own: readonly string[], chance: Chance) {
  const mine = own.length === 0 ? ["u:nobody"] : own;
  const some = chance.some(mine);
  const keys = some.length === 0 ? [chance.one(mine)] : some;
  const foreign = chance.one(everyKey.filter((key) => !own.includes(key)));
  const by = (op: string, value: Value) => field("audience", op, value);
  const either = (other: object) => composite("OR", [anyOf(keys), other]);
  const shapes: readonly (readonly [
    number,
    object | null,
    Asked["expected"],
  ])[] = [
    [20, anyOf(keys), "allowed"],
    [4, by("ARRAY_CONTAINS", chance.one(mine)), "allowed"],
    [2, null, "denied"],
    [2, anyOf([...keys, foreign]), "denied"],
    [1, anyOf([foreign]), "denied"],
    [1, by("ARRAY_CONTAINS", foreign), "denied"],
    [1, either(by("ARRAY_CONTAINS", foreign)), "denied"],
    [1, either(field("status", "EQUAL", chance.one(statuses))), "denied"],
    [1, either(by("ARRAY_CONTAINS", chance.one(mine))), "either"],
    [1, by("EQUAL", [...keys, foreign]), "either"],
    [1, by("EQUAL", keys), "either"],
  ];
  const [, filter, expected] = chance.one(
    shapes.flatMap((shape) => Array<typeof shape>(shape[0]).fill(shape)),
  );
  return { filter, expected };
}

/** Filters, order and start of a query, as Firestore lets them be combined. */
function shapeOf(audience: object | null, chance: Chance): object {
  const order = chance.one([null, "score", "status", "__name__"]);
  // By their names documents come forwards only.
  const isDown = order !== "__name__" && chance.yes(0.5);
  const direction = isDown ? "DESCENDING" : "ASCENDING";
  const from = toValue(chance.below(100));
  const filters = [
    ...(audience === null ? [] : [audience]),
    ...(chance.yes(0.2) ? [field("accountId", "EQUAL", "a1")] : []),
    ...(chance.yes(0.2) ? [field("status", "IN", statuses.slice(1))] : []),
    ...((order === null || order === "score") && chance.yes(0.3)
      ? [field("score", "GREATER_THAN", chance.below(60))]
      : []),
  ];
  return {
    ...(filters.length === 0 ? {} : { where: composite("AND", filters) }),
    ...(order === null
      ? {}
      : { orderBy: [{ field: { fieldPath: order }, direction }] }),
    ...(order === "score" && chance.yes(0.3)
      ? { startAt: { values: [from], before: chance.yes(0.5) } }
      : {}),
  };
}

function field(fieldPath: string, op: string, value: Value): object {
  return filter(fieldPath, op, toValue(value));
}

function composite(op: "AND" | "OR", filters: readonly object[]): object {
  return { compositeFilter: { op, filters } };
}
