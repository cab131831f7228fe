import { expect, it } from "vitest";
import { z } from "zod";
import { bodyOf, people, problemOf, sharedApi } from "../support/api.ts";

const Page = z.strictObject({
  items: z.array(
    z.strictObject({
      uid: z.string(),
      name: z.string(),
      role: z.string(),
      isLead: z.boolean(),
      active: z.boolean(),
      teams: z.array(z.string()),
    }),
  ),
  nextCursor: z.string().nullable(),
  unreadable: z.literal(0),
});

const api = await sharedApi();
const read = async (person: string, query = "") =>
  bodyOf(await api.as(person, `/api/v1/people${query}`), 200, Page);

it("the people of a tenant are named to each of its members, and without their addresses", async () => {
  for (const person of ["ada", "bob", "otto", "vera"]) {
    const { items, nextCursor } = await read(person);
    expect(items.map(({ uid }) => uid).toSorted()).toEqual(
      [...Object.keys(people), "both"].toSorted(),
    );
    expect(nextCursor).toBeNull();
    expect(items).toContainEqual(
      expect.objectContaining({
        uid: "lea",
        role: "ACCOUNT_MANAGER",
        isLead: true,
        active: true,
        teams: ["north"],
      }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({ uid: "ina", active: false }),
    );
  }
  const answer = await api.as("vera", "/api/v1/people");
  expect(answer.text).not.toContain("@");
  problemOf(await api.as("ina", "/api/v1/people"), 403);
});

it("the people come in pages of at most 200", async () => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = await read("vera", `?limit=3${next}`);
    expect(page.items.length).toBeLessThanOrEqual(3);
    seen.push(...page.items.map(({ uid }) => uid));
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(8);
  expect(seen).toHaveLength(8);
  const { errors } = problemOf(
    await api.as("vera", "/api/v1/people?limit=201"),
    400,
  );
  expect(errors?.map(({ field }) => field)).toEqual(["limit"]);
});
