/** One record of a table, and the line of the text that it starts on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** The most that a table may have. */
export interface TableLimits {
  /** The header included. */
  readonly records: number;
  readonly columns: number;
  /** Of one value. */
  readonly characters: number;
}

const unlimited: TableLimits = {
  records: Infinity,
  columns: Infinity,
  characters: Infinity,
};

/**
 * The records of a CSV text (RFC 4180; semicolons or tabs too), or the line of what is wrong with it. Lines that are
 * empty count as none. What is larger than it may be is read no further.
 */
export function csvRecords(
  text: string,
  limits: TableLimits = unlimited,
):
  | { readonly ok: true; readonly records: readonly CsvRecord[] }
  | { readonly ok: false; readonly line: number; readonly why: string } {
  const source = text.replace(/^\u{FEFF}/u, "");
  const delimiter = delimiterOf(source);
  const field = new RegExp(
    // A quoted value and what stands behind it, or a bare one; then what ends it.
    `(?:"([^"]*(?:""[^"]*)*)"([^${delimiter}\\r\\n]*)|([^${delimiter}\\r\\n]*))(${delimiter}|\\r\\n|\\n|\\r|$)`,
    "y",
  );
  const records: CsvRecord[] = [];
  let values: string[] = [];
  let line = 1;
  let startsAt = 1;
  while (field.lastIndex <= source.length) {
    const match = field.exec(source);
    if (match === null) break;
    const [whole, quoted, behind = "", bare = "", end] = match;
    const isOpen = quoted === undefined && bare.startsWith('"');
    if (isOpen) return broken(line, "a quote is never closed");
    if (behind.trim() !== "")
      return broken(line, "something stands behind a closing quote");
    const value = (quoted?.replaceAll('""', '"') ?? bare).trim();
    const excess = excessOf({ records, values }, value, limits);
    if (excess !== null) return broken(line, excess);
    values.push(value);
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === delimiter) continue;
    if (values.some((value) => value !== ""))
      records.push({ line: startsAt, values });
    values = [];
    startsAt = line;
    if (end === "") break;
  }
  return { ok: true, records };
}

/** What a table has more of than it may, with the value that comes next; null where it fits. */
function excessOf(
  table: {
    readonly records: readonly CsvRecord[];
    readonly values: readonly string[];
  },
  value: string,
  limits: TableLimits = unlimited,
): string | null {
  if (value.length > limits.characters)
    return `a value has more than ${limits.characters} characters`;
  if (table.values.length >= limits.columns)
    return `there are more than ${limits.columns} columns`;
  return table.records.length >= limits.records && value !== ""
    ? `there are more than ${limits.records - 1} records`
    : null;
}

function broken(line: number, why: string) {
  return { ok: false, line, why } as const;
}

/** What stands most often in the first line: spreadsheets of some languages write semicolons. */
function delimiterOf(source: string): string {
  const [first = ""] = source.split(/\r\n|\n|\r/, 1);
  const count = (sign: string) => first.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) =>
    count(sign) > count(best) ? sign : best,
  );
}
