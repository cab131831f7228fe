import { describe, expect, it } from "vitest";
import type { Account } from "../../../../functions/src/domain/accounts/account.ts";
import type { Candidate } from "../../../../functions/src/domain/resolution/evidence.ts";
import { AccountId } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  type About,
  About as AboutSchema,
  toClues,
  clueKeys,
  toHost,
  accountKeys,
} from "../../../../functions/src/domain/resolution/lookup.ts";
import {
  type OwnCompany,
  ownFault,
} from "../../../../functions/src/domain/resolution/ownCompany.ts";
import { rankCandidates } from "../../../../functions/src/domain/resolution/rankCandidates.ts";

type Named = Candidate["account"];

const nobody: OwnCompany = { names: [], domains: [] };
const named = (name: string, changes: Partial<Named> = {}): Named => ({
  name,
  aliases: [],
  domains: [],
  identifiers: {},
  moreIdentifiers: [],
  ...changes,
});
const candidate = (
  id: string,
  account: Named,
  standing: Partial<Candidate["survivor"]> = {},
): Candidate => ({
  id: AccountId.parse(id),
  account,
  survivor: {
    id: AccountId.parse(id),
    name: account.name,
    parentId: null,
    ...standing,
  },
});
const globex = candidate(
  "globex",
  named("Globex Inc.", {
    aliases: ["GBX Industries"],
    domains: ["www.globex.example"],
    identifiers: { cik: "0001045810", salesforce: "001000000000001AAA" },
    moreIdentifiers: [{ name: "salesforce", value: "001000000000002BBB" }],
  }),
);
const initech = candidate("initech", named("Initech"));

interface Found {
  readonly about?: About;
  readonly title?: string;
  readonly text?: string;
  readonly url?: string | null;
}

function ask(
  candidates: readonly Candidate[],
  { about = {}, title = "", text = "", url = null }: Found,
  own = nobody,
) {
  const evidence = toClues(about, { title, text, url });
  return rankCandidates(candidates, evidence, own);
}
const told = (candidates: readonly Candidate[], found: Found) =>
  ask(candidates, found).likely.map(({ id, confidence }) => [id, confidence]);

describe("whose a signal is", () => {
  it.each<[string, Found, number]>([
    ["identifier", { about: { identifiers: { cik: "1045810" } } }, 1],
    [
      "identifier",
      { about: { identifiers: { salesforce: "001000000000002" } } },
      1,
    ],
    ["domain", { about: { domains: ["globex.example"] } }, 0.97],
    ["domain", { about: { domains: ["https://www.Globex.example/x"] } }, 0.97],
    ["page", { about: { domains: ["mail.globex.example"] } }, 0.95],
    ["page", { url: "https://news.globex.example/2026/1" }, 0.95],
    ["name", { about: { names: ["GLOBEX Corp."] } }, 0.92],
    ["alias", { about: { names: ["GBX Industries"] } }, 0.88],
    ["name-in-title", { title: "How Globex grew" }, 0.8],
    ["alias-in-title", { title: "How GBX Industries grew" }, 0.75],
    ["name-in-text", { text: "It is said that Globex grew." }, 0.6],
    ["alias-in-text", { text: "It is said that GBX Industries grew." }, 0.6],
  ])("rests on its %s", (kind, found, confidence) => {
    const [best] = ask([globex], found).likely;
    expect(best).toMatchObject({ id: "globex", kind, confidence });
  });

  it("is nobody's where nothing is found, as in the name of another or in small letters", () => {
    expect(told([globex], { title: "Globexcorp and globex" })).toEqual([]);
    expect(told([globex], { url: "https://notglobex.example/" })).toEqual([]);
  });

  it("is the surer the more places say so, and certain by an identifier alone", () => {
    const both = { title: "How Globex grew", text: "We saw that Globex grew." };
    expect(told([globex], both)).toEqual([["globex", 0.92]]);
    const same = { title: "How Globex, now GBX Industries, grew" };
    expect(told([globex], same)).toEqual([["globex", 0.8]]);
    const all = {
      ...both,
      url: "https://globex.example/",
      about: { names: ["Globex"] },
    };
    expect(told([globex], all)).toEqual([["globex", 0.99]]);
  });

  it("is not sure of either of two that are as likely, nor of a third behind them", () => {
    const title = "Globex sues Initech";
    expect(told([globex, initech], { title })).toEqual([
      ["globex", 0.5],
      ["initech", 0.5],
    ]);
    const clear = { title: "How Globex grew", text: "So says Initech." };
    expect(told([globex, initech], clear)).toEqual([
      ["globex", 0.8],
      ["initech", 0.6],
    ]);
    const nearly = { url: "https://globex.example/", about: { names: ["IX"] } };
    const other = candidate("initech", named("Initech", { aliases: ["IX"] }));
    expect(told([globex, other], nearly)).toEqual([
      ["globex", 0.5],
      ["initech", 0.5],
    ]);
    const hooli = candidate("hooli", named("Hooli"));
    const three = {
      title: "Globex sues Initech",
      text: "Hooli and Globex and Initech.",
    };
    const [first, second, third] = told([globex, initech, hooli], three);
    expect([first, second]).toEqual([
      ["globex", 0.5],
      ["initech", 0.5],
    ]);
    expect(third).toEqual(["hooli", 0.5]);
  });

  it("is by an identifier that account's, whoever else is named; of two with the same neither's", () => {
    const about = { identifiers: { salesforce: "001000000000001AAA" } };
    const title = "Initech buys";
    const found = {
      about,
      title,
      text: "It was Initech.",
      url: "https://initech.example/",
    };
    const rival = candidate(
      "initech",
      named("Initech", { domains: ["initech.example"] }),
    );
    expect(told([rival, globex], found)[0]).toEqual(["globex", 1]);
    const twin = candidate(
      "twin",
      named("Twin", { identifiers: { salesforce: "001000000000001" } }),
    );
    expect(told([twin, globex], { about })).toEqual([
      ["globex", 0.5],
      ["twin", 0.5],
    ]);
  });

  it("is not that of a company whose name is but a part of another's that is named", () => {
    const apple = candidate("apple", named("Apple"));
    const bank = candidate("apple-bank", named("Apple Bank"));
    expect(told([apple, bank], { title: "How Apple Bank grew" })).toEqual([
      ["apple-bank", 0.8],
    ]);
    expect(
      told([apple, bank], { title: "How Apple Bank sued Apple" }),
    ).toHaveLength(2);
  });

  describe("of parent and subsidiary", () => {
    const parentId = AccountId.parse("globex");
    const labs = candidate("labs", named("Globex Labs"), { parentId });
    const hooli = candidate("hooli", named("Hooli", { aliases: ["HX"] }), {
      parentId,
    });

    it("is the subsidiary's whose name holds the parent's", () => {
      const title = "Globex buys more of Globex Labs";
      expect(told([globex, labs], { title })).toEqual([
        ["labs", 0.8],
        ["globex", 0.5],
      ]);
      const account = named("Globex Labs", { aliases: ["GL Works"] });
      const byAlias = candidate("labs", account, { parentId });
      const short = { title: "Globex buys more of GL Works" };
      expect(told([globex, byAlias], short)[0]).toEqual(["labs", 0.75]);
    });

    it("is the one's that is found by what is its own", () => {
      expect(told([globex, hooli], { title: "Globex buys Hooli" })).toEqual([
        ["hooli", 0.8],
        ["globex", 0.5],
      ]);
      expect(told([globex, hooli], { title: "Globex buys HX" })).toEqual([
        ["globex", 0.8],
        ["hooli", 0.5],
      ]);
    });

    it("is nobody's for sure where a third is as likely", () => {
      const found = told([globex, labs, initech], {
        title: "Initech and Globex sue Globex Labs",
      });
      expect(found.map(([, confidence]) => confidence)).toEqual([
        0.5, 0.5, 0.5,
      ]);
    });
  });

  it("is the account's that stands for those that were merged into it", () => {
    const standing = { id: AccountId.parse("initech"), name: "Initech" };
    const merged = candidate("globex", globex.account, standing);
    expect(told([merged, initech], { title: "Globex and Initech" })).toEqual([
      ["initech", 0.8],
    ]);
  });
});

describe("the tenant's own company", () => {
  const own = { names: ["Acme Consulting GmbH"], domains: ["acme.example"] };

  it.each<[string, Found]>([
    ["a page of it", { url: "https://blog.acme.example/1" }],
    ["its domain", { about: { domains: ["acme.example"] } }],
    ["its name as a hint", { about: { names: ["ACME Consulting"] } }],
    ["its name in the title", { title: "How Acme Consulting grew" }],
    ["its name in the text", { text: "We heard of Acme Consulting." }],
  ])("is known by %s", (_, found) => {
    expect(ask([], found, own)).toEqual({ likely: [], isOwnCompany: true });
    expect(ask([], found, nobody).isOwnCompany).toBe(false);
  });

  it("counts for nothing beside an account that is named as plainly", () => {
    const title = "Acme Consulting and Globex join hands";
    const beside = ask([globex], { title }, own);
    expect(beside.isOwnCompany).toBe(false);
    expect(beside.likely).toMatchObject([{ id: "globex", confidence: 0.8 }]);
    const ours = { url: "https://acme.example/", text: "We met Globex." };
    expect(ask([globex], ours, own).isOwnCompany).toBe(true);
  });

  it("is no account by name, alias or domain, each named by its field", () => {
    expect(ownFault(own, { name: "Acme Consulting" })?.field).toBe("name");
    expect(ownFault(own, { aliases: ["x", "ACME consulting Ltd"] })).toEqual({
      field: "aliases",
      message: '"ACME consulting Ltd" is our own company: see the settings',
    });
    expect(ownFault(own, { domains: ["shop.acme.example"] })?.field).toBe(
      "domains",
    );
    expect(
      ownFault(own, { name: "Acme", domains: ["notacme.example"] }),
    ).toBeNull();
    expect(ownFault(nobody, { name: "", aliases: ["?"] })).toBeNull();
  });
});

describe("the keys", () => {
  it("of an account are its identifiers, names and domains, each once and in one spelling", () => {
    expect(accountKeys(globex.account)).toEqual([
      "id:cik:0001045810",
      "id:salesforce:001000000000001",
      "name:globex",
      "domain:globex.example",
      "id:salesforce:001000000000002",
      "name:gbx industries",
    ]);
    expect(accountKeys(named("?!"))).toEqual([]);
  });

  it("hold all that an account may have of names, domains and identifiers", () => {
    const many = (count: number, what: string) =>
      Array.from({ length: count }, (_, i) => `${what}${i}`);
    const account: Pick<Account, keyof Named> = named("Globex", {
      aliases: many(50, "alias"),
      domains: many(20, "d").map((d) => `${d}.example`),
      identifiers: { a: "1" },
      moreIdentifiers: many(50, "m").map((value) => ({ name: "x", value })),
    });
    expect(accountKeys(account)).toHaveLength(122);
  });

  it("of a document are its hints first, and no more than one query takes", () => {
    const about = {
      identifiers: { cik: "1045810" },
      names: ["Globex Ltd"],
      domains: ["https://www.shop.globex.example/x"],
    };
    const title = "Umbrella Opens Nine Big New Plants In All Of Its Old Homes";
    const text = `${"Today Initech spoke. ".repeat(3)} ${"Hooli did. ".repeat(2)} Once Vehement did.`;
    const keys = clueKeys(
      toClues(about, { title, text, url: "https://a.b.c.d.e.example/" }),
    );
    expect(keys.slice(0, 8)).toEqual([
      "id:cik:0001045810",
      "name:globex",
      "domain:shop.globex.example",
      "domain:globex.example",
      "domain:b.c.d.e.example",
      "domain:c.d.e.example",
      "domain:d.e.example",
      "domain:e.example",
    ]);
    expect(keys).toHaveLength(30);
    expect(new Set(keys).size).toBe(30);
    for (const name of ["initech", "hooli", "vehement"])
      expect(keys).toContain(`name:${name}`);
    const bare = toClues({}, { title, text, url: null });
    expect(clueKeys(bare)).toHaveLength(25);
  });

  it("take the host of an address, however it is written", () => {
    for (const written of [
      "globex.example",
      "WWW.Globex.Example.",
      "https://user@globex.example:8443/path?q#f",
      "pat@globex.example",
    ])
      expect(toHost(written)).toBe("globex.example");
  });
});

describe("what is known of whose a signal is", () => {
  it("is bounded, and may be left out", () => {
    expect(AboutSchema.parse({})).toEqual({});
    const eleven = Array.from({ length: 11 }, (_, i) => `n${i}`);
    for (const field of ["names", "domains"])
      expect(AboutSchema.safeParse({ [field]: eleven }).success).toBe(false);
    const identifiers = Object.fromEntries(eleven.map((n) => [n, n]));
    expect(AboutSchema.safeParse({ identifiers }).success).toBe(false);
  });
});
