import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTenant } from "../../dev/createTenant.ts";
import { auditMonth } from "../../functions/src/domain/requests/audit.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { tenantDefaults } from "../../functions/src/domain/tenants/tenant.ts";
import type { SignInAccounts } from "../../dev/signInAccounts.ts";
import type { People } from "../../functions/src/ports/people.ts";
import { present } from "../support/api.ts";
import { aMember, aTenantId, aUid } from "../support/builders.ts";
import { type Database, openDatabase } from "../support/emulator.ts";
import { fakeAccounts, fakePeople } from "../support/people.ts";
import { all } from "../support/stories.ts";

const now = () => new Date("2026-11-02T08:00:00Z");
const provenance = "live";
const acme = {
  id: "acme",
  name: "Acme",
  admin: "Ada@acme.example",
  provenance,
} as const;

const accounts = fakeAccounts(["squatted@acme.example"]);

let database: Database;
beforeAll(() => {
  database = openDatabase();
});
afterAll(() => database.close());

/** What there is of a tenant, without times. */
async function madeOf(id: string) {
  const tenantId = aTenantId(id);
  const month = auditMonth(now());
  const [tenant, members, entries] = await Promise.all([
    database.store.read(at.tenant(tenantId)),
    all({ database }, at.members(tenantId)),
    all({ database }, at.audit(tenantId, month)),
  ]);
  return {
    name: tenant?.data.name,
    members: members.map(({ id: uid, data }) => [uid, data.role, data.active]),
    entries: entries.map(({ data }) => [data.action, data.entity.id]),
  };
}

describe("a new tenant", () => {
  it("has the default settings, one administrator with a claim, and an audit entry", async () => {
    const people = fakePeople();
    const { store } = database;
    expect(await createTenant(acme, { store, people, accounts, now })).toBe(
      "ada",
    );
    expect(await madeOf("acme")).toEqual({
      name: "Acme",
      members: [["ada", "ADMIN", true]],
      entries: [["CREATE", "acme"]],
    });
    const { data } = present(await store.read(at.tenant(aTenantId("acme"))));
    expect(data).toMatchObject({ ...tenantDefaults, provenance, version: 1 });
    expect(people.claimOf("ada")).toEqual(["acme"]);
  });

  it("is not made twice, nor with another administrator, nor for a tenant that others live in", async () => {
    const people = fakePeople();
    const { store } = database;
    const deps = { store, people, accounts, now };
    const mallory = { ...acme, admin: "mallory@evil.example" };
    for (const again of [acme, mallory]) {
      await expect(createTenant(again, deps)).rejects.toThrow(
        'There is a tenant "acme" already',
      );
    }
    const member = database.db.doc("tenants/initech/members/bob");
    const at2 = now();
    const stamps = { schemaVersion: 1, createdAt: at2, updatedAt: at2 };
    await member.set({ ...aMember({ uid: aUid("bob") }), ...stamps });
    await expect(
      createTenant({ ...mallory, id: "initech" }, deps),
    ).rejects.toThrow("has other members");
    expect(people.claimOf("mallory")).toEqual([]);
    expect((await madeOf("initech")).members).toHaveLength(1);
  });

  it("is refused for an id or an address that is none", async () => {
    const { store } = database;
    const deps = { store, people: fakePeople(), accounts, now };
    for (const odd of ["", "a/b", "..", "Acme Inc"]) {
      await expect(createTenant({ ...acme, id: odd }, deps)).rejects.toThrow(
        "is no id",
      );
    }
    await expect(
      createTenant({ ...acme, id: "x", admin: "ada" }, deps),
    ).rejects.toThrow("not an e-mail address");
    const squatted = { ...acme, id: "x", admin: "squatted@acme.example" };
    await expect(createTenant(squatted, deps)).rejects.toThrow(
      "has not shown that the address is theirs",
    );
    expect((await madeOf("x")).name).toBeUndefined();
  });

  it("is completed by a second run, wherever the first one ended", async () => {
    const steps = 7;
    let ended = 0;
    for (let dies = 1; dies <= steps; dies++) {
      const id = `half-${dies}`;
      const people = fakePeople();
      const dying = { ...deathAt(dies, people), now };
      const wanted = { ...acme, id };
      const first = createTenant(wanted, dying);
      const died = await first.then(
        () => false,
        () => true,
      );
      if (died) {
        ended++;
        await createTenant(wanted, {
          store: database.store,
          people,
          accounts,
          now,
        });
      }
      expect(await madeOf(id)).toEqual({
        name: "Acme",
        members: [["ada", "ADMIN", true]],
        entries: [["CREATE", id]],
      });
      // She is the administrator of those before it, too.
      expect(people.claimOf("ada")).toContain(id);
    }
    expect(ended).toBe(5);
  });
});

/** Dies before its n-th effect: a commit, an invitation or a grant. */
function deathAt(n: number, people: People) {
  let left = n;
  const pass = () => {
    if (--left === 0) throw new Error("The process died.");
  };
  return {
    store: {
      ...database.store,
      commit: async (...args: Parameters<Database["store"]["commit"]>) => {
        pass();
        return database.store.commit(...args);
      },
    },
    people: {
      ...people,
      setTenants: async (...args: Parameters<People["setTenants"]>) => {
        pass();
        return people.setTenants(...args);
      },
    },
    accounts: {
      findOrCreate: async (
        ...args: Parameters<SignInAccounts["findOrCreate"]>
      ) => {
        pass();
        return accounts.findOrCreate(...args);
      },
    },
  };
}
