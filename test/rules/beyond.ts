import { asking, type Case, type Question } from "./cases.ts";
import { type as, documentOf, folderOf } from "./database.ts";
import { carriesAudience, lettersOf, rows } from "./expected.ts";
import { ofPeople } from "./ofPeople.ts";

const collections = rows.map(({ collection }) => collection);
const withAudience = collections.filter(carriesAudience);
const listable = collections.filter((name) =>
  lettersOf(name, "admin").includes("a"),
);

/** What the rules hold where the matrix has no cell. */
export const beyond: readonly Case[] = [
  ...withAudience.flatMap(foreignKeys),
  ...withAudience.flatMap(oddDocuments),
  ...listable.flatMap(pages),
  ...collections.flatMap(allTenants),
  ...collections.flatMap(beneath),
  ...["opportunities/comments", "opportunities/history"].flatMap(
    beneathForeignCards,
  ),
  ...ofPeople,
];

function foreignKeys(collection: string): readonly Case[] {
  const list = (who: string, keys: readonly string[], expected: unknown) =>
    asking({
      says: "account managers list by their own keys alone",
      name: `${collection} of ${keys.join(" ")}`,
      collection,
      expected,
      who,
      what: ({ list }) => list(folderOf(collection), { keys }),
    });
  return [
    list("mate", ["u:own"], "denied"),
    list("mate", ["u:mate", "u:own"], "denied"),
    list("mate", ["u:mate", "t:north"], "denied"),
    list("alien", ["u:alien", "t:south", "t:north"], "denied"),
    list("own", ["u:own", "t:north"], "denied"),
    list("alien", ["u:alien", "t:south"], []),
    list("own", ["u:own"], ["d1"]),
    list("lead", ["t:north"], ["d1"]),
  ];
}

function oddDocuments(collection: string): readonly Case[] {
  return ["bare", "odd", "absent", "foreign"].flatMap((id) =>
    ["own", "lead", "viewer"].map((who) =>
      asking({
        says: "what does not name an account manager is shown to those alone who see everything",
        name: `${collection}/${id}`,
        collection,
        expected: who === "viewer",
        who,
        what: ({ get }) => get(`${folderOf(collection)}/${id}`),
      }),
    ),
  );
}

function pages(collection: string): readonly Case[] {
  const folder = folderOf(collection);
  const cut = folder.lastIndexOf("/");
  const from = [{ collectionId: folder.slice(cut + 1) }];
  const ask = (name: string, expected: boolean, what: Question["what"]) =>
    asking({
      says: "nobody lists or counts more than 200 at once",
      name: `${collection} ${name}`,
      collection,
      expected,
      who: "admin",
      what: async (client) => (await what(client)) !== "denied",
    });
  const count = (query: object) => (client: ReturnType<typeof as>) =>
    client.count(`/${folder.slice(0, cut)}`, { from, ...query });
  return [
    ask("all listed", false, ({ list }) => list(folder, { limit: null })),
    ask("201 listed", false, ({ list }) => list(folder, { limit: 201 })),
    ask("200 listed", true, ({ list }) => list(folder, { limit: 200 })),
    ask("all counted", false, count({})),
    ask("200 counted", true, count({ limit: 200 })),
  ];
}

function allTenants(collection: string): readonly Case[] {
  const name = folderOf(collection).split("/").at(-1) ?? "";
  const keys = { admin: null, viewer: null, own: ["u:own"], lead: ["t:north"] };
  return Object.entries(keys).map(([who, keys]) =>
    asking({
      says: "nobody lists a collection of all tenants at once",
      name,
      collection,
      expected: "denied",
      who,
      what: ({ list }) => list(name, { keys, group: true }),
    }),
  );
}

function beneathForeignCards(collection: string): readonly Case[] {
  const folder = folderOf(collection).replace("/d1/", "/foreign/");
  return ["own", "lead", "viewer"].flatMap((who) => {
    const says = "what is beneath a card is read as the card is";
    const same = { says, collection, expected: who === "viewer", who };
    return [
      asking({ ...same, name: folder, what: listed(folder) }),
      asking({ ...same, name: `${folder}/d1`, what: got(`${folder}/d1`) }),
    ];
  });
}

function beneath(collection: string): readonly Case[] {
  const folder = `${documentOf(collection)}/unnamed`;
  return (["admin", "own"] as const).flatMap((who) => {
    const says = "nothing is read beneath a document because that may be read";
    const same = { says, collection, expected: false, who };
    return [
      asking({ ...same, name: folder, what: listed(folder) }),
      asking({ ...same, name: `${folder}/d1`, what: got(`${folder}/d1`) }),
    ];
  });
}

function listed(folder: string): Question["what"] {
  return async ({ list }) => (await list(folder)) !== "denied";
}

function got(path: string): Question["what"] {
  return ({ get }) => get(path);
}
