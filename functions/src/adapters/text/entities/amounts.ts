import type { Annotations } from "../../../domain/signals/annotations.ts";
import { firstMentions } from "./mentioned.ts";

type Amount = Annotations["amounts"][number];

const codes =
  "USD EUR GBP JPY CHF UAH PLN SEK NOK DKK CZK CAD AUD CNY INR RUB BRL SGD HKD TRY KRW".split(
    " ",
  );

/** Names of currencies (ISO 4217), by the beginnings of words. */
const currencies: readonly (readonly [RegExp, string])[] = [
  [/^(?:us ?\$|\$)$/iu, "USD"],
  [/^€$/u, "EUR"],
  [/^£$/u, "GBP"],
  [/^¥$/u, "JPY"],
  [/^₴$/u, "UAH"],
  [/^₽$/u, "RUB"],
  [/^₹$/u, "INR"],
  [/^ca?\$$/iu, "CAD"],
  [/^a\$$/iu, "AUD"],
  [/^hk\$$/iu, "HKD"],
  [/^(?:us[ -])?dollar|^dólar|^dollari|^долар|^доллар/iu, "USD"],
  [/^euro|^євро|^евро/iu, "EUR"],
  [/^(?:british )?pound|^sterling/iu, "GBP"],
  [/^yen|^єн/iu, "JPY"],
  [/^(?:swiss )?franc|^franken|^schweizer/iu, "CHF"],
  [/^грн|^гривен|^гривн|^hryvnia/iu, "UAH"],
  [/^руб/iu, "RUB"],
  [/^zł|^zloty/iu, "PLN"],
];

/** What words multiply by, by their beginnings, longer words first. In German and its neighbours a Billion is 10^12. */
const scales: readonly (readonly [RegExp, number])[] = [
  [/^(?:trillion|tn)/iu, 1e12],
  [/^billione/iu, 1e12],
  [
    /^(?:milliard|miljard|miliard|mrd|mld|md|billion|bn|b$|млрд|мільярд|миллиард)/iu,
    1e9,
  ],
  [
    /^(?:million|miljo|millón|millones|milion|milh|mio|mln|mn|mm|m$|млн|мільйон|миллион)/iu,
    1e6,
  ],
  [/^(?:thousand|tausend|tsd|mille|mil$|k$|тис|тыс)/iu, 1e3],
];

const gap = String.raw`[ \u00a0\u202f]?`;
const number = String.raw`\d{1,15}(?:[.,'’ \u00a0\u202f]\d{3}(?!\d)){0,5}(?:[.,]\d{1,4}(?!\d))?`;
const scale = String.raw`(?:trillion(?:en|s)?|billion(?:en|s)?|milliard(?:en?|s|i)?|million(?:en|s|i)?|miljoe?n(?:er)?|miljard(?:er)?|millones|millón|milion[ieęy]?|milionów|miliard[iey]?|milh(?:ão|ões)|thousand|tausend|mille|mrd\.?|mld|mio\.?|mln|tsd\.?|bn|tn|mn|млрд\.?|млн\.?|тис\.?|тыс\.?|(?:мільярд|миллиард|мільйон|миллион)\p{L}{0,3}|(?:mm|m|b|k|md|mil))(?![\p{L}\p{Nd}])`;
const symbol = String.raw`(?:(?:us ?|ca?|a|hk)?\$|[€£¥₴₽₹])`;
const code = String.raw`(?:${codes.join("|")})(?![\p{L}\p{Nd}])`;
const name = String.raw`(?:(?:us[ -])?dollars?|dólares|dollari|euros?|(?:british )?pounds(?: sterling)?(?! of\b)|yen|(?:swiss )?francs|(?:schweizer )?franken|(?:долар|доллар)\p{L}{0,3}|[єе]вро|грн|грив[ен]\p{L}{0,2}|руб\p{L}{0,4}|zł|zloty|zlotys)(?![\p{L}\p{Nd}])`;
const bound = String.raw`(${number})(?:${gap}[-–]?(${scale}))?`;
const upTo = String.raw`(?: ?[-–—] ?| (?:to|and|bis|und|à|et|a|до|та|і|по) )`;
const edge = String.raw`(?<![\p{L}\p{Nd}.,])`;

/** Every part is bounded, and no two can match the same characters, so a scan takes time linear in the text. */
// bounded: 20,000 characters, which the annotator reads
const currencyFirst = new RegExp(
  `${edge}(${symbol}|${code})${gap}${bound}(?:${upTo}(?:\\1)?${gap}${bound})?(?!${gap}%|[\\p{L}\\p{Nd}])`,
  "giu",
);
// bounded: 20,000 characters, which the annotator reads
const currencyLast = new RegExp(
  `${edge}${bound}(?:${upTo}${bound})?${gap}(?:[-–]|d['’]|d[ei] )?(${code}|${name}|€|₴|₽)`,
  "giu",
);

/** The amounts of money in a text; of a range, both ends. Percentages, counts and prices without a currency do not count. */
export function findAmounts(text: string, language: string): Amount[] {
  const found: Amount[] = [];
  const add = (
    match: RegExpExecArray,
    [currency = "", ...bounds]: readonly (string | undefined)[],
  ) => {
    const [low, lowScale, high, highScale] = bounds;
    const iso = toCurrency(currency);
    if (iso === null || low === undefined) return;
    // A pound without millions is as often a weight.
    if (/^pounds$/iu.test(currency) && (lowScale ?? highScale) === undefined)
      return;
    for (const [digits, scaleWord] of [
      // “$4–5 billion”: the unit of the second applies to the first.
      [low, lowScale ?? highScale],
      [high, highScale],
    ]) {
      if (digits === undefined) continue;
      const value = parseNumber(digits, language) * toScale(scaleWord);
      // 1.1 million is 1,100,000.0000000002 in binary.
      const rounded = Math.round(value * 1e4) / 1e4;
      found.push({
        text: match[0].trim(),
        value: rounded,
        currency: iso,
        start: match.index,
      });
    }
  };
  const taken: { readonly start: number; readonly end: number }[] = [];
  for (const match of text.matchAll(currencyFirst)) {
    add(match, match.slice(1, 6));
    taken.push({ start: match.index, end: match.index + match[0].length });
  }
  let next = 0;
  for (const match of text.matchAll(currencyLast)) {
    while ((taken[next]?.end ?? Infinity) <= match.index) next++;
    if ((taken[next]?.start ?? Infinity) < match.index + match[0].length)
      continue;
    add(match, [match[5], ...match.slice(1, 5)]);
  }
  return firstMentions(found, ({ value, currency }) => `${currency} ${value}`);
}

function toCurrency(written: string): string | null {
  const upper = written.toUpperCase();
  if (codes.includes(upper)) return upper;
  return currencies.find(([pattern]) => pattern.test(written))?.[1] ?? null;
}

function toScale(word: string | undefined): number {
  if (word === undefined) return 1;
  return scales.find(([pattern]) => pattern.test(word))?.[1] ?? 1;
}

/** Parses a written number: of two signs the last is the decimal one; where one sign could also group thousands, the language decides. */
function parseNumber(written: string, language: string): number {
  const digits = written.replace(/['’\s]/gu, "");
  const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  if (last === -1) return Number(digits);
  const sign = digits.charAt(last);
  const isOnly = digits.replaceAll(sign, "").match(/[.,]/u) === null;
  const isRepeated = digits.indexOf(sign) !== last;
  const decimals = digits.length - last - 1;
  const groups =
    isRepeated ||
    (isOnly &&
      decimals === 3 &&
      (sign === ",") === (language === "en" || language === "und"));
  const decimal = groups ? -1 : last;
  const whole = digits.slice(0, decimal === -1 ? undefined : decimal);
  const fraction = decimal === -1 ? "" : digits.slice(decimal + 1);
  return Number(`${whole.replace(/[.,]/gu, "")}.${fraction || "0"}`);
}
