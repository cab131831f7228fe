import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import {
  acme,
  bodyOf,
  present,
  problemOf,
  type TestApi,
} from "../support/api.ts";
import { anAccountId } from "../support/builders.ts";
import { all } from "../support/stories.ts";
import {
  apartApi,
  handIn,
  settle,
  story,
  unnamed,
} from "../support/unnamed.ts";

const own = { names: ["Acme Consulting"], domains: ["acme.example"] };
const accounts = "/api/v1/accounts";

let api: TestApi;
beforeEach(async () => {
  api = await apartApi();
});
afterEach(() => api.close());

const settings = (body: object, person = "ada") =>
  api.as(person, "/api/v1/tenant", { method: "PATCH", body });
const add = (body: object) => api.as("otto", accounts, { body });
const patch = (id: string, body: object) =>
  api.as("otto", `${accounts}/${id}`, { method: "PATCH", body });
const refusalOf = (answer: Awaited<ReturnType<typeof add>>) => {
  const { errors, type } = problemOf(answer, 422);
  expect(type).toBe("urn:clientpulse:problem:unfit");
  return errors?.map(({ field }) => field);
};

describe("the tenant's own company", () => {
  it("is set by an administrator, its names and domains each by themselves", async () => {
    problemOf(await settings({ version: 1, own }, "otto"), 403);
    problemOf(await settings({ version: 1, own: { domains: ["x"] } }), 400);
    expect((await settings({ version: 1, own })).status).toBe(200);
    const Settings = z.object({
      version: z.int(),
      own: z.unknown(),
      resolutionThreshold: z.number(),
    });
    const more = { version: 2, own: { domains: ["acme2.example"] } };
    expect(bodyOf(await settings(more), 200, Settings)).toEqual({
      version: 3,
      own: { names: own.names, domains: ["acme2.example"] },
      resolutionThreshold: 0.8,
    });
    problemOf(await settings({ version: 3, resolutionThreshold: 0.5 }), 400);
  });

  it("is never made an account, by hand, by a change or by an import", async () => {
    await settings({ version: 1, own });
    expect(refusalOf(await add({ name: "ACME Consulting GmbH" }))).toEqual([
      "name",
    ]);
    expect(
      refusalOf(await add({ name: "X", aliases: ["Acme Consulting Ltd."] })),
    ).toEqual(["aliases"]);
    expect(
      refusalOf(await add({ name: "X", domains: ["shop.acme.example"] })),
    ).toEqual(["domains"]);
    const rename = { version: 1, name: "Acme Consulting" };
    expect(refusalOf(await patch("globex", rename))).toEqual(["name"]);
    const csv =
      "name,domains\nAcme Consulting,\nHooli,www.acme.example\nUmbra,umbra.example\n";
    const Imported = z.object({
      rows: z.array(
        z.object({
          result: z.string(),
          errors: z.array(z.object({ field: z.string() })),
        }),
      ),
    });
    for (const commit of ["false", "true"]) {
      const path = `${accounts}/import?commit=${commit}`;
      const { rows } = bodyOf(await upload(path, { csv }), 200, Imported);
      expect(
        rows.map(({ result, errors }) => errors[0]?.field ?? result),
      ).toEqual(["name", "domains", "create"]);
    }
    const ids = (await all(api, at.accounts(acme))).map(({ id }) => id);
    expect(ids).toEqual(["globex", "initech", "umbra"]);
  });

  it("makes no signal and no question", async () => {
    await settings({ version: 1, own });
    await handIn(api, unnamed(1, { url: "https://blog.acme.example/1" }));
    await settle(api);
    const { signals, resolutions, decisions } = await story(api);
    expect([signals, resolutions]).toEqual([[], []]);
    expect(decisions.map(({ data }) => data.reason)).toEqual(["own-company"]);
  });
});

describe("a parent company", () => {
  it("is an account that exists, and nobody's own subsidiary", async () => {
    const made = await add({ name: "Globex Labs", parentId: "globex" });
    expect(made.status, made.text).toBe(201);
    expect(refusalOf(await add({ name: "Y", parentId: "nowhere" }))).toEqual([
      "parentId",
    ]);
    for (const parentId of ["globex", "globex-labs"])
      expect(
        refusalOf(await patch("globex", { version: 1, parentId })),
      ).toEqual(["parentId"]);
    const freed = await patch("globex-labs", { version: 1, parentId: null });
    expect(freed.status, freed.text).toBe(200);
    expect(
      (await patch("globex", { version: 1, parentId: "globex-labs" })).status,
    ).toBe(200);
  });

  it("is named in an import, whatever the order, as are further identifiers", async () => {
    const csv = [
      "id,name,parent,salesforce,more_identifiers",
      "labs,Globex Labs,hooli,,",
      "hooli,Hooli,globex,001A,salesforce:001B;hubspot:77",
      "stray,Stray,nowhere,,",
    ].join("\n");
    const Imported = z.object({
      rows: z.array(
        z.object({
          result: z.string(),
          errors: z.array(z.object({ field: z.string() })),
        }),
      ),
    });
    const path = `${accounts}/import?commit=true`;
    const { rows } = bodyOf(await upload(path, { csv }), 200, Imported);
    expect(rows).toMatchObject([
      { result: "create" },
      { result: "create" },
      { result: "error", errors: [{ field: "parent" }] },
    ]);
    const hooli = at.account(acme, anAccountId("hooli"));
    const { data } = present(await api.deps.store.read(hooli));
    expect(data).toMatchObject({
      parentId: "globex",
      identifiers: { salesforce: "001A" },
      moreIdentifiers: [
        { name: "salesforce", value: "001B" },
        { name: "hubspot", value: "77" },
      ],
    });
    expect(data.lookup).toContain("id:salesforce:001B");
    // By its further id it is the same account, whose first id stays.
    const again = "name,salesforce\nHooli Ltd,001B\n";
    const second = bodyOf(await upload(path, { csv: again }), 200, Imported);
    expect(second.rows).toMatchObject([{ result: "update" }]);
    const after = present(await api.deps.store.read(hooli)).data;
    expect(after).toMatchObject({
      name: "Hooli Ltd",
      identifiers: { salesforce: "001A" },
      moreIdentifiers: data.moreIdentifiers,
    });
  });
});

const upload = (path: string, body: object) => api.as("otto", path, { body });
