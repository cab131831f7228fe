import { z } from "@hono/zod-openapi";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import type { CollectionRef } from "../../domain/kernel/references.ts";
import { PlainId, type TenantId } from "../../domain/kernel/ids.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { toSlug } from "../../domain/kernel/slug.ts";
import type { Read } from "../../ports/store.ts";
import { body, json, toWire } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { readOr404 } from "../http/documents.ts";
import {
  commandRoute,
  queryRoute,
  type ParsedRequest,
  type Route,
} from "../http/route.ts";
import type { Outcome } from "../../ports/stage.ts";
import { commitAnswered } from "../http/idempotency.ts";
import {
  CursorText,
  type Listing,
  PageQuery,
  pageSchema,
  readEntries,
} from "../http/page.ts";
import { Refusal } from "../http/problem.ts";
import { editVersioned, assertChanges, Version } from "../http/versioned.ts";

interface Entry {
  readonly title: string;
  readonly version: number;
}

interface View extends Entry {
  readonly id: string;
  readonly active: boolean;
}

interface Form {
  readonly id?: string | undefined;
  readonly title: string;
}

/** A shelf of a tenant's library: its names, its schemas, where its entries are stored, and which messages announce a new version. */
export interface Shelf<T extends Entry, F extends Form> {
  readonly kind: "asset" | "playbook";
  readonly shelf: "assets" | "playbooks";
  readonly collection: (tenantId: TenantId) => CollectionRef<T>;
  readonly tell: (id: string, version: number) => readonly Emission[];
  readonly view: z.ZodType<View>;
  readonly form: z.ZodType<F>;
  readonly change: z.ZodType<object>;
  readonly example: {
    readonly entry: object;
    readonly form: object;
    readonly change: object;
  };
  readonly summaries: {
    readonly list: string;
    readonly one: string;
    readonly add: string;
    readonly change: string;
  };
}

const EntryParams = z.object({ id: PlainId });

/** The routes of a shelf: every member may list and read it, those who manage the library may add and change entries. */
export function libraryRoutes<T extends Entry, F extends Form>(
  shelf: Shelf<T, F>,
): readonly Route[] {
  return [
    listRoute(shelf),
    getRoute(shelf),
    addRoute(shelf),
    changeRoute(shelf),
  ];
}

function listRoute<T extends Entry, F extends Form>(shelf: Shelf<T, F>): Route {
  const { shelf: shelfName, collection, view, example, summaries } = shelf;
  const name = capitalize(shelf.kind);
  return queryRoute(
    {
      ...memberAccess(shelfName, "opportunity.read"),
      path: `/api/v1/${shelfName}`,
      operationId: `list${name}s`,
      summary: summaries.list,
      request: { query: PageQuery },
      answer: json(
        pageSchema(view).openapi(`${name}Page`),
        `A page of ${shelfName}`,
        { items: [example.entry], nextCursor: null },
      ),
    },
    async (c, deps) => {
      const listing: Listing<T> = {
        collection: collection(c.get("caller").tenantId),
        by: ["title", "asc"],
        cursor: z.tuple([CursorText, PlainId]),
      };
      return readEntries(c.req.valid("query"), listing, deps);
    },
  );
}

function getRoute<T extends Entry, F extends Form>(shelf: Shelf<T, F>): Route {
  const { kind, shelf: shelfName, view, example, summaries } = shelf;
  return queryRoute(
    {
      ...memberAccess(shelfName, "opportunity.read"),
      path: `/api/v1/${shelfName}/{id}`,
      operationId: `get${capitalize(kind)}`,
      summary: summaries.one,
      request: { params: EntryParams },
      answer: json(view, `The ${kind}`, example.entry),
      refusals: [404],
    },
    async (c, deps) => {
      const { id, data } = await findEntry(c, shelf, deps);
      return { id, ...data };
    },
  );
}

function addRoute<T extends Entry, F extends Form>(shelf: Shelf<T, F>): Route {
  const { kind, shelf: shelfName, view, form, example, summaries } = shelf;
  return commandRoute(
    {
      status: 201,
      ...memberAccess(shelfName, "library.manage"),
      path: `/api/v1/${shelfName}`,
      operationId: `add${capitalize(kind)}`,
      summary: summaries.add,
      request: { body: body(form, example.form) },
      answer: json(view, `The new ${kind}`, example.entry),
    },
    async (c, deps) => addEntry(c, { shelf, form: c.req.valid("json") }, deps),
  );
}

function changeRoute<T extends Entry, F extends Form>(
  shelf: Shelf<T, F>,
): Route {
  const { kind, shelf: shelfName, view, change, example, summaries } = shelf;
  return commandRoute(
    {
      method: "patch",
      ...memberAccess(shelfName, "library.manage"),
      path: `/api/v1/${shelfName}/{id}`,
      operationId: `change${capitalize(kind)}`,
      summary: summaries.change,
      request: {
        params: EntryParams,
        body: body(z.object({ version: Version }).and(change), {
          version: 1,
          ...example.change,
        }),
      },
      answer: json(view, `The ${kind} as it is now`, {
        ...example.entry,
        ...example.change,
        version: 2,
      }),
      refusals: [404],
    },
    async (c, deps) => {
      const { id } = c.req.valid("param");
      const { version, ...wanted } = c.req.valid("json");
      assertChanges(wanted);
      return editVersioned(
        c,
        {
          kind,
          version,
          reason: "changed by hand",
          find: () => findEntry(c, shelf, deps),
          change: (_read, next) => ({
            patch: withoutUndefined(wanted),
            emits: shelf.tell(id, next),
          }),
          view: (data) => toWire(view, { id, ...data }),
        },
        deps,
      );
    },
  );
}

/** The entry of the request's path; 404 if it does not exist. */
async function findEntry<T extends Entry, F extends Form>(
  c: ParsedRequest<{ params: typeof EntryParams }>,
  { kind, collection }: Shelf<T, F>,
  deps: ApiDeps,
): Promise<Read<T>> {
  const { id } = c.req.valid("param");
  const { path, schema } = collection(c.get("caller").tenantId);
  return readOr404({ path: `${path}/${id}`, schema }, kind, deps);
}

async function addEntry<T extends Entry, F extends Form>(
  c: ApiContext,
  {
    shelf: { kind, tell, collection, view },
    form: { id: wanted, ...form },
  }: { readonly shelf: Shelf<T, F>; readonly form: F },
  deps: ApiDeps,
) {
  const id = wanted ?? toSlug(form.title, kind);
  const { path, schema } = collection(c.get("caller").tenantId);
  const ref = { path: `${path}/${id}`, schema };
  const data = { ...form, version: 1 };
  const answer = toWire(view, { id, ...data });
  const outcome: Outcome = {
    // The form has every field of the schema; the store parses the document by it.
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
  };
  const commit = await commitAnswered(c, { outcome, answer }, deps);
  if (commit.kind === "committed") return answer;
  const detail = `The id "${id}" is taken. Change that ${kind}, or give another id.`;
  throw new Refusal(409, detail, { current: { id } });
}

function capitalize(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
