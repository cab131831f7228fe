import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { View } from "../../functions/src/domain/people/roles.ts";
import { aUid } from "../support/builders.ts";
import {
  acme,
  bodyOf,
  openApi,
  problemOf,
  type TestApi,
} from "../support/api.ts";

const Views = z.object({ views: z.array(View) });
const path = "/api/v1/me/views";
const big = { name: "Big news", search: '{"minScore":80}' };

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const keep = (person: string, views: unknown) =>
  api.as(person, path, { method: "PUT", body: { views } });
const kept = async (uid: string) => {
  const read = await api.database.store.read(at.member(acme, aUid(uid)));
  return read?.data.views;
};

describe("a person's views of the inbox", () => {
  it("are kept as they are sent, all at once, and are theirs alone", async () => {
    expect(bodyOf(await keep("anna", [big]), 200, Views).views).toEqual([big]);
    expect(await kept("anna")).toEqual([big]);
    expect(await kept("vera")).toEqual([]);
    expect((await keep("vera", [big])).status).toBe(200);
    expect((await keep("anna", [])).status).toBe(200);
    expect(await kept("anna")).toEqual([]);
    expect(await kept("vera")).toEqual([big]);
  });

  it("change nothing else of the person", async () => {
    const ref = at.member(acme, aUid("anna"));
    const before = await api.database.store.read(ref);
    expect((await keep("anna", [big])).status).toBe(200);
    const after = await api.database.store.read(ref);
    expect(after?.data).toEqual({
      ...before?.data,
      views: [big],
      updatedAt: after?.data.updatedAt,
    });
  });

  it("are refused by name where two share one, there are too many, or one is blank", async () => {
    const many = Array.from({ length: 21 }, (_, n) => ({
      name: `View ${n}`,
      search: "{}",
    }));
    for (const [views, field] of [
      [[big, big], "views"],
      [many, "views"],
      [[{ name: " ", search: "{}" }], "views.0.name"],
    ] as const) {
      const { errors } = problemOf(await keep("anna", views), 400);
      expect(errors?.map((error) => error.field)).toEqual([field]);
    }
  });
});
