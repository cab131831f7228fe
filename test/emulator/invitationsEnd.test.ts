import { describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { TenantId } from "../../functions/src/domain/kernel/ids.ts";
import {
  toInvitationId,
  maxPending,
} from "../../functions/src/domain/people/invitation.ts";
import { create, update } from "../../functions/src/ports/store.ts";
import {
  acme,
  aTenantOf,
  bodyOf,
  present,
  problemOf,
  umbrella,
} from "../support/api.ts";
import { aMember, aUid } from "../support/builders.ts";
import {
  mine,
  openHouse,
  post,
  route,
  Tenants,
  View,
  zoe,
} from "../support/invitationHouse.ts";

type House = Awaited<ReturnType<typeof openHouse>>;

/** Ends or renews somebody's membership, on its version as it is. */
async function set(
  { api, memberOf }: House,
  verb: "activate" | "deactivate",
  uid: string,
  { by = "ada", tenant = acme }: { by?: string; tenant?: TenantId } = {},
) {
  const version = (await memberOf(uid, tenant))?.version;
  const path = `/api/v1/members/${uid}/${verb}`;
  return api.as(by, path, { body: { version } });
}

async function stateOf({ api }: House, email = zoe.email, tenant = acme) {
  const ref = at.invitation(tenant, toInvitationId(email));
  return (await api.deps.store.read(ref))?.data.state;
}

/** Makes bea a second administrator of acme, by an invitation. */
async function addBea({ invited, answer }: House) {
  await invited({ name: "Bea", email: "bea@home.example", role: "ADMIN" });
  expect((await answer("accept", acme, "bea")).status).toBe(200);
}

describe("an invitation and the end of a membership", () => {
  it("is withdrawn, in the same commit, when its member is let in or out by an administrator", async () => {
    const house = await openHouse();
    const { api, invited, answer, memberOf } = house;
    await invited();
    await answer("accept");
    await set(house, "deactivate", "zoe");
    const { id } = await invited({ ...zoe, role: "ADMIN" });
    expect((await set(house, "activate", "zoe")).status).toBe(200);
    expect(await stateOf(house)).toBe("withdrawn");
    const taken = (await api.audit()).filter(
      ({ entity, after }) => entity.id === id && after?.["state"] !== undefined,
    );
    expect(taken).toMatchObject([
      { before: { state: "pending" }, after: { state: "withdrawn" } },
    ]);
    // One that was made in the moment of the activation ends with the membership at the latest.
    const left = present(await api.deps.store.read(at.invitation(acme, id)));
    await api.write([update(left, { state: "pending" })]);
    expect((await set(house, "deactivate", "zoe")).status).toBe(200);
    problemOf(await answer("accept"), 409);
    expect(await memberOf("zoe")).toMatchObject({
      active: false,
      role: "ACCOUNT_MANAGER",
    });
  });

  it("is not accepted while who made it is no active administrator; another one can renew it", async () => {
    for (const end of ["deactivate", "demote"]) {
      const house = await openHouse();
      const { api, invited, answer, shownTo, memberOf } = house;
      await addBea(house);
      // The newest comes first.
      api.clock.advance(1_000);
      const { id, version } = await invited({ ...zoe, role: "ADMIN" });
      const ended =
        end === "deactivate"
          ? await set(house, "deactivate", "ada", { by: "bea" })
          : await api.as("bea", "/api/v1/members/ada", {
              method: "PATCH",
              body: { version: 1, role: "VIEWER" },
            });
      expect(ended.status).toBe(200);
      const refused = problemOf(await answer("accept"), 409);
      expect(refused.detail).toContain(
        "an administrator has to invite you again",
      );
      expect(refused.current).toEqual({ state: "pending" });
      expect(await memberOf("zoe")).toBeNull();
      expect(await shownTo("zoe")).toMatchObject([{ hasInviter: false }]);
      const listed = await api.as("bea", route);
      expect(listed.json).toMatchObject({
        items: [
          { id, hasInviter: false },
          { email: "bea@home.example", hasInviter: false },
        ],
      });
      const renewed = await api.as("bea", `${route}/${id}/renew`, {
        body: { version },
      });
      expect(bodyOf(renewed, 200, View)).toMatchObject({ hasInviter: true });
      expect(await shownTo("zoe")).toMatchObject([
        { invitedBy: "Bea", hasInviter: true },
      ]);
      expect((await answer("accept")).status).toBe(200);
    }
  });

  it("that an active member accepts changes the invitation alone, and tells what they are", async () => {
    const house = await openHouse();
    const { api, invited, answer, memberOf } = house;
    await invited({ ...zoe, role: "VIEWER" });
    await answer("accept");
    const second = await invited({ ...zoe, email: "zoe2@home.example" });
    const before = await memberOf("zoe");
    const other = api.another({
      identity: {
        verify: async () => ({
          uid: aUid("zoe"),
          tenants: [acme],
          email: "zoe2@home.example",
          emailVerified: true,
        }),
      },
    });
    const headers = { "X-Request-ID": "second" };
    const path = `${mine}/${acme}/accept`;
    for (let n = 0; n < 2; n++) {
      const accepted = await other.as("zoe", path, { ...post, headers });
      expect([accepted.status, accepted.json]).toMatchObject([
        200,
        { role: "VIEWER", state: "accepted" },
      ]);
    }
    expect(await memberOf("zoe")).toEqual(before);
    const entries = (await api.audit()).filter((e) => e.traceId === "second");
    expect(entries).toMatchObject([
      {
        action: "UPDATE",
        entity: { kind: "invitation", id: second.id },
        before: { state: "pending" },
        after: { state: "accepted" },
      },
    ]);
  });
});

describe("renewing an invitation", () => {
  it("is refused for who is an active member already", async () => {
    const house = await openHouse();
    const { api, invited } = house;
    const { id, version } = await invited();
    const member = aMember({ uid: aUid("z"), email: zoe.email.toLowerCase() });
    await api.write([create(at.member(acme, member.uid), member)]);
    const path = `${route}/${id}/renew`;
    const problem = problemOf(
      await api.as("ada", path, { body: { version } }),
      409,
    );
    expect(problem.current).toMatchObject({ uid: "z", state: "active" });
  });

  it("asks for the tenant's maximum, unless it is pending anyway", async () => {
    const { api, invited } = await openHouse();
    const one = await invited();
    const { data } = present(
      await api.deps.store.read(at.invitation(acme, one.id)),
    );
    const others = Array.from({ length: maxPending }, (_, n) => {
      const email = `p${n}@home.example`;
      const ref = at.invitation(acme, toInvitationId(email));
      return create(ref, { ...data, email });
    });
    await api.write(others);
    const send = (verb: string, version: number) =>
      api.as("ada", `${route}/${one.id}/${verb}`, { body: { version } });
    api.clock.advance(1_000);
    expect((await send("renew", 1)).status).toBe(200);
    expect((await send("withdraw", 2)).status).toBe(200);
    const problem = problemOf(await send("renew", 3), 409);
    expect(problem.detail).toContain(`${maxPending} invitations`);
  });
});

/** Long ids of tenants, each with an administrator of its own, and zoe a member of some. */
async function manyTenants(count: number, ends: (n: number) => boolean) {
  const house = await openHouse({
    // As Firebase Auth does.
    mayName: (tenants) => JSON.stringify({ tenants }).length <= 1000,
  });
  const { claims } = house;
  const ids = Array.from({ length: count }, (_, n) =>
    TenantId.parse(`tenant-${`${n}`.padStart(2, "0")}-${"x".repeat(45)}`),
  );
  for (const [n, id] of ids.entries()) {
    const admin = aMember({ uid: aUid(`adm${n}`), role: "ADMIN" });
    const member = aMember({
      uid: aUid("zoe"),
      email: "zoe@home.example",
      active: !ends(n),
    });
    await house.api.write([
      ...aTenantOf(id, []),
      create(at.member(id, admin.uid), admin),
      create(at.member(id, member.uid), member),
    ]);
    await claims.setTenants(admin.uid, [id]);
  }
  return { house, ids, claimOf: () => claims.claimOf("zoe") };
}

describe("more tenants than a token can name", () => {
  it("are not come by through an activation", async () => {
    const { house, ids, claimOf } = await manyTenants(16, (n) => n === 15);
    await house.api.as("zoe", "/api/v1/me/tenants/refresh", post);
    const [last = acme] = ids.slice(-1);
    const asked = { by: "adm15", tenant: last };
    const problem = problemOf(await set(house, "activate", "zoe", asked), 409);
    expect(problem.detail).toContain("as many tenants");
    expect((await house.memberOf("zoe", last))?.active).toBe(false);
    expect(claimOf()).toHaveLength(15);
  });

  it("cost nobody anything: the token names what fits, those first that it named", async () => {
    const { house, ids, claimOf } = await manyTenants(20, () => false);
    const named = await house.api.as("zoe", "/api/v1/me/tenants/refresh", post);
    expect(bodyOf(named, 200, Tenants).tenants).toEqual(ids.slice(0, 15));
    const [, , third = acme] = ids;
    const asked = { by: "adm2", tenant: third };
    expect((await set(house, "deactivate", "zoe", asked)).status).toBe(200);
    // What did not fit before takes the room.
    expect(claimOf()).toEqual(ids.slice(0, 16).filter((id) => id !== third));
  });
});

describe("a person who leaves a tenant", () => {
  const leave = ({ api }: House, uid: string, tenant: string) =>
    api.as(uid, `/api/v1/me/tenants/${tenant}/leave`, post);

  it("is no member any more: document, audit entry, claim; another time changes nothing", async () => {
    const house = await openHouse();
    const { api, claims, invited, answer, memberOf } = house;
    await invited();
    await invited(zoe, "eve");
    await answer("accept");
    await answer("accept", umbrella);
    for (let n = 0; n < 2; n++) {
      const left = await leave(house, "zoe", acme);
      expect(bodyOf(left, 200, Tenants).tenants).toEqual([umbrella]);
    }
    expect(await memberOf("zoe")).toMatchObject({ active: false, version: 2 });
    expect(claims.claimOf("zoe")).toEqual([umbrella]);
    expect(
      (await api.audit()).filter(({ reason }) => reason === "left the tenant"),
    ).toMatchObject([
      {
        action: "UPDATE",
        actor: "zoe",
        entity: { kind: "member", id: "zoe" },
        before: { active: true, version: 1 },
        after: { active: false, version: 2 },
      },
    ]);
    problemOf(await answer("accept"), 409);
  });

  it("is not the last administrator, and leaves nothing that they were never in", async () => {
    const house = await openHouse();
    expect(problemOf(await leave(house, "ada", acme), 409).detail).toContain(
      "last administrator",
    );
    expect((await house.memberOf("ada"))?.active).toBe(true);
    const said = await Promise.all(
      [umbrella, "no-such-tenant"].map((id) => leave(house, "ada", id)),
    );
    expect(new Set(said.map((one) => problemOf(one, 404).detail)).size).toBe(1);
    await addBea(house);
    const both = await Promise.all(
      ["ada", "bea"].map((uid) => leave(house, uid, acme)),
    );
    const statuses = both.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});
