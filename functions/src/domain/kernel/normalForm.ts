/**
 * A text in a normal form of Unicode, with no more than 30 marks on one letter, as in its stream-safe format (UAX 15,
 * section 13): to sort marks takes time in the square of how many there are.
 */
export function normalForm(
  text: string,
  form: "NFC" | "NFKC" | "NFKD",
): string {
  return text.replace(/(\p{M}{30})\p{M}+/gu, "$1").normalize(form);
}
