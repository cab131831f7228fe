/** What looks like an identifier, and what stands to either side of it: 40 and 16 characters. */
export interface Candidate {
  readonly found: string;
  readonly before: string;
  readonly after: string;
}

/** A way to write an identifier; `is` tells it from what merely looks like it. */
export interface Shape {
  /** Global, and of bounded length, so that a scan takes time linear in the text. */
  readonly pattern: RegExp;
  readonly is: (candidate: Candidate) => boolean;
}

/** What may stand between the groups of a printed number: a space, a full stop or a dash, of any width. */
export const separator = String.raw`[ \u00a0\u202f.\-\u2010-\u2013]`;

const readBefore = 40;
const readAfter = 16;

/** The text with the placeholder for each candidate of the shapes, one shape after the other. */
export function replaceShapes(
  text: string,
  placeholder: string,
  shapes: readonly Shape[],
): string {
  return shapes.reduce(
    (rest, shape) => replaceShape(rest, placeholder, shape),
    text,
  );
}

function replaceShape(
  text: string,
  placeholder: string,
  { pattern, is }: Shape,
): string {
  const out: string[] = [];
  let done = 0;
  /** The end of the text so far: to ask the whole of it each time would cost its length. */
  let last = "";
  pattern.lastIndex = 0;
  for (
    let match = pattern.exec(text);
    match !== null;
    match = pattern.exec(text)
  ) {
    const [found] = match;
    const end = match.index + found.length;
    const near = text.slice(
      Math.max(done, match.index - readBefore),
      match.index,
    );
    const before = (last + near).slice(-readBefore);
    if (is({ found, before, after: text.slice(end, end + readAfter) })) {
      out.push(text.slice(done, match.index), placeholder);
      last = placeholder;
      done = end;
    } else {
      // One may begin behind the first group of what is none as a whole.
      pattern.lastIndex =
        match.index + (firstGroup.exec(found)?.[0].length ?? 1);
    }
  }
  out.push(text.slice(done));
  return out.join("");
}

const firstGroup = /^[^\p{L}\p{Nd}]*[\p{L}\p{Nd}]+/u;

/** What was said behind the last thing that was taken out: what was said before was said of that. */
export function afterPlaceholder(before: string): string {
  return before.slice(before.lastIndexOf("]") + 1);
}

/** The text without whatever its numbers and letters are grouped by. */
export function withoutGrouping(text: string): string {
  return text.replace(/[^\p{L}\p{Nd}]/gu, "");
}
