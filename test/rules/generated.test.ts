import { describe, expect, it } from "vitest";
import { beyond } from "./beyond.ts";
import { cells, operations } from "./cells.ts";
import { actors, carriesAudience, rows } from "./expected.ts";
import { rules } from "./client.ts";

const inTable = rows.map(({ collection }) => collection);
/** The collections that firestore.rules names, those beneath another with it: `opportunities/history`. */
const inRules = [...rules.matchAll(/match \/(\w+)\/\{/gu)].map(
  ([, name = ""]) => name,
);

describe("the questions that are made of the table", () => {
  it("ask of every collection, by everybody, in every way", () => {
    for (const collection of inTable) {
      const asked = cells.filter((cell) => cell.collection === collection);
      expect([collection, asked.length]).toEqual([
        collection,
        actors.length * operations.length,
      ]);
    }
  });

  it("ask past the rules of every collection: in all tenants at once, and beneath its documents", () => {
    const sentences = [
      "nobody lists a collection of all tenants at once",
      "nothing is read beneath a document because that may be read",
    ];
    for (const collection of inTable)
      for (const sentence of sentences)
        expect([collection, sentence, asks(collection, sentence)]).toEqual([
          collection,
          sentence,
          true,
        ]);
  });

  it("ask with foreign keys, and for odd documents, of every collection that carries an audience", () => {
    for (const collection of inTable.filter(carriesAudience))
      for (const sentence of [
        "account managers list by their own keys alone",
        "what does not name an account manager is shown to those alone who see everything",
      ])
        expect([collection, sentence, asks(collection, sentence)]).toEqual([
          collection,
          sentence,
          true,
        ]);
  });

  it("ask for more than a page of every collection that somebody lists", () => {
    const sentence = "nobody lists or counts more than 200 at once";
    const listed = rows.filter(({ letters }) =>
      letters.some(([actor, may]) => actor === "admin" && may.includes("a")),
    );
    expect(listed.length).toBeGreaterThan(5);
    expect(
      listed.filter(({ collection }) => !asks(collection, sentence)),
    ).toEqual([]);
  });

  it("know every collection that the rules name", () => {
    const known = new Set(inTable.flatMap((name) => name.split("/")));
    expect(inRules.length).toBeGreaterThan(15);
    expect(
      inRules.filter((name) => name !== "databases" && !known.has(name)),
    ).toEqual([]);
  });

  it("deny whatever has no rule", () => {
    expect(inTable).toContain("unnamed");
    const unnamed = cells.filter(({ collection }) => collection === "unnamed");
    expect(unnamed.filter(({ expected }) => expected !== false)).toEqual([]);
    expect(rules).not.toMatch(/=\*\*\}/u);
  });
});

function asks(collection: string, sentence: string): boolean {
  return beyond.some(
    (one) => one.collection === collection && one.says === sentence,
  );
}
