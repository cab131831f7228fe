import type { Account, Identifier } from "./account.ts";
import { AccountForm } from "./accountForm.ts";
import { differences, given } from "./changes.ts";
import type { CsvRecord } from "./csv.ts";
import type { Uid } from "./ids.ts";
import { columnOf, type Fault, fieldsOf } from "./importRecord.ts";
import { type OwnCompany, ownFault } from "./ownCompany.ts";
import { slugOf } from "./slug.ts";

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
    if (!form.success || faults.length > 0) return error(...faults);
    const ours = ownFault(own, form.data);
    if (ours !== null) return error(ours);
    const matches = matching(form.data, accounts);
    const [match] = matches;
    if (matches.length > 1)
      return error({
        field: "record",
        message: `fits more than one account: ${matches.map(({ id }) => id).join(", ")}; name the id`,
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

function matching(
  form: AccountForm,
  accounts: readonly Known[],
): readonly Known[] {
  const name = form.name.toLowerCase();
  const tests: readonly ((known: Known) => boolean)[] = [
    ({ id }) => id === form.id,
    ({ data }) =>
      Object.entries(form.identifiers).some(([name, value]) =>
        goesBy(data, { name, value }),
      ),
    ({ data }) => form.domains.some((domain) => data.domains.includes(domain)),
    ({ data }) =>
      [data.name, ...data.aliases].some((n) => n.toLowerCase() === name),
  ];
  // Whoever names an id means that one, or a new one.
  for (const test of form.id === undefined ? tests : tests.slice(0, 1)) {
    const found = accounts.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}
