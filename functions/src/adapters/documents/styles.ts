import type { Style } from "./pen.ts";

/** The colours of documents; all are legible on white, and none carries meaning without words or position. */
export const colors = {
  ink: "#1a1d21",
  quiet: "#59636e",
  hair: "#d8dde3",
  track: "#e9edf1",
  accent: "#364fc7",
  warning: "#c92a2a",
  FOUND: "#2b8a3e",
  CALCULATED: "#1864ab",
  INFERRED: "#a85400",
} as const;

const regular = { font: "regular", color: colors.ink } as const;
const strong = { font: "strong", color: colors.ink } as const;

export const styles = {
  kind: { ...strong, size: 8.5, leading: 13, color: colors.accent },
  title: { ...strong, size: 20, leading: 26 },
  figure: { ...strong, size: 30, leading: 34, color: colors.accent },
  heading: { ...strong, size: 13, leading: 19 },
  body: { ...regular, size: 10, leading: 15 },
  strongBody: { ...strong, size: 10, leading: 15 },
  quote: { ...regular, size: 9.5, leading: 14.5, color: "#343a40" },
  small: { ...regular, size: 8.5, leading: 12.5 },
  quiet: { ...regular, size: 8.5, leading: 12.5, color: colors.quiet },
  link: { ...regular, size: 8.5, leading: 12.5, color: colors.accent },
  label: { ...strong, size: 8.5, leading: 12.5 },
  warning: { ...strong, size: 9, leading: 13, color: colors.warning },
  columnName: { ...strong, size: 8, leading: 12, color: colors.quiet },
  foot: { ...regular, size: 7.5, leading: 10, color: colors.quiet },
} as const satisfies Readonly<Record<string, Style>>;
