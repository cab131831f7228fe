import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import {
  acme,
  bodyOf,
  openApi,
  present,
  problemOf,
  sharedApi,
  umbrella,
} from "../support/api.ts";
import { aUid } from "../support/builders.ts";
import { fakePeople } from "../support/people.ts";

const Member = z.object({
  uid: z.string(),
  role: z.string(),
  active: z.boolean(),
  version: z.int(),
});
const Members = z.object({
  items: z.array(Member),
  nextCursor: z.string().nullable(),
});
const people = fakePeople();
const route = "/api/v1/members";
const api = await sharedApi({ people });

const memberOf = async (uid: string, tenantId = acme) =>
  present(await api.deps.store.read(at.member(tenantId, aUid(uid)))).data;
const post = (path: string, body: object, person = "ada") =>
  api.as(person, `${route}${path}`, { body });
const patch = (uid: string, body: object, lone = api) =>
  lone.as("ada", `${route}/${uid}`, { method: "PATCH", body });

describe("the members of a tenant", () => {
  it("are managed by administrators alone", async () => {
    const asks = [
      [route, "GET", undefined],
      [`${route}/anna`, "GET", undefined],
      [`${route}/anna`, "PATCH", { version: 1, role: "ADMIN" }],
      [`${route}/anna/deactivate`, "POST", { version: 1 }],
      [`${route}/ina/activate`, "POST", { version: 1 }],
    ] as const;
    for (const person of ["anna", "lea", "otto", "vera", "ina"]) {
      for (const [path, method, body] of asks) {
        problemOf(await api.as(person, path, { method, body }), 403);
      }
    }
    expect((await memberOf("anna")).version).toBe(1);
    expect((await memberOf("ina")).active).toBe(false);
  });

  it("are listed page by page, those who have left too", async () => {
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const answer = await api.as("ada", `${route}?limit=3${query}`);
      const list: z.infer<typeof Members> = bodyOf(answer, 200, Members);
      found.push(...list.items.map(({ uid }) => uid));
      cursor = list.nextCursor;
    }
    expect(found.toSorted()).toEqual(
      ["ada", "anna", "lea", "bob", "otto", "vera", "ina", "both"].toSorted(),
    );
    problemOf(await api.as("ada", `${route}/nobody`), 404);
    const one = bodyOf(await api.as("ada", `${route}/ina`), 200, Member);
    expect(one).toMatchObject({ uid: "ina", active: false });
  });

  it("change on the version that was looked at, and no other", async () => {
    const before = await memberOf("anna");
    const problem = problemOf(
      await patch("anna", { version: 7, name: "A" }),
      409,
    );
    expect(problem.current).toEqual({ version: 1 });
    problemOf(await patch("anna", { version: 1 }), 400);
    problemOf(await patch("nobody", { version: 1, name: "A" }), 404);
    expect(await memberOf("anna")).toEqual(before);

    const teams = ["east"];
    const headers = { "X-Request-ID": "change-1" };
    const answer = await api.as("ada", `${route}/anna`, {
      method: "PATCH",
      body: { version: 1, role: "ACCOUNT_MANAGER", teams, isLead: true },
      headers,
    });
    expect(bodyOf(answer, 200, Member).version).toBe(2);
    expect(await memberOf("anna")).toMatchObject({ teams, isLead: true });
    const entries = (await api.audit()).filter((e) => e.traceId === "change-1");
    expect(entries).toMatchObject([
      {
        action: "UPDATE",
        before: { teams: ["north"], isLead: false, version: 1 },
        after: { teams, isLead: true, version: 2 },
      },
    ]);
    expect(entries[0]?.after).not.toHaveProperty("role");
  });

  it("stay as they are where a change changes nothing", async () => {
    const before = (await api.audit()).length;
    const { version, name } = await memberOf("bob");
    const answer = await patch("bob", { version, name });
    expect(bodyOf(answer, 200, Member).version).toBe(version);
    expect(await api.audit()).toHaveLength(before);
  });

  it("of another tenant are out of reach", async () => {
    const headers = { "X-Tenant-ID": umbrella };
    problemOf(await api.as("ada", route, { headers }), 403);
    problemOf(await post("/both/deactivate", { version: 9 }), 409);
    expect((await memberOf("both", umbrella)).active).toBe(true);
  });
});

describe("a membership", () => {
  it("ends at once, and takes the claim of that tenant along; and is given back", async () => {
    await people.setTenants(aUid("otto"), [acme]);
    problemOf(await post("/otto/deactivate", { version: 2 }), 409);
    expect((await api.as("otto", "/api/v1/inbox")).status).toBe(200);

    const ended = await post("/otto/deactivate", { version: 1 });
    expect(bodyOf(ended, 200, Member)).toMatchObject({ version: 2 });
    problemOf(await api.as("otto", "/api/v1/inbox"), 403);
    expect(people.claimOf("otto")).toEqual([]);

    const again = await post("/otto/deactivate", { version: 1 });
    expect(bodyOf(again, 200, Member)).toMatchObject({ version: 2 });
    const back = await post("/otto/activate", { version: 2 });
    expect(bodyOf(back, 200, Member)).toMatchObject({ version: 3 });
    expect(people.claimOf("otto")).toEqual([acme]);
    expect((await api.as("otto", "/api/v1/inbox")).status).toBe(200);
  });

  it("of the last administrator does not end, nor does their role", async () => {
    const lone = await openApi();
    const end = { body: { version: 1 } };
    const deactivated = await lone.as("ada", `${route}/ada/deactivate`, end);
    expect(problemOf(deactivated, 409).detail).toContain("last administrator");
    problemOf(await patch("ada", { version: 1, role: "VIEWER" }, lone), 409);
    expect((await lone.as("ada", route)).status).toBe(200);

    const made = await patch("vera", { version: 1, role: "ADMIN" }, lone);
    expect(made.status).toBe(200);
    const left = await patch("ada", { version: 1, role: "VIEWER" }, lone);
    expect(left.status, left.text).toBe(200);
    problemOf(await lone.as("ada", route), 403);
    await lone.close();
  });

  it("of one administrator remains where all demote each other at once", async () => {
    const lone = await openApi();
    const admins = ["ada", "vera", "otto", "bob"];
    for (const uid of admins.slice(1))
      expect(
        (await patch(uid, { version: 1, role: "ADMIN" }, lone)).status,
      ).toBe(200);
    const answers = await Promise.all(
      admins.map((uid, i) =>
        lone.as(admins[(i + 1) % admins.length] ?? "", `${route}/${uid}`, {
          method: "PATCH",
          body: { version: uid === "ada" ? 1 : 2, role: "VIEWER" },
        }),
      ),
    );
    const members = await lone.deps.store.readAll(
      admins.map((uid) => at.member(acme, aUid(uid))),
    );
    const left = members.filter((read) => read?.data.role === "ADMIN");
    const done = answers.filter(({ status }) => status === 200);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBe(admins.length - done.length);
    await lone.close();
  });
});
