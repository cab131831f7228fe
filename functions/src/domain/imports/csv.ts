/** One record of a table, and the line of the text that it starts on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** The limits of a table. */
export interface TableLimits {
  /** Including the header. */
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
 * The records of a CSV text (RFC 4180; also with semicolons or tabs), or what is wrong with it and on which line.
 * Skips empty lines. Stops reading once a limit is exceeded.
 */
export function parseCsv(
  text: string,
  limits: TableLimits = unlimited,
):
  | { readonly ok: true; readonly records: readonly CsvRecord[] }
  | { readonly ok: false; readonly line: number; readonly why: string } {
  const source = text.replace(/^\u{FEFF}/u, "");
  const delimiter = detectDelimiter(source);
  const records: CsvRecord[] = [];
  let values: string[] = [];
  let line = 1;
  let startsAt = 1;
  for (let at = 0; ;) {
    const field = readField(source, at, delimiter);
    if (field === null) return toFailure(line, "a quote is never closed");
    if (field.behind.trim() !== "")
      return toFailure(line, "there is text after a closing quote");
    const value = field.value.trim();
    const excess = findExcess({ records, values }, value, limits);
    if (excess !== null) return toFailure(line, excess);
    values.push(value);
    line += source.slice(at, field.next).match(/\r\n|\n|\r/g)?.length ?? 0;
    at = field.next;
    if (field.end === delimiter) continue;
    if (values.some((value) => value !== ""))
      records.push({ line: startsAt, values });
    values = [];
    startsAt = line;
    if (field.end === "") return { ok: true, records };
  }
}

interface Field {
  readonly value: string;
  /** What stands between a closing quote and the end. */
  readonly behind: string;
  /** The delimiter, the line break, or nothing at the end of the text. */
  readonly end: string;
  /** Where the next field begins. */
  readonly next: number;
}

/** The field at this position; null where it is quoted and its quote is never closed. */
function readField(
  source: string,
  at: number,
  delimiter: string,
): Field | null {
  const isQuoted = source[at] === '"';
  const closing = isQuoted ? closingQuote(source, at + 1) : at;
  if (closing === null) return null;
  const ends = endings[delimiter] ?? /[\r\n]/g;
  ends.lastIndex = closing;
  const end = ends.exec(source)?.index ?? source.length;
  const sign = source.startsWith("\r\n", end)
    ? "\r\n"
    : source.slice(end, end + 1);
  const value = source.slice(isQuoted ? at + 1 : at, isQuoted ? closing : end);
  return {
    value: isQuoted ? value.replaceAll('""', '"') : value,
    behind: isQuoted ? source.slice(closing + 1, end) : "",
    end: sign,
    next: end + sign.length,
  };
}

const endings: Readonly<Record<string, RegExp>> = {
  ",": /[,\r\n]/g,
  ";": /[;\r\n]/g,
  "\t": /[\t\r\n]/g,
};

/** The position of the next quote that is not doubled. */
function closingQuote(source: string, from: number): number | null {
  let at = source.indexOf('"', from);
  while (at !== -1 && source[at + 1] === '"') at = source.indexOf('"', at + 2);
  return at === -1 ? null : at;
}

/** Which limit a table exceeds with its next value; null where it fits. */
function findExcess(
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

function toFailure(line: number, why: string) {
  return { ok: false, line, why } as const;
}

/** The most frequent one in the first line: spreadsheets in some languages write semicolons. */
function detectDelimiter(source: string): string {
  const [first = ""] = source.split(/\r\n|\n|\r/, 1);
  const count = (sign: string) => first.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) =>
    count(sign) > count(best) ? sign : best,
  );
}
