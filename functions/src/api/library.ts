import { z } from "@hono/zod-openapi";
import type { CollectionRef } from "../domain/collections.ts";
import { slugOf } from "../domain/slug.ts";
import type { Emission } from "../domain/message.ts";
import { commitOutcome } from "../pipeline/commit.ts";
import type { Read } from "../pipeline/ports.ts";
import { type ApiContext, type ApiDeps, authorOf } from "./context.ts";
import { page, startAfter } from "./page.ts";
import { Refused } from "./problem.ts";
import { edit } from "./versioned.ts";

interface Entry {
  readonly title: string;
  readonly version: number;
}

/** A shelf of what a tenant keeps for its cards: where it is, what one is called, and who is told of a new version. */
export interface Shelf<T extends Entry> {
  readonly kind: "asset" | "playbook";
  readonly collection: CollectionRef<T>;
  readonly tell: (id: string, version: number) => readonly Emission[];
}

/** A page of a shelf, by title. */
export async function listed<T extends Entry>(
  { collection }: Shelf<T>,
  {
    limit,
    cursor,
  }: { readonly limit: number; readonly cursor?: string | undefined },
  deps: Pick<ApiDeps, "store">,
) {
  const reads = await deps.store.query({
    collection,
    where: [],
    orderBy: [
      ["title", "asc"],
      ["__name__", "asc"],
    ],
    limit: limit + 1,
    ...startAfter(cursor, z.tuple([z.string(), z.string().min(1)])),
  });
  const { items, nextCursor } = page(reads, limit, ({ id, data }) => [
    data.title,
    id,
  ]);
  return { items: items.map(({ id, data }) => ({ id, ...data })), nextCursor };
}

/** One of a shelf, else 404. */
export async function found<T extends Entry>(
  { kind, collection }: Shelf<T>,
  id: string,
  deps: Pick<ApiDeps, "store">,
): Promise<Read<T>> {
  const path = `${collection.path}/${id}`;
  const read = await deps.store.read({ path, schema: collection.schema });
  if (read === null) throw new Refused(404, `There is no such ${kind}.`);
  return read;
}

/** Puts one on a shelf, audited; 409 where its id is taken. */
export async function added<T extends Entry>(
  c: ApiContext,
  {
    shelf: { kind, collection, tell },
    form: { id: wanted, ...form },
  }: {
    readonly shelf: Shelf<T>;
    readonly form: { readonly id?: string | undefined; readonly title: string };
  },
  deps: ApiDeps,
) {
  const id = wanted ?? slugOf(form.title, kind);
  const ref = { path: `${collection.path}/${id}`, schema: collection.schema };
  const data = { ...form, version: 1 };
  const done = await commitOutcome(
    {
      // The form holds all that the schema asks for; the store parses by it.
      writes: [{ kind: "create", ref, data }],
      emits: tell(id, 1),
      audit: [
        {
          action: "CREATE",
          entity: { kind, id },
          before: null,
          after: data,
          reason: "set up by hand",
        },
      ],
    },
    authorOf(c),
    [],
    deps,
  );
  if (done.kind === "conflict") {
    const detail = `There is one of the id "${id}" already; change that one, or give another id.`;
    throw new Refused(409, detail, { current: { id } });
  }
  return { id, ...data };
}

/** Changes one of a shelf on the version that was looked at. */
export async function changed<T extends Entry>(
  c: ApiContext,
  {
    shelf,
    id,
    version,
    patch,
  }: {
    readonly shelf: Shelf<T>;
    readonly id: string;
    readonly version: number;
    readonly patch: object;
  },
  deps: ApiDeps,
) {
  const { data } = await edit(
    c,
    {
      kind: shelf.kind,
      version,
      reason: "changed by hand",
      find: () => found(shelf, id, deps),
      change: (_read, next) => ({ patch, emits: shelf.tell(id, next) }),
    },
    deps,
  );
  return { id, ...data };
}
