import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as collections from "../../functions/src/domain/collections.ts";
import { beyond } from "./beyond.ts";
import { type Difference, differences } from "./cases.ts";
import { cells, operations } from "./cells.ts";
import { loadRules } from "./client.ts";
import { coverageOf, uncovered } from "./coverage.ts";
import { documents } from "./database.ts";
import { put } from "./emulatorRest.ts";
import { actors, lettersOf, people, rows } from "./expected.ts";

const projectId = `rules-${randomUUID().slice(0, 8)}`;
let wrong: readonly Difference[] = [];

beforeAll(async () => {
  await loadRules(projectId);
  await put(projectId, documents());
  wrong = await differences([...cells, ...beyond], projectId);
  const wrongCells = wrong.filter(({ name }) => name.includes(" × ")).length;
  console.log(
    `rules: ${rows.length} collections × ${actors.length} actors × ${operations.length} operations = ${cells.length} cells, ${cells.length - wrongCells} as expected; ${beyond.length} cases beyond them`,
  );
});

const sentences = (cases: readonly { readonly says: string }[]) => [
  ...new Set(cases.map(({ says }) => says)),
];

describe("the matrix", () => {
  it.each(sentences(cells))("%s", (sentence) => {
    expect(wrong.filter(({ says }) => says === sentence)).toEqual([]);
  });

  it.each(rows)(
    "says of $collection what domain/people/roles.ts says",
    (row) => {
      const byDomain = actors.map((actor) => {
        return [actor, lettersOf(row.collection, actor)] as const;
      });
      expect(row.letters).toEqual(byDomain);
    },
  );

  it("has a row for every collection that the domain names", () => {
    const inTable = rows.map(({ collection }) => collection);
    const inDomain = domainCollections();
    expect(inDomain.length).toBeGreaterThan(15);
    expect(inDomain.filter((name) => !inTable.includes(name))).toEqual([]);
    expect(new Set(inTable).size).toBe(inTable.length);
    expect(actors).toEqual(Object.keys(people));
    expect(cells).toHaveLength(rows.length * actors.length * operations.length);
  });
});

describe("beyond the matrix", () => {
  it.each(sentences(beyond))("%s", (sentence) => {
    expect(wrong.filter(({ says }) => says === sentence)).toEqual([]);
  });
});

describe("the expressions of the rules", () => {
  it("have all come to a value, and the conditions among them to true and to false", async () => {
    const { missing, excused, seen, conditions } = await coverageOf(projectId);
    console.log(
      `rules: ${seen} expressions, ${conditions} of them conditions, ${missing.length} of which not seen in full, and ${excused.length} that cannot be`,
    );
    expect(conditions).toBeGreaterThan(40);
    expect(missing).toEqual([]);
    expect(new Set(excused)).toEqual(new Set(Object.keys(uncovered)));
  });
});

/** The collections that domain/collections.ts builds paths of, by name: `opportunities/history`. */
function domainCollections(): readonly string[] {
  const named = Object.values(collections).flatMap((value) => {
    const built: unknown =
      typeof value === "function"
        ? Reflect.apply(value, undefined, ["{t}", "{a}", "{b}"])
        : value;
    const ref = z.object({ path: z.string() }).safeParse(built);
    if (!ref.success) return [];
    const names = ref.data.path.split("/").filter((_, n) => n % 2 === 0);
    return [names.length > 1 ? names.slice(1).join("/") : (names[0] ?? "")];
  });
  return [...new Set(named)];
}
