import { randomUUID } from "node:crypto";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as collections from "../../functions/src/domain/collections.ts";
import { clientOf, loadRules } from "./client.ts";
import {
  actors,
  audience,
  carriesAudience,
  keysOf,
  lettersOf,
  people,
  rows,
  tenant,
} from "./expected.ts";

const projectId = `rules-${randomUUID().slice(0, 8)}`;
const app = initializeApp({ projectId }, projectId);
const db = getFirestore(app);

beforeAll(async () => {
  await loadRules(projectId);
  const batch = db.batch();
  for (const { uid, member } of Object.values(people)) {
    if (member === undefined) continue;
    batch.set(db.doc(`tenants/${tenant}/members/${uid}`), { uid, ...member });
  }
  for (const { collection } of rows) {
    const data = { audience, accountId: "a1" };
    batch.set(db.doc(documentOf(collection)), data, { merge: true });
  }
  await batch.commit();
});
afterAll(() => deleteApp(app));

const operations = ["g", "l", "a", "create", "update", "delete"] as const;
let cells = 0;
let asExpected = 0;
afterAll(() => {
  console.log(
    `rules matrix: ${rows.length} collections × ${actors.length} actors × ${operations.length} operations = ${cells} cells, ${asExpected} as expected`,
  );
});

describe("the matrix", () => {
  it.each(rows)(
    "holds for $collection, cell by cell",
    async ({ collection, letters }) => {
      const asked = await Promise.all(
        letters.map(async ([actor, may]) =>
          (await tried(collection, actor)).map(([operation, allowed]) => ({
            cell: `${collection} × ${actor} × ${operation}`,
            allowed,
            expected: may.includes(operation),
          })),
        ),
      );
      const differing = asked
        .flat()
        .filter(({ allowed, expected }) => allowed !== expected);
      cells += asked.flat().length;
      asExpected += asked.flat().length - differing.length;
      expect(differing).toEqual([]);
      expect(asked.flat()).toHaveLength(actors.length * operations.length);
    },
    30_000,
  );

  it.each(rows)("says of $collection what domain/roles.ts says", (row) => {
    const byDomain = actors.map((actor) => {
      return [actor, lettersOf(row.collection, actor)] as const;
    });
    expect(row.letters).toEqual(byDomain);
  });

  it("has a row for every collection that the domain names", () => {
    const inTable = rows.map(({ collection }) => collection);
    const inDomain = domainCollections();
    expect(inDomain.length).toBeGreaterThan(15);
    expect(inDomain.filter((name) => !inTable.includes(name))).toEqual([]);
    expect(new Set(inTable).size).toBe(inTable.length);
    expect(actors).toEqual(Object.keys(people));
  });
});

describe("beyond the matrix", () => {
  const withAudience = rows
    .map(({ collection }) => collection)
    .filter(carriesAudience);

  it.each(withAudience)(
    "no account manager lists %s by somebody else's key",
    async (collection) => {
      const list = (actor: string, keys: readonly string[]) =>
        as(actor).list(`tenants/${tenant}/${collection}`, keys);
      const foreign = await Promise.all([
        list("mate", ["u:own"]),
        list("mate", ["u:mate", "u:own"]),
        list("mate", ["u:mate", "t:north"]),
        list("alien", ["u:alien", "t:south", "t:north"]),
        list("own", ["u:own", "t:north"]),
      ]);
      expect(foreign).toEqual(Array(5).fill("denied"));
      expect(await list("alien", ["u:alien", "t:south"])).toEqual([]);
      expect(await list("lead", ["t:north"])).toEqual(["d1"]);
    },
  );

  it.each(["inbox", "history", "members", "messages", "opportunities"])(
    "nobody lists the %s of all tenants, not even an admin",
    async (collectionId) => {
      expect(await as("admin").listGroup(collectionId)).toBe("denied");
    },
  );

  it("nobody makes themself a member or gives themself a role", async () => {
    const members = `tenants/${tenant}/members`;
    const role = (actor: string) =>
      as(actor).set(`${members}/${actor}`, "role", "ADMIN");
    expect(await role("unlisted")).toBe(false);
    expect(await role("own")).toBe(false);
    expect(await role("admin")).toBe(false);
  });

  it("a demotion holds at once, whatever the token says", async () => {
    const ops = db.doc(`tenants/${tenant}/members/ops`);
    const lead = db.doc(`tenants/${tenant}/members/lead`);
    const message = () => as("ops").get(documentOf("messages"));
    const card = (actor: string) => as(actor).get(documentOf("inbox"));
    expect([await message(), await card("lead")]).toEqual([true, true]);
    await ops.update({ role: "VIEWER" });
    expect([await message(), await card("ops")]).toEqual([false, true]);
    await ops.update({ active: false });
    await lead.update({ isLead: false });
    expect([await card("ops"), await card("lead")]).toEqual([false, false]);
    await ops.update({ role: "OPERATIONS", active: true });
    await lead.update({ isLead: true });
  });

  it("a team's name cannot smuggle in another team's key", async () => {
    const alien = db.doc(`tenants/${tenant}/members/alien`);
    const card = () => as("alien").get(documentOf("inbox"));
    await alien.update({ teams: ["south\nt:north"] });
    expect(await card()).toBe(false);
    await alien.update({ teams: ["north"] });
    expect(await card()).toBe(true);
    await alien.update({ teams: [] });
    expect(await card()).toBe(false);
    const own = as("alien").list(`tenants/${tenant}/inbox`, ["u:alien"]);
    expect(await own).toEqual([]);
    await alien.update({ teams: people["alien"]?.member?.teams });
  });
});

function as(actor: string) {
  return clientOf(projectId, people[actor] ?? { uid: actor });
}

/** Each operation on a collection's document, and whether it succeeded. */
async function tried(collection: string, actor: string) {
  const { get, list, set, remove } = as(actor);
  const path = documentOf(collection);
  const parent = path.slice(0, path.lastIndexOf("/"));
  const keys = carriesAudience(collection) ? keysOf(actor) : null;
  const listed = await list(parent, keys);
  const all = keys === null ? listed : await list(parent, null);
  return [
    ["g", await get(path)],
    ["l", listed !== "denied" && listed.includes(collections.idOf(path))],
    ["a", all !== "denied"],
    ["create", await set(`${parent}/new`, "n", "1")],
    ["update", await set(path, "n", "2")],
    ["delete", await remove(path)],
  ] as const;
}

/** Where the tested document of a collection is kept. */
function documentOf(collection: string): string {
  if (collection === "tenants") return `tenants/${tenant}`;
  if (collection === "system") return "system/heartbeat";
  if (collection === "members") return `tenants/${tenant}/members/own`;
  return `tenants/${tenant}/${collection.replace("/", "/d1/")}/d1`;
}

/** The collections that domain/collections.ts builds paths of, by name: `opportunities/history`. */
function domainCollections(): readonly string[] {
  const named = Object.values(collections).flatMap((value) => {
    const built: unknown =
      typeof value === "function"
        ? Reflect.apply(value, undefined, ["{t}", "{a}", "{b}"])
        : value;
    const ref = z.object({ path: z.string() }).safeParse(built);
    if (!ref.success) return [];
    const names = ref.data.path.split("/").filter((_, n) => n % 2 === 0);
    return [names.length > 1 ? names.slice(1).join("/") : (names[0] ?? "")];
  });
  return [...new Set(named)];
}
