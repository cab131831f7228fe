/**
 * A table as CSV for spreadsheets: RFC 4180 in UTF-8 with a byte order mark. A text that a spreadsheet would take for
 * a formula is prefixed with an apostrophe (OWASP, CSV Injection), also where a spreadsheet separates cells by
 * another character than the comma; numbers stay numbers.
 */
export function toCsv(
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return `\u{FEFF}${rows.map((row) => `${row.map(toCell).join(",")}\r\n`).join("")}`;
}

/** The characters that begin a formula: ASCII, full-width and small. */
const sign =
  "=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20\\uFE66\\uFE62\\uFE63\\uFE6B\\u2212";
/**
 * A cell that begins a formula; spreadsheets skip white space and invisible characters, and some act on a control
 * character alone.
 */
const live = new RegExp(`^(?:["\\s\\p{C}]*[${sign}]|[\\t\\r\\n])`, "u");
/**
 * Characters that separate cells in other formats, each run of them with the character that follows. One pass:
 * nothing is read twice.
 */
const parted = new RegExp(`([;|\\t\\r\\n][;|"\\s\\p{C}]*)([${sign}]?)`, "gu");

function toCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const inner = value.replace(parted, (whole, gap: string, begins: string) =>
    begins === "" ? whole : `${gap}'${begins}`,
  );
  const safe = live.test(value) ? `'${inner}` : inner;
  return /[",;|\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
