import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import { Tenant, tenantDefaults } from "../../domain/tenants/tenant.ts";
import {
  changedTenant,
  TenantChange,
} from "../../domain/tenants/tenantChange.ts";
import { body, json, toWire } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { findTenant } from "../http/documents.ts";
import { badField } from "../http/problem.ts";
import { editVersioned, assertChanges, Version } from "../http/versioned.ts";

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

const getTenant = queryRoute(
  {
    ...memberAccess("tenant", "account.read"),
    path: "/api/v1/tenant",
    operationId: "getTenant",
    summary:
      "The tenant's settings: thresholds, half-lives, weights, review time",
    answer: json(View, "The settings", example),
    refusals: [404],
  },
  async (c, deps) => {
    const { id, data } = await findTenant(c.get("caller").tenantId, deps);
    return { id, ...data };
  },
);

const changeTenant = commandRoute(
  {
    method: "patch",
    ...memberAccess("tenant", "tenant.manage"),
    path: "/api/v1/tenant",
    operationId: "changeTenant",
    summary: "Change the tenant's settings",
    description:
      "The new settings apply to everything assessed from now on. New score weights need a new version, which every card scored by them carries.",
    request: {
      body: body(TenantChange.extend({ version: Version }), {
        version: 1,
        reviewHours: 8,
      }),
    },
    answer: json(View, "The settings as they are now", {
      ...example,
      reviewHours: 8,
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { version, ...wanted } = c.req.valid("json");
    assertChanges(wanted);
    const changed = await editVersioned(
      c,
      {
        kind: "tenant",
        version,
        reason: "settings changed",
        find: () => findTenant(c.get("caller").tenantId, deps),
        change: (read) => {
          const changed = changedTenant(read.data, wanted);
          if (!changed.ok) throw badField(changed.field, changed.why);
          return changed;
        },
        view: (data) => toWire(View, { id: c.get("caller").tenantId, ...data }),
      },
      deps,
    );
    return changed;
  },
);

/** The routes of a tenant's settings. */
export const tenantRoutes: readonly Route[] = [getTenant, changeTenant];
