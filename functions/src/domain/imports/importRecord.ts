import type { z } from "zod";
import type { Source } from "../sources/source.ts";
import type { AccountForm } from "../accounts/accountForm.ts";
import { withoutUndefined } from "../kernel/changes.ts";
import type { Uid } from "../kernel/ids.ts";
import { toSlug } from "../kernel/slug.ts";

/**
 * The columns that an import knows, besides `identifier.<name>` for any other identifier. Lists are separated by ; or
 * |.
 */
export const importColumns = [
  "id",
  "name",
  "aliases",
  "domains",
  "owners",
  "teams",
  "icp_fit",
  "cik",
  "ticker",
  "salesforce",
  "hubspot",
  "more_identifiers",
  "parent",
  "greenhouse",
  "feeds",
] as const;

/** Entries of one list; an account has at most a few dozen of anything. */
const mostEntries = 200;

const identifierColumns = [
  "cik",
  "ticker",
  "salesforce",
  "hubspot",
  "greenhouse",
];

/** What is wrong with a record, and in which field. */
export type Fault = { readonly field: string; readonly message: string };
type Fields = z.input<typeof AccountForm>;

/** The columns of a header that no import knows. */
export function unknownColumns(header: readonly string[]): readonly string[] {
  const known: readonly string[] = importColumns;
  return header
    .map(toColumn)
    .filter((name) => !known.includes(name) && !/^identifier\.\w/.test(name));
}

/** The fault of a record with more values than the header has columns; null where it has not. */
export function findExcessValues(
  values: readonly string[],
  columns: readonly string[],
): Fault | null {
  if (values.length <= columns.length) return null;
  const message = `has ${values.length} values under ${columns.length} columns`;
  return { field: "record", message };
}

/** A record's columns as the fields of a form, and the owners who are not members. */
export function toFields(
  cells: ReadonlyMap<string, string>,
  uidsByName: ReadonlyMap<string, Uid>,
): { readonly fields: Fields; readonly faults: readonly Fault[] } {
  const cell = (name: string) => {
    const value = cells.get(name) ?? "";
    return value === "" ? undefined : value;
  };
  const overlong = new Set<string>();
  const list = (name: string) => {
    const parts = (cell(name) ?? "").split(/[;|]/, mostEntries + 1);
    if (parts.length > mostEntries) overlong.add(name);
    return parts
      .slice(0, mostEntries)
      .map((part) => part.trim())
      .filter((part) => part !== "");
  };
  const owners = list("owners").map((owner) => ({
    owner,
    uid: uidsByName.get(owner.toLowerCase()) ?? uidsByName.get(owner),
  }));
  const icpFit = cell("icp_fit");
  const fields = {
    ...withoutUndefined({ id: cell("id"), parentId: cell("parent") }),
    name: cell("name") ?? "",
    aliases: list("aliases"),
    domains: list("domains"),
    owners: owners.flatMap(({ uid }) => uid ?? []),
    teams: list("teams"),
    identifiers: findIdentifiers(cells),
    moreIdentifiers: list("more_identifiers").map(parseIdentifier),
    ...withoutUndefined({
      icpFit: icpFit === undefined ? undefined : Number(icpFit),
    }),
    sources: toSources(cell, list("feeds")),
  };
  const unknown = owners
    .filter(({ uid }) => uid === undefined)
    .map(({ owner }) => ({
      field: "owners",
      message: `no active member: ${owner}`,
    }));
  const tooLong = [...overlong].map((field) => ({
    field,
    message: `has more than ${mostEntries} entries`,
  }));
  return { fields, faults: [...tooLong, ...unknown] };
}

/** The identifiers that have a column of their own, or one named `identifier.<name>`. */
function findIdentifiers(
  cells: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const identifiers = [...cells].flatMap(([column, value]) => {
    const name = column.replace(/^identifier\./, "");
    const isIdentifier = name !== column || identifierColumns.includes(name);
    if (value === "" || !isIdentifier) return [];
    return [[name, name === "cik" ? value.padStart(10, "0") : value] as const];
  });
  return Object.fromEntries(identifiers);
}

/** An identifier as it appears in a list: `salesforce:001000000000002AAA`. */
function parseIdentifier(text: string) {
  const at = text.indexOf(":");
  return {
    name: text.slice(0, Math.max(0, at)).trim().toLowerCase(),
    value: text.slice(at + 1).trim(),
  };
}

/** An account that files with the SEC or posts on Greenhouse is polled there, besides the feeds that are named. */
function toSources(
  cell: (name: string) => string | undefined,
  feeds: readonly string[],
): Source[] {
  const cik = cell("cik");
  const board = cell("greenhouse");
  return [
    ...(cik === undefined
      ? []
      : [{ kind: "sec" as const, key: "sec", cik: cik.padStart(10, "0") }]),
    ...(board === undefined
      ? []
      : [{ kind: "greenhouse" as const, key: "greenhouse", board }]),
    ...feeds.map((url) => ({
      kind: "rss" as const,
      key: toSlug(url.replace(/^https?:\/\//i, ""), "feed"),
      url,
      publisher: toPublisher(url),
      reliability: 0.7,
      licence: "as its publisher states; quoted as evidence",
    })),
  ];
}

function toPublisher(url: string): string {
  return /^https?:\/\/([^/:?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? url;
}

/** The known column for a header's name, however it is written. */
export function toColumn(name: string): string {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return plain.startsWith("identifier.")
    ? name.trim().replace(/^identifier/i, "identifier")
    : plain;
}
