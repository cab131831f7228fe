/**
 * A table as CSV for spreadsheets: RFC 4180 in UTF-8 with a byte order mark. A text that a spreadsheet
 * would take for a formula gets an apostrophe in front (OWASP, CSV Injection), also where a spreadsheet takes another
 * sign than the comma for what parts the cells; numbers stay numbers.
 */
export function csvText(
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return `\u{FEFF}${rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("")}`;
}

/** What begins a formula: ASCII, full-width and small; with any white space and invisible signs in front. */
const formula =
  /^[\s\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212]/u;
/** A cell that begins with one of these is executed by some, whatever follows. */
const control = /^[\t\r\n]/u;
/** The same behind what parts cells elsewhere; a quote there would be the cell's own. */
const innerFormula =
  /([;|\t\r\n]["\s\p{C}]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212])/gu;

function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const isLive = formula.test(value) || control.test(value);
  const safe = `${isLive ? "'" : ""}${value.replace(innerFormula, "$1'")}`;
  return /[",;|\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
