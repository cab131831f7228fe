/**
 * A text in a Unicode normal form, with at most 30 marks on one letter as in the stream-safe format (UAX 15, section
 * 13): sorting marks takes time quadratic in their number.
 */
export function normalForm(
  text: string,
  form: "NFC" | "NFKC" | "NFKD",
): string {
  return text.replace(/(\p{M}{30})\p{M}+/gu, "$1").normalize(form);
}
