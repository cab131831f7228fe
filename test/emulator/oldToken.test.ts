import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { isPersonalPath } from "../../functions/src/api/http/personalPaths.ts";
import { bodyOf, openApi, problemOf, type TestApi } from "../support/api.ts";

const Paths = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({ security: z.array(z.looseObject({})).optional() }),
  ),
);
const Description = z.object({ paths: Paths });

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** Every route that changes something in a tenant and asks for a signed-in person, as the API describes itself. A person's own routes are of no tenant: invitations.test.ts shows what they do not open. */
async function commands() {
  const answer = await api.send("/api/openapi.json");
  const { paths } = bodyOf(answer, 200, Description);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { security = [] }]) => {
        return method !== "get" && security.some((by) => "bearer" in by);
      })
      .filter(() => !isPersonalPath(path))
      .map(([method]) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{\w+\}/g, "globex"),
      })),
  );
}

async function succeeding(person: string): Promise<readonly string[]> {
  const passed: string[] = [];
  for (const { method, path } of await commands()) {
    const answer = await api.as(person, path, {
      method,
      body: { version: 1, ids: ["x"] },
    });
    if (answer.status !== 403) passed.push(`${method} ${path}`);
    else problemOf(answer, 403);
  }
  return passed;
}

/** What every member may do, whatever their role: have the numbers counted that they may read, and keep their own views. */
const ofEveryMember = [
  "POST /api/v1/dashboards/refresh",
  "PUT /api/v1/me/views",
];

const change = (uid: string, body: object, verb = "") =>
  api.as("ada", `/api/v1/members/${uid}${verb}`, {
    method: verb === "" ? "PATCH" : "POST",
    body,
  });

describe("S2: an old token", () => {
  it("of whoever was demoted or has left carries out no command from the next request on", async () => {
    const all = await commands();
    expect(all.length).toBeGreaterThan(15);
    expect((await change("both", { version: 1, role: "ADMIN" })).status).toBe(
      200,
    );
    expect(await succeeding("otto")).not.toEqual([]);
    expect(await succeeding("anna")).not.toEqual([]);

    const version = 1;
    expect((await change("otto", { version, role: "VIEWER" })).status).toBe(
      200,
    );
    expect((await change("anna", { version }, "/deactivate")).status).toBe(200);
    const demoted = await succeeding("otto");
    expect(demoted).toEqual(expect.arrayContaining(ofEveryMember));
    const passed = [
      ...demoted.filter((command) => !ofEveryMember.includes(command)),
      ...(await succeeding("anna")),
    ];
    console.log(
      `S2: ${all.length} commands × 2 old tokens, ${passed.length} successful`,
    );
    expect(passed).toEqual([]);
  });
});
