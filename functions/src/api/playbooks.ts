import { createRoute, z } from "@hono/zod-openapi";
import { given } from "../domain/changes.ts";
import * as at from "../domain/collections.ts";
import { Playbook } from "../domain/library.ts";
import { PlaybookChange, PlaybookForm } from "../domain/libraryForm.ts";
import { body, json, shown } from "./answer.ts";
import { permitted } from "./auth.ts";
import type { Api, ApiContext, ApiDeps } from "./context.ts";
import { added, changed, found, listed, type Shelf } from "./library.ts";
import { pageOf, PageQuery } from "./page.ts";
import { problems } from "./problem.ts";
import { mustChange, Version } from "./versioned.ts";

const View = z
  .object({
    id: z.string(),
    ...Playbook.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  })
  .openapi("Playbook");
const Page = pageOf(View).openapi("PlaybookPage");
const OfPlaybook = z.object({ id: z.string().regex(/^[\w.-]{1,200}$/) });
const reading = permitted("playbooks", "opportunity.read");
const managing = permitted("playbooks", "library.manage");

const list = createRoute({
  method: "get",
  ...reading,
  path: "/api/v1/playbooks",
  summary:
    "What to do when something of a kind happens, by title; what is out of use too",
  request: { query: PageQuery },
  responses: {
    200: json(Page, "A page of playbooks"),
    ...problems(400, 401, 403),
  },
});

const one = createRoute({
  method: "get",
  ...reading,
  path: "/api/v1/playbooks/{id}",
  summary: "A playbook",
  request: { params: OfPlaybook },
  responses: {
    200: json(View, "The playbook"),
    ...problems(400, 401, 403, 404),
  },
});

const add = createRoute({
  method: "post",
  ...managing,
  path: "/api/v1/playbooks",
  summary:
    "Add what to do when something of a kind happens; the next cards follow it",
  request: { body: body(PlaybookForm) },
  responses: {
    201: json(View, "The new playbook"),
    ...problems(400, 401, 403, 409),
  },
});

const change = createRoute({
  method: "patch",
  ...managing,
  path: "/api/v1/playbooks/{id}",
  summary: "Change a playbook, or take it out of use",
  request: {
    params: OfPlaybook,
    body: body(PlaybookChange.extend({ version: Version })),
  },
  responses: {
    200: json(View, "The playbook as it is now"),
    ...problems(400, 401, 403, 404, 409),
  },
});

/** The routes of what to do when something of a kind happens. */
export function playbookRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const items = await listed(shelfOf(c), c.req.valid("query"), deps);
    return c.json(shown(Page, items), 200);
  });

  api.openapi(one, async (c) => {
    const { id, data } = await found(shelfOf(c), c.req.valid("param").id, deps);
    return c.json(shown(View, { id, ...data }), 200);
  });

  api.openapi(add, async (c) => {
    const asked = { shelf: shelfOf(c), form: c.req.valid("json") };
    return c.json(shown(View, await added(c, asked, deps)), 201);
  });

  api.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const { version, ...wanted } = c.req.valid("json");
    mustChange(wanted);
    const asked = { shelf: shelfOf(c), id, version, patch: given(wanted) };
    return c.json(shown(View, await changed(c, asked, deps)), 200);
  });
}

function shelfOf(c: ApiContext): Shelf<Playbook> {
  return {
    kind: "playbook",
    collection: at.playbooks(c.get("caller").tenantId),
    tell: () => [],
  };
}
