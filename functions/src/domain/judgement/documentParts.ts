import type { SignalType } from "../sources/source.ts";

/** A document whose event is judged; title and text are redacted. */
export interface JudgedDocument {
  readonly type: SignalType;
  readonly title: string;
  readonly text: string;
  /** The connector's own facts: a filing's form and items. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What of a document says what happened, most telling first. */
export interface DocumentParts {
  /** The item of a filing that its text begins with, as "5.02"; null where there is none. */
  readonly item: string | null;
  readonly headline: string;
  readonly lead: string;
}

/** How much of a text is read for its event, in characters: what happened is said first. */
const shown = { headline: 350, lead: 1_050 } as const;

const itemNumber = /\bitem\s{0,3}(\d\.\d\d)/iu;

/** What the titles of a filing's items consist of: they say what could have happened, not what did. */
const titleParts = [
  /^[\s.:;,–—-]+/u,
  /^item\s{0,3}\d\.\d\d/iu,
  /^\([a-f]\)/iu,
  /^departure of (?:directors|certain officers|principal officers)/iu,
  /^or (?:certain|principal) officers/iu,
  /^election of directors/iu,
  /^appointment of (?:certain|principal) officers/iu,
  /^compensatory arrangements? of certain officers/iu,
];

/** More parts than the longest title has. */
const mostParts = 40;

/** The beginning of a filing without its items' titles. */
function withoutTitle(beginning: string): string {
  let rest = beginning;
  for (let n = 0; n < mostParts; n++) {
    const part = titleParts.find((pattern) => pattern.test(rest));
    if (part === undefined) break;
    rest = rest.replace(part, "");
  }
  return rest;
}

/** Splits a document: the title, or the beginning of a filing below the title of its item, and what follows. */
export function toDocumentParts({
  type,
  title,
  text,
  facts,
}: JudgedDocument): DocumentParts {
  if (type !== "filing") {
    const body = text === title ? "" : text;
    return { item: null, headline: title, lead: body.slice(0, shown.headline) };
  }
  const beginning = text.slice(0, shown.headline + shown.lead + 500);
  const item =
    itemNumber.exec(beginning.slice(0, 60))?.[1] ??
    facts["items"]?.split(",")[0]?.trim() ??
    null;
  const body = withoutTitle(beginning);
  return {
    item,
    headline: body.slice(0, shown.headline),
    lead: body.slice(shown.headline, shown.headline + shown.lead),
  };
}
