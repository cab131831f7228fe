/** A stretch of a text, in UTF-16 units; `start` included, `end` not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A sentence and its place: `text.slice(start, end)` is it, without surrounding white space. */
export interface Sentence extends Span {
  readonly text: string;
}

const abbreviations =
  // bounded: the last 20 characters of a segment
  /(?:^|[\s(“"'‘])(?:dr|mr|mrs|ms|prof|st|mt|gen|sen|rep|gov|hon|jr|sr|inc|corp|co|ltd|llc|plc|bros|no|nos|vs|v|cf|al|approx|est|fig|sec|art|dept|e\.g|i\.e|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|bzw|ca|nr|[a-z]|(?:[a-z]\.)+[a-z])\.$/iu;

/** The sentences of a text, in order. A paragraph ends a sentence; a full stop after an abbreviation or an initial does not, nor does a line break within a sentence. */
export function splitSentences(text: string): readonly Sentence[] {
  return [...iterateSentences(text)];
}

/**
 * Splits a text into chunks of about `targetCharacters`: at the ends of sentences where these are shorter than a
 * chunk, else between words. The chunks are in order, do not overlap, and leave out nothing but white space until
 * `maxChunks` are full. No chunk reaches from one section into the next, except that a section shorter than a
 * quarter of a chunk goes with the one after it.
 */
export function splitChunks(
  text: string,
  {
    targetCharacters = 1200,
    maxChunks = 40,
    sections = [],
  }: {
    readonly targetCharacters?: number;
    readonly maxChunks?: number;
    /** Where the text's sections begin. */
    readonly sections?: readonly Pick<Span, "start">[];
  } = {},
): readonly Span[] {
  const chunks: Span[] = [];
  for (const block of splitBlocks(text, sections, targetCharacters)) {
    const first = chunks.length;
    for (const sentence of iterateSentences(
      text.slice(block.start, block.end),
    )) {
      const inText = {
        start: block.start + sentence.start,
        end: block.start + sentence.end,
      };
      for (const piece of splitSentence(text, inText, targetCharacters)) {
        const last = chunks.length > first ? chunks.at(-1) : undefined;
        if (last !== undefined && piece.end - last.start <= targetCharacters) {
          chunks[chunks.length - 1] = { start: last.start, end: piece.end };
        } else if (chunks.length < maxChunks) {
          chunks.push(piece);
        } else {
          return chunks;
        }
      }
    }
  }
  return chunks;
}

/** The text's sections, each tiny one joined with what follows it: as many as fit into a chunk, but at least the next. */
function splitBlocks(
  text: string,
  sections: readonly Pick<Span, "start">[],
  targetCharacters: number,
): readonly Span[] {
  const starts = sections
    .map(({ start }) => start)
    .filter((at) => at > 0 && at < text.length && !isInsideCharacter(text, at))
    .sort((a, b) => a - b);
  const tiny = targetCharacters / 4;
  const blocks: Span[] = [];
  let start = 0;
  let isTiny = true;
  for (const [i, at] of starts.entries()) {
    const from = starts[i - 1] ?? 0;
    isTiny &&= at - from < tiny;
    const next = (starts[i + 1] ?? text.length) - at;
    const goesOn = at - start < tiny || at + next - start <= targetCharacters;
    if (isTiny && goesOn) continue;
    blocks.push({ start, end: at });
    start = at;
    isTiny = true;
  }
  return [...blocks, { start, end: text.length }];
}

/** Whether the offset lies between the two units of one character. */
function isInsideCharacter(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

/** Yields one at a time, so that a caller who needs the first few of a long text does not wait for all. */
function* iterateSentences(text: string): Generator<Sentence> {
  let start: number | null = null;
  for (const { segment, index } of iterateSegments(text)) {
    start ??= index;
    const end = index + segment.length;
    if (isUnfinished(text, start, { segment, index })) continue;
    const sentence = trimSentence(text, start, end);
    if (sentence !== null) yield sentence;
    start = null;
  }
  const last = start === null ? null : trimSentence(text, start, text.length);
  if (last !== null) yield last;
}

type Segment = Pick<Intl.SegmentData, "segment" | "index">;

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** The length of most paragraphs, in characters. */
const paragraphCharacters = 512;

/** What Intl.Segmenter finds, window by window: each of its answers takes time in the length of the whole text it was given. */
function* iterateSegments(text: string): Generator<Segment> {
  let window = paragraphCharacters;
  for (let at = 0; at < text.length;) {
    // In a long window, ask only for the first segment and whether another follows.
    const most = window === paragraphCharacters ? Infinity : 2;
    const found = takeSegments(text.slice(at, at + window), most);
    const isRest = at + window >= text.length && found.length < most;
    if (found.length === 1 && !isRest) {
      window *= 2;
      continue;
    }
    // The last segment may go on beyond the window.
    const whole = isRest ? found : found.slice(0, -1);
    for (const { segment, index } of whole)
      yield { segment, index: at + index };
    at += whole.reduce((length, { segment }) => length + segment.length, 0);
    window = paragraphCharacters;
  }
}

function takeSegments(text: string, most: number): readonly Intl.SegmentData[] {
  const found: Intl.SegmentData[] = [];
  for (const segment of segmenter.segment(text))
    if (found.push(segment) === most) break;
  return found;
}

/** Whether the sentence that begins at `start` continues after this segment. */
function isUnfinished(
  text: string,
  start: number,
  { segment, index }: Segment,
): boolean {
  const end = index + segment.length;
  if (end >= text.length) return false;
  const words = segment.trimEnd();
  if (words === "") return false;
  const follows = text.slice(end, end + 40);
  if (segment.slice(words.length).includes("\n"))
    return !/[.!?:…]["”’)\]]*$/u.test(words) && /^\p{Ll}/u.test(follows);
  // Better to cut a name in "Inc. Announces" than to let a sentence run on without bound.
  return end - start < 2000 && abbreviations.test(words.slice(-20));
}

function trimSentence(
  text: string,
  start: number,
  end: number,
): Sentence | null {
  const raw = text.slice(start, end);
  const words = raw.trim();
  if (words === "") return null;
  const from = start + raw.length - raw.trimStart().length;
  return { start: from, end: from + words.length, text: words };
}

/** The sentence; where it is longer than `limit`, its pieces, cut between words, or inside a word that is longer still. */
function splitSentence(
  text: string,
  sentence: Span,
  limit: number,
): readonly Span[] {
  const found: Span[] = [];
  let { start } = sentence;
  while (sentence.end - start > limit) {
    const space = text.slice(start, start + limit + 1).search(/\s\S*$/u);
    const end =
      start +
      (space > limit / 2 ? space : countWholeCharacters(text, start, limit));
    found.push({ start, end });
    start =
      end + (/^\s*/u.exec(text.slice(end, sentence.end))?.[0].length ?? 0);
  }
  return start < sentence.end
    ? [...found, { start, end: sentence.end }]
    : found;
}

function countWholeCharacters(
  text: string,
  start: number,
  limit: number,
): number {
  return /[\uD800-\uDBFF]/u.test(text.charAt(start + limit - 1)) && limit > 1
    ? limit - 1
    : limit;
}
