import { createRoute, z } from "@hono/zod-openapi";
import { given } from "../domain/changes.ts";
import * as at from "../domain/collections.ts";
import { Asset } from "../domain/library.ts";
import { AssetChange, AssetForm } from "../domain/libraryForm.ts";
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
    ...Asset.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  })
  .openapi("Asset");
const Page = pageOf(View).openapi("AssetPage");
const OfAsset = z.object({ id: z.string().regex(/^[\w.-]{1,200}$/) });
const reading = permitted("assets", "opportunity.read");
const managing = permitted("assets", "library.manage");

const list = createRoute({
  method: "get",
  ...reading,
  path: "/api/v1/assets",
  summary: "What cards can point to, by title; what is out of use too",
  request: { query: PageQuery },
  responses: {
    200: json(Page, "A page of assets"),
    ...problems(400, 401, 403),
  },
});

const one = createRoute({
  method: "get",
  ...reading,
  path: "/api/v1/assets/{id}",
  summary: "A case study, deck or reference",
  request: { params: OfAsset },
  responses: { 200: json(View, "The asset"), ...problems(400, 401, 403, 404) },
});

const add = createRoute({
  method: "post",
  ...managing,
  path: "/api/v1/assets",
  summary: "Add a case study, deck or reference; cards find it by its meaning",
  request: { body: body(AssetForm) },
  responses: {
    201: json(View, "The new asset"),
    ...problems(400, 401, 403, 409),
  },
});

const change = createRoute({
  method: "patch",
  ...managing,
  path: "/api/v1/assets/{id}",
  summary: "Change an asset, or take it out of use",
  request: {
    params: OfAsset,
    body: body(AssetChange.extend({ version: Version })),
  },
  responses: {
    200: json(View, "The asset as it is now"),
    ...problems(400, 401, 403, 404, 409),
  },
});

/** The routes of what cards can point to. */
export function assetRoutes(api: Api, deps: ApiDeps): void {
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

function shelfOf(c: ApiContext): Shelf<Asset> {
  return {
    kind: "asset",
    collection: at.assets(c.get("caller").tenantId),
    tell: (assetId, version) => [
      { topic: "asset-changed", payload: { assetId, version } },
    ],
  };
}
