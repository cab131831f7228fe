import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { Permission, Role } from "../../functions/src/domain/people/roles.ts";
import { tenantDefaults } from "../../functions/src/domain/tenants/tenant.ts";
import {
  acme,
  bodyOf,
  present,
  problemOf,
  sharedApi,
  umbrella,
} from "../support/api.ts";

const Settings = z.looseObject({
  id: z.string(),
  version: z.int(),
  reviewHours: z.number(),
});
const Me = z.object({
  uid: z.string(),
  role: Role,
  permissions: z.array(Permission),
  tenant: z.object({ id: z.string(), name: z.string() }),
  tenants: z.array(z.string()),
});
const route = "/api/v1/tenant";
const { weights } = tenantDefaults;

const api = await sharedApi();

const patch = (body: object, person = "ada") =>
  api.as(person, route, { method: "PATCH", body });
const stored = async () =>
  present(await api.deps.store.read(at.tenant(acme))).data;

describe("a tenant's settings", () => {
  it("are read by every member, and by nobody else", async () => {
    for (const person of ["ada", "anna", "otto", "vera"]) {
      const seen = bodyOf(await api.as(person, route), 200, Settings);
      expect(seen).toMatchObject({ id: acme, version: 1, reviewHours: 24 });
    }
    problemOf(await api.as("ina", route), 403);
    problemOf(await api.as("stranger", route), 403);
  });

  it("are changed by administrators alone", async () => {
    for (const person of ["anna", "lea", "otto", "vera", "ina"]) {
      problemOf(await patch({ version: 1, reviewHours: 1 }, person), 403);
    }
    expect((await stored()).reviewHours).toBe(24);
  });

  it("change entry by entry, on the version that was looked at, audited", async () => {
    const change = { reviewHours: 8, halfLifeDays: { news: 7 } };
    const stale = problemOf(await patch({ version: 9, ...change }), 409);
    expect(stale.current).toEqual({ version: 1 });
    problemOf(await patch({ version: 1 }), 400);

    const answer = await patch({ version: 1, ...change });
    expect(bodyOf(answer, 200, Settings)).toMatchObject({ version: 2 });
    expect(await stored()).toMatchObject({
      reviewHours: 8,
      halfLifeDays: { ...tenantDefaults.halfLifeDays, news: 7 },
      categoryWeights: tenantDefaults.categoryWeights,
    });
    const entries = (await api.audit()).filter(
      ({ entity }) => entity.kind === "tenant",
    );
    expect(entries).toMatchObject([
      {
        action: "UPDATE",
        actor: "ada",
        before: { reviewHours: 24, version: 1 },
        after: { reviewHours: 8, version: 2 },
      },
    ]);
    expect(entries[0]?.after).not.toHaveProperty("typeWeights");
  });

  it("take other score weights only under another version, and only where they sum to 1", async () => {
    const { version } = await stored();
    const other = { ...weights, impact: 0.2, fit: 0.2 };
    const reused = await patch({ version, weights: other });
    expect(problemOf(reused, 400).errors?.[0]?.field).toBe("weights.version");
    const short = { ...other, version: "2", fit: 0.1 };
    problemOf(await patch({ version, weights: short }), 400);
    expect((await stored()).weights).toEqual(weights);

    const renamed = { ...other, version: "2" };
    const answer = await patch({ version, weights: renamed });
    expect(answer.status, answer.text).toBe(200);
    expect((await stored()).weights).toEqual(renamed);
  });

  it("name each value that is out of bounds, and no kind that does not exist", async () => {
    const odd = { highIntentThreshold: 101, typeWeights: { news: 2 } };
    const problem = problemOf(await patch({ version: 2, ...odd }), 400);
    expect(problem.errors?.map(({ field }) => field)).toEqual([
      "highIntentThreshold",
      "typeWeights.news",
    ]);
    const unknown = { categoryWeights: { gossip: 1 } };
    problemOf(await patch({ version: 2, ...unknown }), 400);
  });
});

describe("who one is", () => {
  it("is told with what one may do, in the tenant that is meant", async () => {
    const otto = bodyOf(await api.as("otto", "/api/v1/me"), 200, Me);
    expect(otto).toMatchObject({
      uid: "otto",
      role: "OPERATIONS",
      tenant: { id: acme, name: "Acme Consulting" },
      tenants: [acme],
    });
    expect(otto.permissions).toContain("account.manage");
    expect(otto.permissions).not.toContain("member.manage");
    const headers = { "X-Tenant-ID": umbrella };
    const both = await api.as("both", "/api/v1/me", { headers });
    expect(bodyOf(both, 200, Me)).toMatchObject({
      tenant: { id: umbrella },
      tenants: [acme, umbrella],
    });
    const byDefault = await api.as("both", "/api/v1/me");
    expect(bodyOf(byDefault, 200, Me).tenant.id).toBe(acme);
  });

  it("is answered clearly where one belongs to no tenant", async () => {
    const { detail } = problemOf(await api.as("none", "/api/v1/me"), 403);
    expect(detail).toContain("do not belong to a tenant yet");
    expect(detail).toContain("administrator");
    expect(detail).toContain("your invitations");
  });
});
