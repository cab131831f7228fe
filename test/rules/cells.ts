import { lastSegment } from "../../functions/src/domain/collections.ts";
import type { Case } from "./cases.ts";
import { as, documentOf, folderOf } from "./database.ts";
import { carriesAudience, keysOf, rows } from "./expected.ts";

/** What is tried on each collection by each actor: the letters of the table, and three ways to write. */
export const operations = [
  "g",
  "l",
  "a",
  "create",
  "update",
  "delete",
] as const;

/** The matrix of expected.ts, cell by cell. */
export const cells: readonly Case[] = rows.flatMap(({ collection, letters }) =>
  letters.flatMap(([actor, may]) =>
    operations.map((operation) => ({
      says: `${collection} is as the matrix says, cell by cell`,
      name: `${collection} × ${actor} × ${operation}`,
      collection,
      expected: may.includes(operation),
      writes: operation.length > 1,
      ask: (projectId) =>
        tried[operation](as(projectId, actor), collection, actor),
    })),
  ),
);

type Tried = (
  client: ReturnType<typeof as>,
  collection: string,
  actor: string,
) => Promise<boolean>;

const tried: Readonly<Record<(typeof operations)[number], Tried>> = {
  g: (client, collection) => client.get(documentOf(collection)),
  l: async (client, collection, actor) => {
    const keys = carriesAudience(collection) ? keysOf(actor) : null;
    const listed = await client.list(folderOf(collection), { keys });
    return (
      listed !== "denied" &&
      listed.includes(lastSegment(documentOf(collection)))
    );
  },
  a: async (client, collection) =>
    (await client.list(folderOf(collection))) !== "denied",
  create: (client, collection) =>
    client.set(`${folderOf(collection)}/new`, "n", "1"),
  update: (client, collection) => client.set(documentOf(collection), "n", "2"),
  delete: (client, collection) => client.remove(documentOf(collection)),
};
