import { expect, it } from "vitest";
import { planImport } from "../../../../functions/src/domain/imports/accountImport.ts";
import { parseCsv } from "../../../../functions/src/domain/imports/csv.ts";
import { anAccount } from "../../../support/builders.ts";
import { growth } from "../../../support/growth.ts";

const at = new Date("2026-03-01T10:00:00Z");
const account = {
  ...anAccount({ aliases: [], identifiers: {} }),
  schemaVersion: 1 as const,
  createdAt: at,
  updatedAt: at,
};

it("an import is planned in time linear in its records and in the accounts that there are", () => {
  const grown = growth((size) => {
    const names = Array.from(
      { length: size },
      (_, i) => `Company ${i} and Sons`,
    );
    const accounts = names.map((name, i) => ({
      id: `company-${i}`,
      data: { ...account, name, domains: [`company${i}.example`] },
    }));
    const read = parseCsv(`name\n${names.join("\n")}\n`);
    if (!read.ok) throw new Error(read.why);
    const planned = planImport(read.records, {
      accounts,
      uidsByName: new Map(),
      own: { names: [], domains: [] },
    });
    expect(planned.every(({ result }) => result === "unchanged")).toBe(true);
  }, 1_000);
  expect(grown).toBeLessThan(9);
}, 30_000);

it("a table with more quotes than anybody writes is read in time linear in them", () => {
  const grown = growth(
    (size) => parseCsv(`a,b\n"${'""'.repeat(size)}x,"y\n`),
    20_000,
  );
  expect(grown).toBeLessThan(9);
});
