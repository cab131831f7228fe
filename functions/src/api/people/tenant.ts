import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { Tenant, tenantDefaults } from "../../domain/tenants/tenant.ts";
import {
  changedTenant,
  TenantChange,
} from "../../domain/tenants/tenantChange.ts";
import { body, json, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import {
  badField,
  commandProblems,
  queryProblems,
  Refused,
} from "../http/problem.ts";
import { edit, mustChange, Version } from "../http/versioned.ts";

const View = z
  .object({
    id: z.string(),
    ...Tenant.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  })
  .openapi("Tenant");

const example = {
  id: "acme",
  name: "Acme Consulting",
  provenance: "live" as const,
  ...tenantDefaults,
  version: 1,
};

const get = createRoute({
  method: "get",
  ...permitted("tenant", "account.read"),
  path: "/api/v1/tenant",
  operationId: "getTenant",
  summary:
    "The tenant's settings: thresholds, half-lives, weights, review time",
  responses: {
    200: json(View, "The settings", example),
    ...queryProblems(404),
  },
});

const change = createRoute({
  method: "patch",
  ...permitted("tenant", "tenant.manage"),
  path: "/api/v1/tenant",
  operationId: "changeTenant",
  summary: "Change the tenant's settings",
  description:
    "They hold for what is weighed from now on. Other score weights need another version, which every card scored by them carries.",
  request: {
    body: body(TenantChange.extend({ version: Version }), {
      version: 1,
      reviewHours: 8,
    }),
  },
  responses: {
    200: json(View, "The settings as they are now", {
      ...example,
      reviewHours: 8,
      version: 2,
    }),
    ...commandProblems(404),
  },
});

/** The routes of a tenant's settings. */
export function tenantRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(get, async (c) => {
    const { id, data } = await findTenant(c, deps);
    return c.json(shown(View, { id, ...data }), 200);
  });

  api.openapi(change, async (c) => {
    const { version, ...wanted } = c.req.valid("json");
    mustChange(wanted);
    const changed = await edit(
      c,
      {
        kind: "tenant",
        version,
        reason: "settings changed",
        find: () => findTenant(c, deps),
        change: (read) => {
          const changed = changedTenant(read.data, wanted);
          if (!changed.ok) throw badField(changed.field, changed.why);
          return changed;
        },
        view: (data) => shown(View, { id: c.get("caller").tenantId, ...data }),
      },
      deps,
    );
    return c.json(changed, 200);
  });
}

async function findTenant(c: ApiContext, deps: Pick<ApiDeps, "store">) {
  const read = await deps.store.read(at.tenant(c.get("caller").tenantId));
  if (read === null) throw new Refused(404, "There is no such tenant.");
  return read;
}
