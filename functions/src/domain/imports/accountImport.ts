import type { Account, Identifier } from "../accounts/account.ts";
import { AccountForm } from "../accounts/accountForm.ts";
import { differences, given } from "../kernel/changes.ts";
import type { CsvRecord } from "./csv.ts";
import type { Uid } from "../kernel/ids.ts";
import { columnOf, type Fault, fieldsOf } from "./importRecord.ts";
import { type OwnCompany, ownFault } from "../resolution/ownCompany.ts";
import { slugOf } from "../kernel/slug.ts";

interface Known {
  readonly id: string;
  readonly data: Account;
}

interface Around {
  readonly accounts: readonly Known[];
  readonly uidsByName: ReadonlyMap<string, Uid>;
  readonly own: OwnCompany;
}

/** What becomes of one record: a new account, a changed one, nothing, or nothing for its faults. */
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

/** So much is said of a record; whoever mends it sees the rest at the next try. */
const mostFaults = 20;

/**
 * What an import would do, record by record. A record is of the account that has its id, one of its identifiers,
 * one of its domains, or its name, in this order; it adds to lists and replaces single values, and what
 * it leaves empty stays. Owners are named by e-mail address or uid.
 */
export function planImport(
  [header, ...records]: readonly CsvRecord[],
  { accounts, uidsByName, own }: Around,
): readonly Planned[] {
  const columns = (header?.values ?? []).map(columnOf);
  const known = indexOf(accounts);
  const lines = new Map<string, number>();
  const planned = records.map(({ line, values }): Planned => {
    const cells = new Map(columns.map((name, i) => [name, values[i] ?? ""]));
    const read = fieldsOf(cells, uidsByName);
    const error = (...errors: readonly Fault[]) =>
      ({ line, result: "error", errors }) as const;
    if (values.length > columns.length)
      return error({
        field: "record",
        message: `has ${values.length} values under ${columns.length} columns`,
      });
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
    if (!form.success || faults.length > 0)
      return error(...faults.slice(0, mostFaults));
    const ours = ownFault(own, form.data);
    if (ours !== null) return error(ours);
    const matches = matching(form.data, known);
    const [match] = matches;
    if (matches.length > 1)
      return error({
        field: "record",
        message: `fits more than one account: ${matches
          .slice(0, mostFaults)
          .map(({ id }) => id)
          .join(", ")}; name the id`,
      });
    const id = match?.id ?? form.data.id ?? slugOf(form.data.name, "account");
    const earlier = lines.get(id);
    if (earlier !== undefined)
      return error({
        field: "record",
        message: `is the account "${id}", as line ${earlier} is`,
      });
    lines.set(id, line);
    if (match === undefined)
      return {
        line,
        result: "create",
        form: { ...form.data, id: AccountForm.shape.id.parse(id) },
      };
    return changeOf(line, match, { form: form.data, cells });
  });
  const ids = new Set([...accounts.map(({ id }) => id), ...lines.keys()]);
  return planned.map((plan) => {
    const parent = parentOf(plan);
    if (parent === null || ids.has(parent)) return plan;
    const message = `there is no account "${parent}", here or in the import`;
    const errors = [{ field: "parent", message }];
    return { line: plan.line, result: "error", errors };
  });
}

/** The account that a record puts its own below; null where it names none. */
export function parentOf(plan: Planned): string | null {
  if (plan.result === "create") return plan.form.parentId;
  return plan.result === "update" ? (plan.patch.parentId ?? null) : null;
}

function changeOf(
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
  const wanted = given({
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
  const { after: patch } = differences(data, wanted);
  if (Object.keys(patch).length === 0) return { line, result: "unchanged", id };
  return { line, result: "update", id, version: data.version, patch };
}

/** The identifiers of a record that are not one of the account's further ones: those stay what they are. */
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

/** The accounts by what a record may name them with, so that not every record is held against every account. */
interface Index {
  readonly byId: ReadonlyMap<string, readonly Known[]>;
  readonly byIdentifier: ReadonlyMap<string, readonly Known[]>;
  readonly byDomain: ReadonlyMap<string, readonly Known[]>;
  readonly byName: ReadonlyMap<string, readonly Known[]>;
}

function indexOf(accounts: readonly Known[]): Index {
  return {
    byId: grouped(accounts, ({ id }) => [id]),
    byIdentifier: grouped(accounts, ({ data }) => [
      ...Object.entries(data.identifiers).map(keyOf),
      ...data.moreIdentifiers.map(({ name, value }) => keyOf([name, value])),
    ]),
    byDomain: grouped(accounts, ({ data }) => data.domains),
    byName: grouped(accounts, ({ data }) =>
      [data.name, ...data.aliases].map((name) => name.toLowerCase()),
    ),
  };
}

function keyOf(identifier: readonly [name: string, value: string]): string {
  return JSON.stringify(identifier);
}

function grouped(
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

function matching(form: AccountForm, known: Index): readonly Known[] {
  const found = (map: Index["byId"], keys: readonly string[]) => [
    ...new Set(keys.flatMap((key) => map.get(key) ?? [])),
  ];
  // Whoever names an id means that one, or a new one.
  if (form.id !== undefined) return found(known.byId, [form.id]);
  const byIdentifier = found(
    known.byIdentifier,
    Object.entries(form.identifiers).map(keyOf),
  );
  if (byIdentifier.length > 0) return byIdentifier;
  const byDomain = found(known.byDomain, form.domains);
  if (byDomain.length > 0) return byDomain;
  return found(known.byName, [form.name.toLowerCase()]);
}
