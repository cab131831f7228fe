/** The first `length` UTF-16 units of a text, without the half character that the cut may leave at the end. */
export function truncate(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Cs}$/u, "");
}
