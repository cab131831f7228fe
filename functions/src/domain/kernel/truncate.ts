/** The first `length` UTF-16 units of a text, less the half of a character that the cut may leave at its end. */
export function truncate(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Cs}$/u, "");
}
