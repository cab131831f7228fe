import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import {
  toInvitationId,
  invitationLastsMs,
  maxPending,
} from "../../functions/src/domain/people/invitation.ts";
import { dayMs } from "../../functions/src/domain/kernel/instant.ts";
import { create } from "../../functions/src/ports/store.ts";
import {
  acme,
  bodyOf,
  present,
  problemOf,
  type TestApi,
  umbrella,
} from "../support/api.ts";
import { inLanes } from "../rules/lanes.ts";
import { aUid } from "../support/builders.ts";
import { routesOf } from "../support/described.ts";
import { documents, linesOf } from "../support/dump.ts";
import { withFaults } from "../support/faults.ts";
import {
  inUmbrella,
  Me,
  mine,
  openHouse,
  post,
  route,
  Tenants,
  View,
  zoe,
} from "../support/invitationHouse.ts";

describe("an invitation", () => {
  it("changes nothing for the person until they accept it, and tells nothing of whether they exist", async () => {
    const { api, claims, invited, shownTo, memberOf } = await openHouse();
    // Whoever calls first takes a share of what they may ask.
    await invited();
    const { read, write } = { ...api.database.operations };
    const known = await invited({ ...zoe, email: "vera2@home.example" });
    const first = { ...api.database.operations };
    const unknown = await invited({ ...zoe, email: "noone@home.example" });
    const second = { ...api.database.operations };
    expect({ ...unknown, id: "", email: "" }).toEqual({
      ...known,
      id: "",
      email: "",
    });
    // As many steps for the one as for the other.
    expect(second.read - first.read).toBe(first.read - read);
    expect(second.write - first.write).toBe(first.write - write);
    expect(claims.claimOf("noone")).toEqual([]);
    expect(await memberOf("noone")).toBeNull();
    problemOf(await api.as("noone", "/api/v1/inbox"), 403);
    expect(await shownTo("noone")).toEqual([
      {
        tenant: { id: acme, name: "Acme Consulting" },
        invitedBy: "Anna",
        role: "ACCOUNT_MANAGER",
        state: "pending",
        hasInviter: true,
        expiresAt: unknown.expiresAt,
      },
    ]);
  });

  it("never asks the sign-in whether it knows an address", async () => {
    const asked: string[] = [];
    const { invited } = await openHouse({
      people: {
        tenantsOf: async (uid) => {
          asked.push(uid);
          return [];
        },
      },
    });
    await invited();
    await invited({ ...zoe, email: "ghost@home.example" });
    expect(asked).toEqual([]);
  });

  it("makes a member when it is accepted: document, audit entry, claim", async () => {
    const { api, claims, invited, answer, shownTo, memberOf } =
      await openHouse();
    await invited({ ...zoe, teams: ["north", "north"], isLead: true });
    const headers = { "X-Request-ID": "accept-1" };
    const accepted = await api.as("zoe", `${mine}/${acme}/accept`, {
      ...post,
      headers,
    });
    expect(bodyOf(accepted, 200, Tenants).tenants).toEqual([acme]);
    expect(await memberOf("zoe")).toMatchObject({
      email: "zoe@home.example",
      role: "ACCOUNT_MANAGER",
      teams: ["north"],
      isLead: true,
      active: true,
      version: 1,
    });
    expect(claims.claimOf("zoe")).toEqual([acme]);
    expect((await api.as("zoe", "/api/v1/inbox")).status).toBe(200);
    expect(await shownTo("zoe")).toEqual([]);
    const entries = (await api.audit()).filter((e) => e.traceId === "accept-1");
    expect(entries).toMatchObject([
      {
        action: "CREATE",
        actor: "zoe",
        entity: { kind: "member", id: "zoe" },
        reason: "accepted the invitation",
      },
    ]);
    // Once more changes nothing.
    const before = linesOf(await documents(api.database.db));
    expect((await answer("accept")).status).toBe(200);
    expect(linesOf(await documents(api.database.db))).toEqual(before);
  });

  it("is accepted once by two requests at the same time", async () => {
    const { api, claims, invited, answer } = await openHouse();
    await invited();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => answer("accept")),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(claims.claimOf("zoe")).toEqual([acme]);
    const joined = (await api.audit()).filter(
      ({ entity }) => entity.kind === "member",
    );
    expect(joined).toHaveLength(1);
  });

  it("of two tenants, accepted at the same time, loses neither of them", async () => {
    const { claims, invited, answer } = await openHouse();
    await invited();
    await invited(zoe, "eve");
    const answers = await Promise.all(
      [acme, umbrella].map((tenant) => answer("accept", tenant)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(claims.claimOf("zoe").toSorted()).toEqual([acme, umbrella]);
  });

  it("whose acceptance dies between the commit and the claim is completed by the next try, or by asking for one's tenants", async () => {
    for (const mend of [
      `${mine}/${acme}/accept`,
      "/api/v1/me/tenants/refresh",
    ]) {
      const { api, claims, invited, memberOf } = await openHouse();
      await invited();
      const { result, struck } = await withFaults(
        {
          deps: api.deps,
          clock: api.clock,
          plan: (point) =>
            point.startsWith("people.setTenants") ? "kill" : null,
        },
        (faulty) =>
          api.another(faulty).as("zoe", `${mine}/${acme}/accept`, post),
      );
      expect([result, struck?.fault]).toEqual(["killed", "kill"]);
      expect((await memberOf("zoe"))?.active).toBe(true);
      expect(claims.claimOf("zoe")).toEqual([]);
      const mended = await api.as("zoe", mend, post);
      expect(bodyOf(mended, 200, Tenants).tenants).toEqual([acme]);
      expect(claims.claimOf("zoe")).toEqual([acme]);
    }
  });

  it("that is declined stays so until the person is invited again", async () => {
    const { api, invited, answer, shownTo, memberOf } = await openHouse();
    const { id } = await invited();
    expect((await answer("decline")).status).toBe(200);
    expect((await answer("decline")).status).toBe(200);
    const late = problemOf(await answer("accept"), 409);
    expect(late.current).toEqual({ state: "declined" });
    expect(await shownTo("zoe")).toEqual([]);
    expect(await memberOf("zoe")).toBeNull();
    const declined = (await api.audit()).filter(
      ({ entity, actor }) => entity.id === id && actor === "zoe",
    );
    expect(declined).toMatchObject([{ after: { state: "declined" } }]);
    expect((await invited()).version).toBe(3);
    expect((await answer("accept")).status).toBe(200);
  });

  it("ends after fourteen days, and is renewed", async () => {
    const { api, invited, answer, shownTo } = await openHouse();
    const { id, version } = await invited();
    api.clock.advance(invitationLastsMs);
    const late = problemOf(await answer("accept"), 409);
    expect(late.current).toEqual({ state: "expired" });
    expect(await shownTo("zoe")).toEqual([]);
    const listed = await api.as("ada", route);
    const { items } = bodyOf(listed, 200, z.object({ items: z.array(View) }));
    expect(items).toMatchObject([{ id, state: "expired" }]);
    const renewed = await api.as("ada", `${route}/${id}/renew`, {
      body: { version },
    });
    expect(bodyOf(renewed, 200, View)).toMatchObject({ state: "pending" });
    api.clock.advance(13 * dayMs);
    expect((await answer("accept")).status).toBe(200);
  });

  it("that is withdrawn is not accepted, whichever of the two comes first", async () => {
    const { api, invited, answer, memberOf } = await openHouse();
    const { id, version } = await invited();
    const take = (on: number) =>
      api.as("ada", `${route}/${id}/withdraw`, { body: { version: on } });
    problemOf(await take(7), 409);
    expect((await take(version)).status).toBe(200);
    problemOf(await answer("accept"), 409);
    expect(await memberOf("zoe")).toBeNull();
    const again = await invited();
    const [taken, accepted] = await Promise.all([
      take(again.version),
      answer("accept"),
    ]);
    const statuses = [taken.status, accepted.status];
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await memberOf("zoe"))?.active ?? false).toBe(
      accepted.status === 200,
    );
  });

  it("is changed while it is pending, on the version that was looked at", async () => {
    const { api, invited, answer, memberOf } = await openHouse();
    const { id, version } = await invited();
    const change = (body: object) =>
      api.as("ada", `${route}/${id}`, { method: "PATCH", body });
    problemOf(await change({ version }), 400);
    problemOf(await change({ version: 9, role: "VIEWER" }), 409);
    const changed = await change({ version, role: "VIEWER", teams: ["east"] });
    expect(bodyOf(changed, 200, View).version).toBe(version + 1);
    expect((await answer("accept")).status).toBe(200);
    expect(await memberOf("zoe")).toMatchObject({
      role: "VIEWER",
      teams: ["east"],
    });
    const late = problemOf(await change({ version: 3, role: "ADMIN" }), 409);
    expect(late.current).toEqual({ state: "accepted", version: 3 });
    const renewed = await api.as("ada", `${route}/${id}/renew`, {
      body: { version: 3 },
    });
    problemOf(renewed, 409);
  });

  it("is not made for an active member of the tenant; it is for whoever left, and gives back nothing before they accept", async () => {
    const { api, claims, invited, answer, memberOf } = await openHouse();
    await invited();
    await answer("accept");
    const problem = problemOf(await api.as("ada", route, { body: zoe }), 409);
    expect(problem.current).toMatchObject({ uid: "zoe", state: "active" });
    const end = { body: { version: 1 } };
    await api.as("ada", "/api/v1/members/zoe/deactivate", end);
    // The invitation that they accepted once is no way back.
    problemOf(await answer("accept"), 409);
    expect((await memberOf("zoe"))?.active).toBe(false);
    await invited({ ...zoe, role: "VIEWER" });
    expect(claims.claimOf("zoe")).toEqual([]);
    expect((await answer("accept")).status).toBe(200);
    expect(await memberOf("zoe")).toMatchObject({
      active: true,
      role: "VIEWER",
      version: 3,
    });
    expect(claims.claimOf("zoe")).toEqual([acme]);
  });

  it("is managed by administrators alone, in their own tenant alone", async () => {
    const { api, invited } = await openHouse();
    const { id, version } = await invited();
    const asks = [
      [route, undefined],
      [route, zoe],
      [`${route}/${id}/withdraw`, { version }],
      [`${route}/${id}/renew`, { version }],
    ] as const;
    for (const [path, body] of asks) {
      problemOf(await api.as("vera", path, { body }), 403);
      if (path !== route) problemOf(await api.as("eve", path, { body }), 404);
    }
    const bad = { email: "no", name: "", role: "KING", teams: ["a\nb"] };
    const problem = problemOf(await api.as("ada", route, { body: bad }), 400);
    expect(problem.errors?.map(({ field }) => field)).toEqual([
      "email",
      "name",
      "role",
      "teams.0",
    ]);
  });

  it("is one of so many that may be pending at once", async () => {
    const { api, invited } = await openHouse();
    const one = await invited();
    const { data } = present(
      await api.deps.store.read(at.invitation(acme, one.id)),
    );
    const others = Array.from({ length: maxPending - 1 }, (_, n) => {
      const email = `p${n}@home.example`;
      const ref = at.invitation(acme, toInvitationId(email));
      return create(ref, { ...data, email });
    });
    await api.write(others);
    const form = { ...zoe, email: "one-too-many@home.example" };
    const problem = problemOf(await api.as("ada", route, { body: form }), 409);
    expect(problem.detail).toContain(`${maxPending} invitations`);
    // Those of another tenant are not counted, and an end makes room.
    await invited(form, "eve");
    await api.as("ada", `${route}/${one.id}/withdraw`, {
      body: { version: one.version },
    });
    await invited(form);
    const listed = await api.as("ada", `${route}?limit=100`);
    const Page = z.object({
      items: z.array(View),
      nextCursor: z.string().nullable(),
    });
    const page = bodyOf(listed, 200, Page);
    const rest = await api.as(
      "ada",
      `${route}?limit=100&cursor=${page.nextCursor}`,
    );
    const found = [...page.items, ...bodyOf(rest, 200, Page).items];
    expect(new Set(found.map(({ id }) => id)).size).toBe(200);
  });
});

describe("a person who is invited", () => {
  it("answers by a proven address alone, and learns nothing by one that is not", async () => {
    const { api, invited, memberOf } = await openHouse();
    await invited();
    const refusals = await Promise.all(
      ["zoe_unproven", "ghost_unproven"].flatMap((person) =>
        [mine, `${mine}/${acme}/accept`, `${mine}/${acme}/decline`].map(
          (path) => api.as(person, path, path === mine ? {} : post),
        ),
      ),
    );
    const said = refusals.map((answer) => problemOf(answer, 403).detail);
    expect(said[0]).toContain("not proven");
    expect(
      said.slice(0, 3).map((text) => text.replace("zoe", "ghost")),
    ).toEqual(said.slice(3));
    expect(await memberOf("zoe-unproven")).toBeNull();
  });

  it("reaches nobody else's invitation: it is as if there were none, nor such a tenant", async () => {
    const { invited, answer, shownTo } = await openHouse();
    await invited();
    expect(await shownTo("mallory")).toEqual([]);
    const said = await Promise.all([
      answer("accept", acme, "mallory"),
      answer("decline", acme, "mallory"),
      answer("accept", "no-such-tenant", "mallory"),
      answer("accept", "no-such-tenant", "zoe"),
    ]);
    expect(new Set(said.map((one) => problemOf(one, 404).detail)).size).toBe(1);
    expect(await shownTo("zoe")).toHaveLength(1);
  });

  it("may ask so often and no oftener, in no tenant too", async () => {
    const { api } = await openHouse();
    const few = api.another({
      settings: {
        ...api.deps.settings,
        readsPerMinute: 6,
        commandsPerMinute: 6,
      },
    });
    const statuses = [];
    for (let n = 0; n < 5; n++) {
      statuses.push((await few.as("zoe", mine)).status);
      const refused = await few.as("zoe", `${mine}/${acme}/accept`, post);
      statuses.push(refused.status);
    }
    expect(statuses.slice(0, 6)).toEqual([200, 404, 200, 404, 200, 404]);
    expect(statuses.slice(6)).toEqual([429, 429, 429, 429]);
    expect((await few.as("yan", mine)).status).toBe(200);
  });
});

/** All that is kept of a person, and what they are answered without naming a tenant. */
async function standingOf(
  uid: string,
  {
    api,
    claims,
  }: Pick<Awaited<ReturnType<typeof openHouse>>, "api" | "claims">,
) {
  const me = await api.as(uid, "/api/v1/me");
  return {
    claims: claims.claimOf(uid),
    person: (await api.deps.store.read(at.person(aUid(uid))))?.data ?? null,
    member: (await api.deps.store.read(at.member(acme, aUid(uid))))?.data,
    status: me.status,
    tenant: me.status === 200 ? Me.parse(me.json).tenant.id : null,
  };
}

/** Every command of a tenant, sent by its administrator with somebody's uid wherever an id is wanted. */
async function sendEveryCommand(
  { as, app }: Pick<TestApi, "as" | "app">,
  by: string,
  uid: string,
): Promise<number> {
  const commands = routesOf(app).filter(
    ({ method, path }) =>
      method !== "GET" && !path.startsWith("/api/integrations"),
  );
  const email = `${uid}@home.example`;
  const bodies = [
    { version: 1, email, name: "Z", role: "ADMIN", uid, tenantId: umbrella },
    { version: 1 },
  ];
  const asked = commands.flatMap(({ method, path }) =>
    bodies.map((body) => ({ method, path, body })),
  );
  await inLanes(asked, 8, async ({ method, path, body }) => {
    const target = path.replaceAll(/\{\w+\}/g, uid);
    await as(by, target, { method, body, ...inUmbrella });
  });
  return asked.length;
}

describe("the administrator of another tenant", () => {
  it("changes nothing of a person by any call: no claim, no default, not what their calls without X-Tenant-ID are answered", async () => {
    const house = await openHouse();
    await house.claims.setTenants(aUid("both"), [acme, umbrella]);
    for (const uid of ["anna", "both"]) {
      const before = await standingOf(uid, house);
      const sent = await sendEveryCommand(house.api, "eve", uid);
      expect(sent).toBeGreaterThan(60);
      // Of "both" eve's tenant is one: she may end that membership, and no other.
      const after = await standingOf(uid, house);
      if (uid === "anna") expect(after).toEqual(before);
      else expect({ ...after, claims: [] }).toEqual({ ...before, claims: [] });
    }
    expect(await house.shownTo("anna")).toMatchObject([
      { tenant: { id: umbrella } },
    ]);
  }, 60_000);

  it("ends a membership of their own tenant alone: an old token goes on in the others, the ended one named first or chosen", async () => {
    const { api, claims, invited, answer } = await openHouse();
    await invited(zoe, "eve");
    await answer("accept", umbrella);
    await invited();
    await answer("accept", acme);
    expect(claims.claimOf("zoe")).toEqual([umbrella, acme]);
    const choose = { method: "PUT", body: { tenantId: umbrella } } as const;
    await api.as("zoe", "/api/v1/me/tenants/default", choose);
    // The token of a session that goes on: it names both until it is renewed.
    const old = api.another({
      identity: {
        verify: async () => ({
          uid: aUid("zoe"),
          tenants: [umbrella, acme],
          email: "zoe@home.example",
          emailVerified: true,
        }),
      },
    });
    const meOf = async () =>
      bodyOf(await old.as("zoe", "/api/v1/me"), 200, Me).tenant.id;
    expect(await meOf()).toBe(umbrella);
    const end = { body: { version: 1 } };
    const ended = await api.as("eve", "/api/v1/members/zoe/deactivate", end);
    expect(ended.status).toBe(200);
    problemOf(await old.as("zoe", "/api/v1/inbox", inUmbrella), 403);
    expect(await meOf()).toBe(acme);
    expect(claims.claimOf("zoe")).toEqual([acme]);
    const inAcme = { headers: { "X-Tenant-ID": acme } };
    expect((await old.as("zoe", "/api/v1/inbox", inAcme)).status).toBe(200);
  });
});

describe("the default tenant of a person of several", () => {
  it("is not changed by an invitation that they accept, only by them", async () => {
    const house = await openHouse();
    const { api, claims, invited, answer } = house;
    await invited({ ...zoe, email: "vera@home.example" }, "eve");
    const before = await standingOf("vera", house);
    expect((await answer("accept", umbrella, "vera")).status).toBe(200);
    expect(claims.claimOf("vera")).toEqual([acme, umbrella]);
    const after = await standingOf("vera", house);
    expect(after.tenant).toBe(before.tenant);
    const choose = (tenantId: string) =>
      api.as("vera", "/api/v1/me/tenants/default", {
        method: "PUT",
        body: { tenantId },
      });
    problemOf(await choose("no-such-tenant"), 403);
    expect((await choose(umbrella)).status).toBe(200);
    expect((await choose(umbrella)).status).toBe(200);
    expect((await standingOf("vera", house)).tenant).toBe(umbrella);
  });

  it("is chosen anew where the choice cannot be read, which keeps nobody out", async () => {
    const { api, invited, answer } = await openHouse();
    const tenantOf = async () =>
      bodyOf(await api.as("vera", "/api/v1/me"), 200, Me).tenant.id;
    await invited({ ...zoe, email: "vera@home.example" }, "eve");
    expect((await answer("accept", umbrella, "vera")).status).toBe(200);
    await api.database.db.doc("people/vera").set({ defaultTenant: 5 });
    expect(await tenantOf()).toBe(acme);
    const choose = { method: "PUT", body: { tenantId: umbrella } } as const;
    const chosen = await api.as("vera", "/api/v1/me/tenants/default", choose);
    expect(chosen.status).toBe(200);
    expect(await tenantOf()).toBe(umbrella);
  });

  it("is looked up for those alone whose token names several", async () => {
    const { api } = await openHouse();
    const cost = async (person: string) => {
      const { read } = api.database.operations;
      await api.as(person, "/api/v1/no-such-route");
      return api.database.operations.read - read;
    };
    await cost("anna");
    await api.deps.people.setTenants(aUid("both"), [acme, umbrella]);
    await cost("both");
    expect(await cost("anna")).toBe(1);
    expect(await cost("both")).toBe(2);
  });
});
