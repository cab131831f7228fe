/** After spaces, and inside words where readers expect it: at hyphens, and in addresses. */
const breakPoints = /(?<=\s)(?=\S)|(?<=\p{L}-)(?=\p{L})|(?<=[/?&=])(?=[^\s/])/u;

/** Wraps a text into lines of at most this width; breaks a word that is wider than a line. */
export function wrapLines(
  text: string,
  width: number,
  widthOf: (part: string) => number,
): readonly string[] {
  return toPrintable(text)
    .split("\n")
    .flatMap((paragraph) => {
      const lines: string[] = [];
      let line = "";
      for (const part of paragraph.split(breakPoints)) {
        if (widthOf((line + part).trimEnd()) <= width) {
          line += part;
          continue;
        }
        if (line !== "") lines.push(line.trimEnd());
        const [last = "", ...full] = breakWord(
          part,
          width,
          widthOf,
        ).toReversed();
        lines.push(...full.toReversed());
        line = last;
      }
      return [...lines, line.trimEnd()];
    });
}

/** Fits a text into one line, cut with an ellipsis where it is longer. */
export function fitLine(
  text: string,
  width: number,
  widthOf: (part: string) => number,
): string {
  const whole = toPrintable(text).replaceAll("\n", " ");
  if (widthOf(whole) <= width) return whole;
  const [cut = ""] = breakWord(whole, width - widthOf("…"), widthOf);
  return `${cut.trimEnd()}…`;
}

/** Breaks a word into parts that fit a line, between graphemes; all but the last are full. */
function breakWord(
  word: string,
  width: number,
  widthOf: (part: string) => number,
): readonly string[] {
  if (widthOf(word.trimEnd()) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  let wide = 0;
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const more = widthOf(segment);
    if (wide + more > width && part !== "") {
      parts.push(part);
      part = "";
      wide = 0;
    }
    part += segment;
    wide += more;
  }
  return [...parts, part];
}

/** Removes what no font draws; halves of surrogate pairs become U+FFFD. */
function toPrintable(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/gu, "\n")
    .replace(/\t/gu, "    ")
    .replace(/(?!\n)\p{Cc}/gu, "")
    .replace(/\p{Cs}/gu, "\u{FFFD}");
}
