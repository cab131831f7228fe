import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Teal with a contrast of at least 4.5 : 1 against white from the seventh shade on. */
const pulse: MantineColorsTuple = [
  "#e6f6f8",
  "#d0ebef",
  "#a3d7df",
  "#72c2cf",
  "#4bafc0",
  "#2f9fb2",
  "#147c8d",
  "#0b7285",
  "#075d6d",
  "#034855",
];

/** One visual language: quiet colours, small type, tight spacing. */
export const theme = createTheme({
  primaryColor: "pulse",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { pulse },
  fontFamily:
    "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontSizes: {
    xs: "0.75rem",
    sm: "0.8125rem",
    md: "0.875rem",
    lg: "1rem",
    xl: "1.125rem",
  },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  cursorType: "pointer",
  // By name: importing them here would load them with the first page.
  components: {
    Badge: {
      defaultProps: { variant: "light", tt: "none", fw: 550, radius: "sm" },
      // The shades of the palette themselves are too pale for text this small.
      vars: (_: unknown, { color = "pulse" }: { readonly color?: string }) => ({
        root: {
          "--badge-color": `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9) 78%, black), var(--mantine-color-${color}-1))`,
        },
      }),
    },
    Button: { defaultProps: { size: "xs" } },
    Modal: { defaultProps: { centered: true } },
  },
});
