import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../../functions/src/domain/imports/csv.ts";
import {
  planSignals,
  unknownSignalColumns,
} from "../../../../functions/src/domain/imports/signalImport.ts";
import { anAccount, anAccountId } from "../../../support/builders.ts";

const accounts = [
  { id: "globex", data: { ...anAccount(), mergedInto: null } },
  {
    id: "initech",
    data: {
      ...anAccount({ name: "Initech, Inc.", domains: ["initech.example"] }),
      aliases: ["Initrode"],
      identifiers: { cik: "0000000007" },
      mergedInto: null,
    },
  },
];

function plan(lines: readonly string[], mayBeUnknown = true) {
  const read = parseCsv(lines.join("\n"));
  if (!read.ok) throw new Error(read.why);
  return planSignals(read.records, { accounts, mayBeUnknown });
}

const one = (columns: string, values: string, mayBeUnknown = true) =>
  plan(
    [
      `external_id,title,text,${columns}`,
      `k1,A title,A text of some length,${values}`,
    ],
    mayBeUnknown,
  )[0];

const accountOf = (columns: string, values: string) => {
  const planned = one(columns, values);
  return planned?.result === "signal"
    ? planned.signal.accountId
    : planned?.errors[0]?.message;
};

describe("a record of a list of signals", () => {
  it("is of the account that it names, or that an identifier, the domain or the name leads to", () => {
    expect(accountOf("account_id", "globex")).toBe("globex");
    expect(accountOf("identifier.hubspot", "1001")).toBe("globex");
    expect(accountOf("identifier.CIK", "7")).toBe("initech");
    expect(accountOf("domain", "www.initech.example")).toBe("initech");
    expect(accountOf("account_name", "INITECH")).toBe("initech");
    expect(accountOf("account_name", "Initrode GmbH")).toBe("initech");
    expect(accountOf("url", "https://globex.example/x")).toBeNull();
    expect(accountOf("account_name", "Hooli")).toBeNull();
  });

  it("has a fault where it fits two, names none that there is, or must name one", () => {
    expect(accountOf("domain,account_name", "globex.example,Initech")).toMatch(
      /more than one account: .*name the account_id/,
    );
    expect(accountOf("account_id", "hooli")).toBe("no account of yours: hooli");
    const strict = one("account_name", "Hooli", false);
    expect(strict).toMatchObject({
      result: "error",
      errors: [{ field: "record", message: "names no account of yours" }],
    });
  });

  it("leads to the account that another was merged into", () => {
    const read = parseCsv(
      "external_id,title,text,domain\nk,T,x,initech.example",
    );
    const merged = accounts.map(({ id, data }) => ({
      id,
      data: {
        ...data,
        mergedInto: id === "initech" ? anAccountId("globex") : null,
      },
    }));
    const [planned] = read.ok
      ? planSignals(read.records, { accounts: merged, mayBeUnknown: true })
      : [];
    expect(planned).toMatchObject({ signal: { accountId: "globex" } });
  });

  it("has a revision that changes with anything that it says", () => {
    const revisionOf = (values: string) => {
      const [planned] = plan([
        "external_id,title,text,url,source_type,occurred_at,account_id",
        `k1,${values}`,
      ]);
      if (planned?.result !== "signal") throw new Error("It has a fault.");
      return planned.signal.revision;
    };
    const all = [
      "T,x,,,,globex",
      "U,x,,,,globex",
      "T,y,,,,globex",
      "T,x,https://globex.example,,,globex",
      "T,x,,call,,globex",
      "T,x,,,2026-11-20,globex",
      "T,x,,,2026-11-20T10:00:00+02:00,globex",
    ];
    expect(new Set(all.map(revisionOf)).size).toBe(all.length);
    expect(revisionOf("T,x,,,2026-11-20T08:00:00Z,globex")).toBe(
      revisionOf("T,x,,,2026-11-20T10:00:00+02:00,globex"),
    );
    expect(revisionOf("T,x,,,,initech")).toBe(revisionOf("T,x,,,,globex"));
  });

  it("has each of its faults named by its field", () => {
    const planned = plan([
      "external_id,title,text,url,occurred_at,domain,identifier.x",
      ",,,javascript:alert(1),yesterday,globex.example,",
      `k1,${"t".repeat(401)},${"x".repeat(16_001)},,2026-02-30,,${"i".repeat(201)}`,
      "k1,T,x,,,,",
      "k1,T,x,,,,",
      "k2,T,x,,,,,more",
    ]);
    const fieldsOf = planned.map((one) =>
      one.result === "error" ? one.errors.map(({ field }) => field) : [],
    );
    expect(fieldsOf).toEqual([
      ["external_id", "title", "text", "url", "occurred_at"],
      ["title", "text", "occurred_at", "identifiers.x"],
      [],
      ["external_id"],
      ["record"],
    ]);
    expect(planned[3]).toMatchObject({
      line: 5,
      errors: [{ message: "is that of line 4" }],
    });
  });

  it("has columns that mean something", () => {
    expect(
      unknownSignalColumns([
        "External ID",
        "Identifier.vat",
        "identifier.__x__",
        "identifier.",
        "owner",
      ]),
    ).toEqual(["identifier.__x__", "identifier.", "owner"]);
  });
});
