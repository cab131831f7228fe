import { createRoute, z } from "@hono/zod-openapi";
import { withoutUndefined } from "../../domain/kernel/changes.ts";
import type { CollectionRef } from "../../domain/kernel/references.ts";
import { PlainId, type TenantId } from "../../domain/kernel/ids.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { toSlug } from "../../domain/kernel/slug.ts";
import type { Read } from "../../ports/store.ts";
import { body, json, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { commitAnswered } from "../http/idempotency.ts";
import {
  CursorText,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { commandProblems, queryProblems, Refused } from "../http/problem.ts";
import { edit, mustChange, Version } from "../http/versioned.ts";

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

/** A shelf of what a tenant keeps for its cards: what its routes are called and take, where it is kept, and who is told of a new version. */
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

const OfEntry = z.object({ id: PlainId });

/** The routes of a shelf: listed and read by every member, added to and changed by those who keep it. */
export function libraryRoutes<T extends Entry, F extends Form>(
  api: Api,
  library: Shelf<T, F>,
  deps: ApiDeps,
): void {
  const { list, one, add, change } = routesOf(library);
  const { view, collection } = library;

  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const reads = await deps.store.query({
      collection: collection(c.get("caller").tenantId),
      where: [],
      orderBy: [
        ["title", "asc"],
        ["__name__", "asc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorText, OfEntry.shape.id])),
    });
    const { items, ...rest } = page(reads, limit, ({ id, data }) => [
      data.title,
      id,
    ]);
    const entries = items.map(({ id, data }) => ({ id, ...data }));
    const answer = { items: entries, ...rest };
    return c.json(shown(pageOf(view), answer), 200);
  });

  api.openapi(one, async (c) => {
    const { id, data } = await found(c, c.req.valid("param").id);
    return c.json(shown(view, { id, ...data }), 200);
  });

  api.openapi(add, async (c) => {
    return c.json(await added(c, c.req.valid("json")), 201);
  });

  api.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const { version, ...wanted } = c.req.valid("json");
    mustChange(wanted);
    const changed = await edit(
      c,
      {
        kind: library.kind,
        version,
        reason: "changed by hand",
        find: () => found(c, id),
        change: (_read, next) => ({
          patch: withoutUndefined(wanted),
          emits: library.tell(id, next),
        }),
        view: (data) => shown(view, { id, ...data }),
      },
      deps,
    );
    return c.json(changed, 200);
  });

  async function found(c: ApiContext, id: string): Promise<Read<T>> {
    const { path, schema } = collection(c.get("caller").tenantId);
    const read = await deps.store.read({ path: `${path}/${id}`, schema });
    if (read === null)
      throw new Refused(404, `There is no such ${library.kind}.`);
    return read;
  }

  async function added(c: ApiContext, { id: wanted, ...form }: F) {
    const { kind, tell } = library;
    const id = wanted ?? toSlug(form.title, kind);
    const { path, schema } = collection(c.get("caller").tenantId);
    const data = { ...form, version: 1 };
    const answer = shown(view, { id, ...data });
    const done = await commitAnswered(
      c,
      {
        outcome: {
          // The form holds all that the schema asks for; the store parses by it.
          writes: [
            { kind: "create", ref: { path: `${path}/${id}`, schema }, data },
          ],
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
        answer: { status: 201, body: answer },
      },
      deps,
    );
    if (done.kind === "conflict") {
      const detail = `There is one of the id "${id}" already; change that one, or give another id.`;
      throw new Refused(409, detail, { current: { id } });
    }
    return answer;
  }
}

function routesOf<T extends Entry, F extends Form>({
  kind,
  shelf,
  view,
  form,
  change,
  example,
  summaries,
}: Shelf<T, F>) {
  const reading = permitted(shelf, "opportunity.read");
  const managing = permitted(shelf, "library.manage");
  const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const entries = { items: [example.entry], nextCursor: null };
  const page = pageOf(view).openapi(`${name}Page`);
  return {
    list: createRoute({
      method: "get",
      ...reading,
      path: `/api/v1/${shelf}`,
      operationId: `list${name}s`,
      summary: summaries.list,
      request: { query: PageQuery },
      responses: {
        200: json(page, `A page of ${shelf}`, entries),
        ...queryProblems(),
      },
    }),
    one: createRoute({
      method: "get",
      ...reading,
      path: `/api/v1/${shelf}/{id}`,
      operationId: `get${name}`,
      summary: summaries.one,
      request: { params: OfEntry },
      responses: {
        200: json(view, `The ${kind}`, example.entry),
        ...queryProblems(404),
      },
    }),
    add: createRoute({
      method: "post",
      ...managing,
      path: `/api/v1/${shelf}`,
      operationId: `add${name}`,
      summary: summaries.add,
      request: { body: body(form, example.form) },
      responses: {
        201: json(view, `The new ${kind}`, example.entry),
        ...commandProblems(),
      },
    }),
    change: createRoute({
      method: "patch",
      ...managing,
      path: `/api/v1/${shelf}/{id}`,
      operationId: `change${name}`,
      summary: summaries.change,
      request: {
        params: OfEntry,
        body: body(z.object({ version: Version }).and(change), {
          version: 1,
          ...example.change,
        }),
      },
      responses: {
        200: json(view, `The ${kind} as it is now`, {
          ...example.entry,
          ...example.change,
          version: 2,
        }),
        ...commandProblems(404),
      },
    }),
  };
}
