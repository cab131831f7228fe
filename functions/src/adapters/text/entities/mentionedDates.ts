import type { Annotations } from "../../../domain/signals/annotations.ts";
import { firstMentions } from "./mentioned.ts";

type MentionedDate = Annotations["dates"][number];

/** Chrono's languages, each loaded with the first text in it. */
const locales = {
  de: () => import("chrono-node/de"),
  en: () => import("chrono-node/en"),
  es: () => import("chrono-node/es"),
  fi: () => import("chrono-node/fi"),
  fr: () => import("chrono-node/fr"),
  it: () => import("chrono-node/it"),
  nl: () => import("chrono-node/nl"),
  pt: () => import("chrono-node/pt"),
  ru: () => import("chrono-node/ru"),
  sv: () => import("chrono-node/sv"),
  uk: () => import("chrono-node/uk"),
} as const;

/** Chrono's time grows faster than its input, so it gets no more than this at a time, in characters. */
const window = 1000;

/**
 * The days, quarters and fiscal years in a text. A day counts where both day and month are written out. Without a
 * year it is the one nearest to the publication; none where that is unknown or over five months away. “last week”
 * and the ambiguous 03/04/2026 are left out.
 */
export async function findDates(
  text: string,
  language: string,
  publishedAt: Date | null,
): Promise<MentionedDate[]> {
  return firstMentions(
    [
      ...findNumericDays(text),
      ...findQuarters(text),
      ...(await findWordedDays(text, language, publishedAt)),
    ],
    ({ date }) => date,
  );
}

/** 2026-03-31, 31.12.2026, and 31/12/2026 where only one of the two can be the month. */
function findNumericDays(text: string): readonly MentionedDate[] {
  const iso = findMentions(
    text,
    /(?<![\p{L}\p{Nd}-])(\d{4})-(\d\d)-(\d\d)(?![\p{Nd}-])/gu,
    ([, year, month, day]) => toDay(year, month, day),
  );
  const dotted = findMentions(
    text,
    /(?<![\p{L}\p{Nd}.])(\d\d?)\. ?(\d\d?)\. ?(\d{4})(?!\p{Nd})/gu,
    ([, day, month, year]) => toDay(year, month, day),
  );
  const slashed = findMentions(
    text,
    /(?<![\p{L}\p{Nd}/])(\d\d?)\/(\d\d?)\/(\d{4})(?![\p{Nd}/])/gu,
    ([, one, other, year]) => {
      if (one === other || Number(one) > 12) return toDay(year, other, one);
      return Number(other) > 12 ? toDay(year, one, other) : null;
    },
  );
  return [...iso, ...dotted, ...slashed];
}

const ordinals: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  erste: 1,
  zweite: 2,
  dritte: 3,
  vierte: 4,
  premier: 1,
  deuxième: 2,
  troisième: 3,
  quatrième: 4,
  перш: 1,
  друг: 2,
  трет: 3,
  четверт: 4,
};

const quarter = String.raw`(?:([QКT])([1-4])|([1-4])Q|(first|second|third|fourth|(?:erste|zweite|dritte|vierte)[ns]?|premier|deuxième|troisième|quatrième|(?:перш|друг|трет|четверт)\p{L}{1,4})[ -](?:quarter|quartal|trimestre|кварта\p{L}{1,3})s?)`;
const year = String.raw`(?:20)?\d\d`;
const linked = String.raw`(?: of(?: the)?| in| des| de|,)?`;
const fiscal = String.raw`(?:fiscal(?: year)?|financial year|FY|geschäftsjahr(?:es)?|exercice)`;

/** “Q3 2026”, “third quarter of fiscal 2027”. */
const ofYear = new RegExp(
  String.raw`(?<![\p{L}\p{Nd}])${quarter}${linked}[ ]?(?:(${fiscal}) ?)?[’']?(20\d\d|(?<=[’'\p{L}] ?)\d\d)(?![\p{L}\p{Nd}.,]\p{Nd}|[\p{L}\p{Nd}])`,
  "giu",
);
/** “FY27”. */
const fiscalYear = new RegExp(
  String.raw`(?<![\p{L}\p{Nd}])${fiscal}[ ’']?(${year})(?![\p{L}\p{Nd}]|[.,]\p{Nd})`,
  "giu",
);

/** Quarters and fiscal years. */
function findQuarters(text: string): readonly MentionedDate[] {
  const ofQuarters = findMentions(text, ofYear, (match) => {
    const [, , digit, prefixed, word, isFiscal, inYear] = match;
    const n = digit ?? prefixed ?? parseOrdinal(word);
    return n === null || inYear === undefined
      ? null
      : `${isFiscal === undefined ? "" : "FY"}${toFullYear(inYear)}-Q${n}`;
  });
  const quarterEnds = new Set(
    ofQuarters.map(({ start, text: said }) => start + said.length),
  );
  const ofYears = findMentions(text, fiscalYear, ([, inYear]) =>
    inYear === undefined ? null : `FY${toFullYear(inYear)}`,
  ).filter(({ start, text: said }) => !quarterEnds.has(start + said.length));
  return [...ofQuarters, ...ofYears];
}

function parseOrdinal(word: string | undefined): number | null {
  const lower = word?.toLowerCase() ?? "";
  const known = Object.entries(ordinals).find(([name]) =>
    lower.startsWith(name),
  );
  return known?.[1] ?? null;
}

function toFullYear(inYear: string): string {
  return inYear.length === 2 ? `20${inYear}` : inYear;
}

async function findWordedDays(
  text: string,
  language: string,
  publishedAt: Date | null,
): Promise<readonly MentionedDate[]> {
  const locale = language === "und" ? "en" : language;
  if (!isLocale(locale)) return [];
  const { strict } = await locales[locale]();
  const reference = publishedAt ?? undefined;
  return [...splitParts(text)].flatMap(({ part, at }) =>
    strict
      .parse(part, reference)
      .flatMap((result): readonly MentionedDate[] => {
        const { text: said, index, start, end } = result;
        const isDay = start.isCertain("day") && start.isCertain("month");
        const isRelative = result.tags().has("result/relativeDate");
        if (!isDay || isRelative || !wordedPattern.test(said)) return [];
        const ends = end ?? start;
        // “March 3 and 5, 2026”: the year of the second applies to the first.
        const next = yearAfter.exec(part.slice(index + said.length))?.[1];
        const year = start.isCertain("year")
          ? start.get("year")
          : (next ?? (ends.isCertain("year") ? ends.get("year") : null));
        if (year === null && !isNear(start.date(), publishedAt)) return [];
        const first = toDay(
          year ?? start.get("year"),
          start.get("month"),
          start.get("day"),
        );
        const lastYear = end?.isCertain("year") === true ? null : year;
        const last = end
          ? toDay(lastYear ?? end.get("year"), end.get("month"), end.get("day"))
          : null;
        return [first, last].flatMap((date) =>
          date === null
            ? []
            : [{ text: said.trim().slice(0, 200), date, start: at + index }],
        );
      }),
  );
}

/** At a greater distance the year is anybody's guess. */
const nearDays = 150;

function isNear(day: Date, publishedAt: Date | null): boolean {
  return (
    publishedAt !== null &&
    Math.abs(day.getTime() - publishedAt.getTime()) <= nearDays * 86_400_000
  );
}

/** A month in letters, except one that is also an English verb, and no 03/04. */
const wordedPattern =
  /^(?!.{0,80}\d[/.]\d)(?!.{0,80}\b(?:may|march)\b)(?=.{0,80}\p{L}{3})/su;
const yearAfter =
  /^(?: and| or| through| to|,|[–-])[^.\n]{0,14}?,? (20\d\d)(?!\d)/u;

function isLocale(language: string): language is keyof typeof locales {
  return language in locales;
}

/** Splits the text into bounded parts that end at a line or sentence, or between words where there is neither. */
function* splitParts(
  text: string,
): Generator<{ readonly part: string; readonly at: number }> {
  for (let at = 0; at < text.length;) {
    const part = text.slice(at, at + window);
    const isRest = at + window >= text.length;
    const ends = [part.lastIndexOf("\n"), part.lastIndexOf(". ")];
    const end = Math.max(...ends, 0) || part.lastIndexOf(" ");
    const length = isRest || end <= 0 ? part.length : end + 1;
    // No digit, no day.
    const kept = part.slice(0, length);
    if (/\p{Nd}/u.test(kept)) yield { part: kept, at };
    at += length;
  }
}

function findMentions(
  text: string,
  pattern: RegExp,
  dateOf: (match: RegExpExecArray) => string | null,
): readonly MentionedDate[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const date = dateOf(match);
    return date === null
      ? []
      : [{ text: match[0].trim(), date, start: match.index }];
  });
}

/** A calendar day as ISO 8601; null for one that does not exist. */
function toDay(
  year: number | string | null | undefined,
  month: number | string | null | undefined,
  day: number | string | null | undefined,
): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const date = new Date(Date.UTC(y, m - 1, d));
  const exists =
    y >= 1900 &&
    y < 2200 &&
    date.getUTCMonth() === m - 1 &&
    date.getUTCDate() === d;
  return exists ? date.toISOString().slice(0, 10) : null;
}
