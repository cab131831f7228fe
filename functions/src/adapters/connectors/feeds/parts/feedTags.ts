import { decodeXML } from "entities";

/** A start or end tag, and its place. */
interface Tag {
  readonly name: string;
  /** As written, from `<` to `>`. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
}

/**
 * The tags of an XML document, well-formed or not, outside comments, CDATA and the document type, whose entities
 * are neither read nor loaded. A `<` that begins no tag is text. Takes time linear in the document, whatever it
 * contains.
 */
export function* readTags(text: string): Generator<Tag> {
  const beginning = /<(\/?)([\p{L}_:][^\s<>/]*)/uy;
  let inProlog = true;
  let at = text.indexOf("<");
  while (at !== -1) {
    beginning.lastIndex = at;
    const [, slash, name] = beginning.exec(text) ?? [];
    let end = at + 1;
    if (name !== undefined) {
      inProlog = false;
      end = findTagEnd(text, beginning.lastIndex);
      const source = text.slice(at, end);
      yield {
        name,
        source,
        start: at,
        end,
        isEnd: slash === "/",
        isEmpty: source.endsWith("/>"),
      };
    } else if (text.startsWith("<!--", at)) end = skipPast(text, "-->", at + 4);
    else if (text.startsWith("<![CDATA[", at)) end = skipPast(text, "]]>", at);
    else if (inProlog) end = findDoctypeEnd(text, at);
    at = text.indexOf("<", end);
  }
}

/** The attributes of a longer start tag are not all read, in characters. */
const longestTag = 20_000;

/** The attributes of a start tag, with names in lower case. */
export function* readAttributes(
  tag: string,
): Generator<readonly [name: string, value: string]> {
  const each = /\s([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gu;
  for (const match of tag.slice(0, longestTag).matchAll(each)) {
    const [, name = "", ...values]: readonly (string | undefined)[] = match;
    const value = values.find((one) => one !== undefined) ?? "";
    yield [name.toLowerCase(), toCharacters(value).trim()];
  }
}

/** The value of a start tag's attribute by its lower-case name, with or without a prefix. */
export function findAttribute(tag: string, name: string): string | undefined {
  for (const [key, value] of readAttributes(tag)) {
    if (key === name || key.endsWith(`:${name}`)) return value;
  }
  return undefined;
}

/** The characters of an element: without tags and comments, with entities and CDATA resolved. Entities that XML does not define stay as written. */
export function toCharacters(source: string): string {
  return replaceSections(source, tagOrEntity, {
    cdata: (text) => text,
    other: ([found]) => (found.startsWith("&") ? decodeXML(found) : ""),
  });
}

/** The content of an element as HTML: without comments and prefixes, with CDATA as text or as HTML. */
export function toMarkup(source: string, cdataIs: "text" | "html"): string {
  return replaceSections(source, prefix, {
    cdata: (text) =>
      cdataIs === "html"
        ? text
        : text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
    other: ([, slash = ""]) => `<${slash}`,
  });
}

const tagOrEntity =
  /<[^<>]*>|&(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/giuy;
const prefix = /<(\/?)[\w.-]+:(?=[a-z])/giuy;

/** Removes comments, and replaces CDATA sections and whatever else matches at a `<` or `&`. Never searches twice for the end of something unclosed. */
function replaceSections(
  source: string,
  pattern: RegExp,
  by: {
    readonly cdata: (text: string) => string;
    readonly other: (match: RegExpExecArray) => string;
  },
): string {
  const out: string[] = [];
  const end = { "-->": 0, "]]>": 0 };
  const findEnd = (mark: keyof typeof end, from: number): number => {
    if (end[mark] !== -1 && end[mark] < from)
      end[mark] = source.indexOf(mark, from);
    return end[mark];
  };
  let done = 0;
  for (const { index } of source.matchAll(/[<&]/gu)) {
    if (index < done) continue;
    const isComment = source.startsWith("<!--", index);
    const isCdata = /^<!\[CDATA\[/iu.test(source.slice(index, index + 9));
    const mark = isComment ? "-->" : "]]>";
    const from = index + (isComment ? 4 : 9);
    const closed = isComment || isCdata ? findEnd(mark, from) : -1;
    pattern.lastIndex = index;
    const other = closed === -1 ? pattern.exec(source) : null;
    if (closed === -1 && other === null) continue;
    out.push(source.slice(done, index));
    if (isCdata && closed !== -1)
      out.push(by.cdata(source.slice(from, closed)));
    if (other !== null) out.push(by.other(other));
    done = other === null ? closed + mark.length : pattern.lastIndex;
  }
  out.push(source.slice(done));
  return out.join("");
}

/** The end of a tag: after its `>` outside quoted values, or before the next `<`, which no tag contains. */
function findTagEnd(text: string, from: number): number {
  const step = /=\s*(?:"[^"<]*"|'[^'<]*')|[<>]/gu;
  step.lastIndex = from;
  for (let found = step.exec(text); found !== null; found = step.exec(text)) {
    if (found[0] === ">") return step.lastIndex;
    if (found[0] === "<") return found.index;
  }
  return text.length;
}

/** The offset after a document type and all its declarations. */
function findDoctypeEnd(text: string, at: number): number {
  if (!/^<!doctype/iu.test(text.slice(at, at + 9))) return at + 1;
  const end = skipPast(text, ">", at);
  if (!text.slice(at, end).includes("[")) return end;
  const subsetEnd = /\]\s*>/gu;
  subsetEnd.lastIndex = at;
  return subsetEnd.test(text) ? subsetEnd.lastIndex : text.length;
}

function skipPast(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}
