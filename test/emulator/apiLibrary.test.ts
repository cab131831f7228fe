import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { acme, bodyOf, problemOf, sharedApi } from "../support/api.ts";
import { all } from "../support/stories.ts";

const Entry = z.looseObject({
  id: z.string(),
  title: z.string(),
  active: z.boolean(),
  version: z.int(),
});
const Page = z.object({
  items: z.array(Entry),
  nextCursor: z.string().nullable(),
});
const shelves = {
  assets: {
    title: "Moving a bank to the cloud",
    summary: "How a bank moved its core to the cloud in nine months.",
    url: "https://acme.example/bank",
    categories: ["restructuring"],
  },
  playbooks: {
    title: "Welcome the new leadership",
    categories: ["leadership_change"],
    action: "Offer a briefing.",
    outreach: [
      { channel: "email", subject: "{{account}}", body: "On {{ title }}." },
    ],
  },
} as const;
type Shelf = keyof typeof shelves;

const api = await sharedApi();

const told = async () =>
  (await all(api, at.messages(acme)))
    .filter(({ data }) => data.topic === "asset-changed")
    .map(({ data }) => data.payload);
const kept = async (shelf: Shelf) =>
  shelf === "assets" ? all(api, at.assets(acme)) : all(api, at.playbooks(acme));

describe.each(["assets", "playbooks"] as const)("the %s", (shelf) => {
  const route = `/api/v1/${shelf}`;
  const form = shelves[shelf];
  const patch = (id: string, body: object, person = "otto") =>
    api.as(person, `${route}/${id}`, { method: "PATCH", body });

  it("are kept by administrators and operations, and read by every member", async () => {
    for (const person of ["anna", "lea", "vera", "ina"]) {
      problemOf(await api.as(person, route, { body: form }), 403);
      problemOf(await patch("x", { version: 1, title: "X" }, person), 403);
    }
    expect(await kept(shelf)).toEqual([]);
    for (const person of ["ada", "anna", "otto", "vera"])
      expect((await api.as(person, route)).status).toBe(200);
    problemOf(await api.as("ina", route), 403);
  });

  it("are added once per id, audited", async () => {
    const answer = await api.as("otto", route, { body: form });
    const made = bodyOf(answer, 201, Entry);
    expect(made).toMatchObject({ ...form, active: true, version: 1 });
    const again = problemOf(await api.as("otto", route, { body: form }), 409);
    expect(again.current).toEqual({ id: made.id });
    const other = { ...form, id: "other", title: "Another" };
    expect((await api.as("ada", route, { body: other })).status).toBe(201);
    expect(await kept(shelf)).toHaveLength(2);
    const entries = (await api.audit()).filter(
      ({ entity }) => entity.id === made.id,
    );
    expect(entries).toMatchObject([{ action: "CREATE", actor: "otto" }]);
    const seen = await api.as("vera", `${route}/${made.id}`);
    expect(bodyOf(seen, 200, Entry)).toEqual(made);
    problemOf(await api.as("vera", `${route}/nothing`), 404);
  });

  it("are listed by title, page by page", async () => {
    const first = bodyOf(await api.as("vera", `${route}?limit=1`), 200, Page);
    const cursor = `cursor=${first.nextCursor}`;
    const rest = bodyOf(await api.as("vera", `${route}?${cursor}`), 200, Page);
    expect([...first.items, ...rest.items].map(({ title }) => title)).toEqual([
      "Another",
      form.title,
    ]);
    expect(rest.nextCursor).toBeNull();
  });

  it("change on the version that was looked at, and go out of use", async () => {
    const stale = await patch("other", { version: 4, active: false });
    expect(problemOf(stale, 409).current).toEqual({ version: 1 });
    problemOf(await patch("other", { version: 1 }), 400);
    problemOf(await patch("nothing", { version: 1, active: false }), 404);
    const answer = await patch("other", { version: 1, active: false });
    const off = bodyOf(answer, 200, Entry);
    expect(off).toMatchObject({ active: false, version: 2, title: "Another" });
    const [, changed] = (await api.audit()).filter(
      ({ entity }) =>
        entity.id === "other" && entity.kind === shelf.slice(0, -1),
    );
    expect(changed?.before).toEqual({ active: true, version: 1 });
    expect(changed?.after).toEqual({ active: false, version: 2 });
  });
});

describe("what is kept for cards", () => {
  it("asks for an asset to be indexed at each of its versions", async () => {
    expect(await told()).toHaveLength(3);
    expect(await told()).toContainEqual({ assetId: "other", version: 2 });
  });

  it("links to no address that a browser would run", async () => {
    const body = { ...shelves.assets, id: "x", url: "javascript:alert(1)" };
    const problem = problemOf(
      await api.as("ada", "/api/v1/assets", { body }),
      400,
    );
    expect(problem.errors?.map(({ field }) => field)).toEqual(["url"]);
  });

  it("holds no placeholder that nobody fills", async () => {
    const [draft] = shelves.playbooks.outreach;
    const outreach = [{ ...draft, body: "Dear {{contact}}" }];
    const body = { ...shelves.playbooks, id: "x", outreach };
    const answer = await api.as("ada", "/api/v1/playbooks", { body });
    const [error] = problemOf(answer, 400).errors ?? [];
    expect(error?.field).toBe("outreach.0.body");
  });
});
