import { z } from "zod";
import type { Account } from "../accounts/account.ts";
import type { CsvRecord } from "./csv.ts";
import { StatedDate } from "../kernel/foreignDate.ts";
import { idFrom } from "../kernel/hash.ts";
import { toColumn, findExcessValues, type Fault } from "./importRecord.ts";
import { About, accountKeys } from "../resolution/lookup.ts";

/** The columns that an import of signals knows, besides `identifier.<name>`. */
export const signalColumns = [
  "external_id",
  "account_id",
  "domain",
  "account_name",
  "title",
  "text",
  "url",
  "source_type",
  "occurred_at",
] as const;

const identifierColumn = /^identifier\.[a-z][\w.-]{0,49}$/i;

/** What a message can hold after redaction, which may lengthen a text. */
const maxCharacters = 16_000;

const Row = z.object({
  external_id: z.string().min(1).max(500),
  account_id: z.string().optional(),
  title: z.string().min(1).max(400),
  text: z.string().min(1).max(maxCharacters),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  source_type: z.string().max(50).default("import"),
  occurred_at: StatedDate.optional(),
});

/** A signal from a record. */
export interface Imported {
  /** The key by which it is recognised when it comes again. */
  readonly externalId: string;
  /** Changes whenever the record says anything different about it. */
  readonly revision: string;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  readonly sourceType: string;
  readonly occurredAt: Date | null;
  /** Null: to be resolved from `about` and from its text. */
  readonly accountId: string | null;
  readonly about: About;
}

/** The plan for one record: a signal, or nothing because of its faults. */
export type Planned = { readonly line: number } & (
  | { readonly result: "signal"; readonly signal: Imported }
  | { readonly result: "error"; readonly errors: readonly Fault[] }
);

interface Known {
  readonly id: string;
  readonly data: Parameters<typeof accountKeys>[0] &
    Pick<Account, "mergedInto">;
}

/** The columns of a header that no import of signals knows. */
export function unknownSignalColumns(
  header: readonly string[],
): readonly string[] {
  const known: readonly string[] = signalColumns;
  return header
    .map(toColumn)
    .filter((name) => !known.includes(name) && !identifierColumn.test(name));
}

/**
 * The signals of a table, record by record, the first of which is the header. A record belongs to the account with
 * its `account_id`, or else to the only account that an identifier, the domain or the name leads to. A record without
 * such an account is a fault unless `mayBeUnknown`.
 */
export function planSignals(
  [header, ...records]: readonly CsvRecord[],
  {
    accounts,
    mayBeUnknown,
  }: { readonly accounts: readonly Known[]; readonly mayBeUnknown: boolean },
): readonly Planned[] {
  const table: Table = {
    columns: (header?.values ?? []).map(toColumn),
    ids: new Set(accounts.map(({ id }) => id)),
    idsByKey: idsByLookupKey(accounts),
    mayBeUnknown,
    lines: new Map(),
  };
  return records.map((record) => planRecord(record, table));
}

interface Table {
  readonly columns: readonly string[];
  readonly ids: ReadonlySet<string>;
  readonly idsByKey: ReadonlyMap<string, readonly string[]>;
  readonly mayBeUnknown: boolean;
  /** The line on which each external id appears first. */
  readonly lines: Map<string, number>;
}

function planRecord({ line, values }: CsvRecord, table: Table): Planned {
  const { columns, lines } = table;
  const toError = (...errors: readonly Fault[]): Planned => ({
    line,
    result: "error",
    errors,
  });
  const excess = findExcessValues(values, columns);
  if (excess !== null) return toError(excess);
  const cells = columns.flatMap((name, i): [string, string][] =>
    values[i] ? [[name, values[i]]] : [],
  );
  const read = Row.safeParse(Object.fromEntries(cells));
  const about = parseAbout(cells);
  if (!read.success || !about.success)
    return toError(...faultsIn(read.error), ...faultsIn(about.error));
  const row = read.data;
  const earlier = lines.get(row.external_id);
  if (earlier !== undefined)
    return toError({
      field: "external_id",
      message: `is that of line ${earlier}`,
    });
  lines.set(row.external_id, line);
  const resolved = resolveRow(row.account_id, about.data, table);
  if ("field" in resolved) return toError(resolved);
  const signal = { ...toSignalFields(row), ...resolved, about: about.data };
  return { line, result: "signal", signal };
}

/** The account of a row, by its id or else by what it says about it; null while unresolved. */
function resolveRow(
  named: string | undefined,
  about: About,
  { ids, idsByKey, mayBeUnknown }: Table,
): { readonly accountId: string | null } | Fault {
  if (named !== undefined)
    return ids.has(named)
      ? { accountId: named }
      : { field: "account_id", message: `no account of yours: ${named}` };
  const found = new Set(
    accountKeys(asAccount(about)).flatMap((key) => idsByKey.get(key) ?? []),
  );
  if (found.size > 1)
    return {
      field: "record",
      message: `fits more than one account: ${[...found].join(", ")}; name the account_id`,
    };
  const [accountId = null] = found;
  if (accountId === null && !mayBeUnknown)
    return { field: "record", message: "names no account of yours" };
  return { accountId };
}

function toSignalFields(row: z.infer<typeof Row>) {
  const { title, text, url = null, source_type: sourceType } = row;
  const occurredAt = row.occurred_at ?? null;
  const stamp = occurredAt?.toISOString() ?? "";
  return {
    externalId: row.external_id,
    revision: idFrom(title, text, url ?? "", sourceType, stamp),
    title,
    text,
    url,
    sourceType,
    occurredAt,
  };
}

function parseAbout(cells: readonly (readonly [string, string])[]) {
  const identifiers = cells
    .filter(([column]) => column.startsWith("identifier."))
    .map(([column, value]): [string, string] => [
      column.slice("identifier.".length),
      value,
    ]);
  const valuesIn = (name: string) =>
    cells.filter(([column]) => column === name).map(([, value]) => value);
  return About.safeParse({
    identifiers: Object.fromEntries(identifiers),
    domains: valuesIn("domain"),
    names: valuesIn("account_name"),
  });
}

function faultsIn(error: z.ZodError | undefined): readonly Fault[] {
  return (error?.issues ?? []).map(({ path, message }) => ({
    field: path.map(String).join("."),
    message,
  }));
}

function idsByLookupKey(
  accounts: readonly Known[],
): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, data } of accounts)
    for (const key of accountKeys(data)) {
      const known = ids.get(key) ?? [];
      // A merged account leads to its survivor. Several accounts are a fault that names them.
      const standing = data.mergedInto ?? id;
      if (known.length < mostNamed && !known.includes(standing))
        known.push(standing);
      ids.set(key, known);
    }
  return ids;
}

const mostNamed = 20;

/** As an account with only this clue. */
function asAccount({
  identifiers = {},
  domains = [],
  names: [name = ""] = [],
}: About): Pick<
  Account,
  "name" | "aliases" | "domains" | "identifiers" | "moreIdentifiers"
> {
  return { name, aliases: [], domains, identifiers, moreIdentifiers: [] };
}
