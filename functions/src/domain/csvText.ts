/**
 * A table as CSV for spreadsheets: RFC 4180 in UTF-8 with a byte order mark. A text that a spreadsheet
 * would take for a formula gets an apostrophe in front (OWASP, CSV Injection); numbers stay numbers.
 */
export function csvText(
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return `\u{FEFF}${rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("")}`;
}

function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
