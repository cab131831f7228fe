import { describe, expect, it } from "vitest";
import { AccountId, Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";
import { accountFigures } from "../../../../web/src/features/accounts/figures/figures.ts";
import {
  type Row,
  filterAndSort,
} from "../../../../web/src/features/accounts/list/rows.ts";
import { webAddress } from "../../../../web/src/lib/webAddress.ts";
import { minutes } from "./timelineParts.ts";

const now = minutes(600);

function row(
  name: string,
  facts: {
    readonly owner?: string;
    readonly health?: number;
    readonly intent?: number;
    readonly last?: number;
    readonly domains?: string[];
  } = {},
): Row {
  const known =
    facts.last === undefined
      ? null
      : { parts: {}, categories: {}, lastSignalAt: minutes(facts.last) };
  const figures = accountFigures(
    known,
    { sources: 1, failingSources: 0 },
    { tenant: tenantDefaults, now },
  );
  return {
    known,
    figures: {
      ...figures,
      intent: facts.intent ?? 0,
      health: { ...figures.health, score: facts.health ?? 50 },
    },
    account: {
      id: AccountId.parse(name.toLowerCase()),
      schemaVersion: 1,
      createdAt: now,
      updatedAt: now,
      name,
      aliases: [`${name} Corporation`],
      domains: facts.domains ?? [],
      identifiers: {},
      owners: [Uid.parse(facts.owner ?? "ann")],
      teams: [],
      audience: [],
      sources: [],
      moreIdentifiers: [],
      lookup: [],
      parentId: null,
      mergedInto: null,
      icpFit: 0.5,
      provenance: "live",
      version: 1,
    },
  };
}

const rows = [
  row("Acme", { health: 30, intent: 10 }),
  row("Initech", {
    health: 70,
    intent: 90,
    last: 9,
    domains: ["init.example"],
  }),
  row("Globex", { health: 70, intent: 40, last: 5, owner: "bob" }),
];
const names = (search: Parameters<typeof filterAndSort>[1]) =>
  filterAndSort(rows, search).map(({ account }) => account.name);

describe("the list of accounts", () => {
  it("has the worst health first, and by name what is equal", () => {
    expect(names({})).toEqual(["Acme", "Globex", "Initech"]);
  });

  it("is sorted by what is asked for, and the other way round", () => {
    expect(names({ sort: "intent" })).toEqual(["Initech", "Globex", "Acme"]);
    expect(names({ sort: "signal" })).toEqual(["Initech", "Globex", "Acme"]);
    expect(names({ sort: "name" })).toEqual(["Acme", "Globex", "Initech"]);
    expect(names({ sort: "name", reverse: true })).toEqual([
      "Initech",
      "Globex",
      "Acme",
    ]);
  });

  it("finds all words in name, aliases and domains, in any case", () => {
    expect(names({ q: "INIT.example" })).toEqual(["Initech"]);
    expect(names({ q: "corporation glo" })).toEqual(["Globex"]);
    expect(names({ q: "globex missing" })).toEqual([]);
  });

  it("shows one owner's alone where that is asked for", () => {
    expect(names({ owner: "bob" })).toEqual(["Globex"]);
  });
});

describe("an address from a source", () => {
  it("is a link where it is a page of the web, and else none", () => {
    expect(webAddress("https://herald.example/a")).toBe(
      "https://herald.example/a",
    );
    for (const address of [
      "javascript:alert(1)",
      "data:text/html,hello",
      "no address",
      null,
    ])
      expect(webAddress(address)).toBeNull();
  });
});
