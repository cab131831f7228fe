import type { Account, Identifier } from "../accounts/account.ts";
import { AccountForm } from "../accounts/accountForm.ts";
import { diff, withoutUndefined } from "../kernel/changes.ts";
import type { CsvRecord } from "./csv.ts";
import type { Uid } from "../kernel/ids.ts";
import {
  toColumn,
  findExcessValues,
  type Fault,
  toFields,
} from "./importRecord.ts";
import { type OwnCompany, ownFault } from "../resolution/ownCompany.ts";
import { toSlug } from "../kernel/slug.ts";

interface Known {
  readonly id: string;
  readonly data: Account;
}

interface Around {
  readonly accounts: readonly Known[];
  readonly uidsByName: ReadonlyMap<string, Uid>;
  readonly own: OwnCompany;
}

/** The plan for one record: a new account, a changed one, no change, or nothing because of its faults. */
export type Planned = { readonly line: number } & (
  | { readonly result: "create"; readonly form: AccountForm }
  | {
      readonly result: "update";
      readonly id: string;
      readonly version: number;
      readonly patch: Partial<Account>;
    }
  | { readonly result: "unchanged"; readonly id: string }
  | { readonly result: "error"; readonly errors: readonly Fault[] }
);

/** The most faults reported for a record; whoever corrects it sees the rest at the next try. */
const mostFaults = 20;

/**
 * What an import would do, record by record. A record belongs to the account that has its id, one of its identifiers,
 * one of its domains, or its name, in this order; it adds to lists and replaces single values, and leaves alone
 * whatever it does not fill in. Owners are named by e-mail address or uid.
 */
export function planImport(
  [header, ...records]: readonly CsvRecord[],
  around: Around,
): readonly Planned[] {
  const columns = (header?.values ?? []).map(toColumn);
  const known = indexAccounts(around.accounts);
  const lines = new Map<string, number>();
  const planned = records.map((record) =>
    planRecord(record, { ...around, columns, known, lines }),
  );
  const ids = new Set([
    ...around.accounts.map(({ id }) => id),
    ...lines.keys(),
  ]);
  return planned.map((plan) => {
    const parent = plannedParent(plan);
    if (parent === null || ids.has(parent)) return plan;
    const message = `there is no account "${parent}", here or in the import`;
    return toError(plan.line, { field: "parent", message });
  });
}

interface Table extends Around {
  readonly columns: readonly string[];
  readonly known: Index;
  /** The line on which each account of the import appears first. */
  readonly lines: Map<string, number>;
}

function planRecord(
  { line, values }: CsvRecord,
  { columns, known, lines, uidsByName, own }: Table,
): Planned {
  const excess = findExcessValues(values, columns);
  if (excess !== null) return toError(line, excess);
  const cells = new Map(columns.map((name, i) => [name, values[i] ?? ""]));
  const read = parseForm(cells, uidsByName);
  if ("faults" in read) return toError(line, ...read.faults);
  const { form } = read;
  const ownCompany = ownFault(own, form);
  if (ownCompany !== null) return toError(line, ownCompany);

  const matches = findMatches(form, known);
  const [match] = matches;
  if (matches.length > 1) {
    const ids = matches.slice(0, mostFaults).map(({ id }) => id);
    const message = `fits more than one account: ${ids.join(", ")}; name the id`;
    return toError(line, { field: "record", message });
  }
  const id = match?.id ?? form.id ?? toSlug(form.name, "account");
  const earlier = lines.get(id);
  if (earlier !== undefined) {
    const message = `is the account "${id}", as line ${earlier} is`;
    return toError(line, { field: "record", message });
  }
  lines.set(id, line);
  if (match !== undefined) return toChange(line, match, { form, cells });
  const named = { ...form, id: AccountForm.shape.id.parse(id) };
  return { line, result: "create", form: named };
}

function toError(line: number, ...errors: readonly Fault[]): Planned {
  return { line, result: "error", errors: errors.slice(0, mostFaults) };
}

/** A record as an account form, or everything that is wrong with it. */
function parseForm(
  cells: ReadonlyMap<string, string>,
  uidsByName: ReadonlyMap<string, Uid>,
): { readonly form: AccountForm } | { readonly faults: readonly Fault[] } {
  const read = toFields(cells, uidsByName);
  const form = AccountForm.safeParse(read.fields);
  const faults = [
    ...read.faults,
    ...(form.error?.issues ?? []).map(({ path, message }) => ({
      // The column, where the field has another name.
      field:
        path[0] === "sources" && path[2] === "url"
          ? "feeds"
          : path.map(String).join("."),
      message,
    })),
  ];
  return form.success && faults.length === 0 ? { form: form.data } : { faults };
}

/** The parent account that a record names; null where it names none. */
export function plannedParent(plan: Planned): string | null {
  if (plan.result === "create") return plan.form.parentId;
  return plan.result === "update" ? (plan.patch.parentId ?? null) : null;
}

function toChange(
  line: number,
  { id, data }: Known,
  {
    form,
    cells,
  }: {
    readonly form: AccountForm;
    readonly cells: ReadonlyMap<string, string>;
  },
): Planned {
  const has = (column: string) => (cells.get(column) ?? "") !== "";
  const union = (before: readonly string[], more: readonly string[]) => [
    ...new Set([...before, ...more]),
  ];
  const keys = new Set(data.sources.map(({ key }) => key));
  const wanted = withoutUndefined({
    name: form.name,
    aliases: union(data.aliases, form.aliases),
    domains: union(data.domains, form.domains),
    identifiers: { ...data.identifiers, ...primary(form, data) },
    moreIdentifiers: [
      ...data.moreIdentifiers,
      ...form.moreIdentifiers.filter((one) => !goesBy(data, one)),
    ],
    parentId: form.parentId ?? undefined,
    sources: [
      ...data.sources,
      ...form.sources.filter(({ key }) => !keys.has(key)),
    ],
    icpFit: has("icp_fit") ? form.icpFit : undefined,
    owners: has("owners") ? form.owners : undefined,
    teams: has("teams") ? form.teams : undefined,
  });
  const { after: patch } = diff(data, wanted);
  if (Object.keys(patch).length === 0) return { line, result: "unchanged", id };
  return { line, result: "update", id, version: data.version, patch };
}

/** The identifiers of a record, except those that are among the account's further ones: these stay as they are. */
function primary(form: AccountForm, data: Account) {
  return Object.fromEntries(
    Object.entries(form.identifiers).filter(
      ([name, value]) =>
        !data.moreIdentifiers.some(
          (one) => one.name === name && one.value === value,
        ),
    ),
  );
}

function goesBy(
  { identifiers, moreIdentifiers }: Account,
  { name, value }: Identifier,
): boolean {
  return (
    identifiers[name] === value ||
    moreIdentifiers.some((one) => one.name === name && one.value === value)
  );
}

/** The accounts by whatever a record may name them with, so that a record is not compared with every account. */
interface Index {
  readonly byId: ReadonlyMap<string, readonly Known[]>;
  readonly byIdentifier: ReadonlyMap<string, readonly Known[]>;
  readonly byDomain: ReadonlyMap<string, readonly Known[]>;
  readonly byName: ReadonlyMap<string, readonly Known[]>;
}

function indexAccounts(accounts: readonly Known[]): Index {
  return {
    byId: groupByKeys(accounts, ({ id }) => [id]),
    byIdentifier: groupByKeys(accounts, ({ data }) => [
      ...Object.entries(data.identifiers).map(toIdentifierKey),
      ...data.moreIdentifiers.map(({ name, value }) =>
        toIdentifierKey([name, value]),
      ),
    ]),
    byDomain: groupByKeys(accounts, ({ data }) => data.domains),
    byName: groupByKeys(accounts, ({ data }) =>
      [data.name, ...data.aliases].map((name) => name.toLowerCase()),
    ),
  };
}

function toIdentifierKey(
  identifier: readonly [name: string, value: string],
): string {
  return JSON.stringify(identifier);
}

function groupByKeys(
  accounts: readonly Known[],
  keysOf: (known: Known) => readonly string[],
): ReadonlyMap<string, readonly Known[]> {
  const groups = new Map<string, Known[]>();
  for (const known of accounts)
    for (const key of new Set(keysOf(known))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [known]);
      else group.push(known);
    }
  return groups;
}

function findMatches(form: AccountForm, known: Index): readonly Known[] {
  const findByKeys = (map: Index["byId"], keys: readonly string[]) => [
    ...new Set(keys.flatMap((key) => map.get(key) ?? [])),
  ];
  // A record with an id means that account, or a new one.
  if (form.id !== undefined) return findByKeys(known.byId, [form.id]);
  const byIdentifier = findByKeys(
    known.byIdentifier,
    Object.entries(form.identifiers).map(toIdentifierKey),
  );
  if (byIdentifier.length > 0) return byIdentifier;
  const byDomain = findByKeys(known.byDomain, form.domains);
  if (byDomain.length > 0) return byDomain;
  return findByKeys(known.byName, [form.name.toLowerCase()]);
}
