/** What looks like an identifier, with the 40 characters before and the 16 after it. */
export interface Candidate {
  readonly found: string;
  readonly before: string;
  readonly after: string;
}

/** A way to write an identifier; `is` distinguishes it from what merely looks like one. */
export interface Shape {
  /** Global and bounded, so that a scan takes time linear in the text. */
  readonly pattern: RegExp;
  readonly is: (candidate: Candidate) => boolean;
}

/** What may separate the groups of a printed number: a space, a full stop or a dash, of any width. */
export const separator = String.raw`[ \u00a0\u202f.\-\u2010-\u2013]`;

const readBefore = 40;
const readAfter = 16;

/** Replaces each candidate of the shapes by the placeholder, one shape after the other. */
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
  /** The end of the text so far: looking at all of it each time would cost its length. */
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
      // Where the whole is not an identifier, one may begin after its first group.
      pattern.lastIndex =
        match.index + (firstGroup.exec(found)?.[0].length ?? 1);
    }
  }
  out.push(text.slice(done));
  return out.join("");
}

const firstGroup = /^[^\p{L}\p{Nd}]*[\p{L}\p{Nd}]+/u;

/** The text after the last placeholder: what comes before it describes that. */
export function afterPlaceholder(before: string): string {
  return before.slice(before.lastIndexOf("]") + 1);
}

/** The text without the characters that group its numbers and letters. */
export function withoutGrouping(text: string): string {
  return text.replace(/[^\p{L}\p{Nd}]/gu, "");
}
