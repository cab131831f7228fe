import type { Category } from "./signal.ts";
import type { SignalType } from "../sources/source.ts";

/**
 * What an 8-K is about by its item numbers, most telling first (SEC Form 8-K, General Instructions, Information to Be
 * Included in the Report).
 */
const categoryByItem: readonly (readonly [string, Category])[] = [
  ["1.05", "security_incident"],
  ["2.01", "acquisition"],
  ["5.01", "acquisition"],
  ["2.05", "restructuring"],
  ["2.06", "restructuring"],
  ["1.03", "restructuring"],
  ["5.02", "leadership_change"],
  ["2.02", "earnings"],
  ["1.01", "partnership"],
  ["1.02", "partnership"],
  ["2.03", "funding"],
  ["3.02", "funding"],
  ["3.01", "legal"],
  ["4.01", "governance"],
  ["4.02", "legal"],
  ["2.04", "restructuring"],
  ["6.04", "restructuring"],
  ["5.06", "acquisition"],
  ["1.04", "legal"],
  ["3.03", "governance"],
  ["5.03", "governance"],
  ["5.04", "governance"],
  ["5.05", "governance"],
  ["5.07", "governance"],
  ["5.08", "governance"],
  ["6.02", "governance"],
  ["6.01", "funding"],
  ["6.03", "funding"],
  ["6.05", "funding"],
];

/** What a form is about by its kind, amended or not; an 8-K or 6-K can report anything (SEC, Forms Index). */
const categoryByForm: readonly (readonly [RegExp, Category])[] = [
  [/^(?:10-[QK]|20-F|40-F|NT )/u, "earnings"],
  [/^(?:S-4|F-4|425|SC TO|SC 14D9|SC 13E3|DEFM14A|PREM14A)/u, "acquisition"],
  [/^(?:S-[13]|F-[13]|424B|FWP|D(?:\/A)?$)/u, "funding"],
  [
    /^(?:(?:DEF|PRE)[ACR]? ?14[AC]|(?:SC|SCHEDULE) 13[DG]|[345](?:\/A)?$|144)/u,
    "governance",
  ],
  [/^(?:25(?:-NSE)?$|15-|CORRESP|UPLOAD)/u, "legal"],
];

const categoryByWords: readonly (readonly [RegExp, Category])[] = [
  [
    /\b(?:data breach(?:es)?|cyber ?attacks?|ransomware|security incidents?|vulnerabilit(?:y|ies)|hacked)\b/iu,
    "security_incident",
  ],
  [
    /\b(?:acquir(?:es?|ed|ing)|(?<!talent )acquisitions?|mergers?|takeovers?|buys|buyouts?)\b/iu,
    "acquisition",
  ],
  [
    /\b(?:resign(?:s|ed|ing|ations?)?|step(?:s|ped|ping)? down|appoint(?:s|ed|ing|ments?)?|new (?:ceo|cfo|cto|chief)|(?:names?|named) (?:[\w'’.-]{1,40} ){0,4}(?:ceo|cfo|cto|chief|president)|(?:joins?|joined|leaves?|left|elected to) (?:[\w'’.-]{1,40} ){0,3}board)\b/iu,
    "leadership_change",
  ],
  [
    /\b(?:rais(?:es?|ed|ing) (?:\w{1,40} ){0,2}(?:us ?)?[$€£] ?\d|series [a-h]\b|funding rounds?|financing|ipo\b)/iu,
    "funding",
  ],
  [
    /\b(?:layoffs?|lay(?:s|ing)? off|laid off|restructur\w+|job cuts|cuts? [\d,]+ jobs|plant closures?)\b/iu,
    "restructuring",
  ],
  [
    /\b(?:lawsuits?|sues|sued|suing|settlements?|antitrust|subpoena(?:s|ed)?|regulators?|fined)\b/iu,
    "legal",
  ],
  [
    /\b(?:earnings|quarterly results|revenue (?:rose|fell|grew)|guidance|fiscal (?:year|quarter))\b/iu,
    "earnings",
  ],
  [
    /\b(?:partner(?:s|ed|ing)? with|partnerships?|collaborat\w+|alliances?|sign(?:s|ed)? (?:a )?deals?)\b/iu,
    "partnership",
  ],
  [
    /\b(?:expand(?:s|ed|ing)?|expansions?|new (?:office|plant|data cent(?:er|re)|region|market)s?|opens)\b/iu,
    "expansion",
  ],
  [
    /\b(?:launch(?:es|ed|ing)?|unveil(?:s|ed|ing)?|releas(?:es?|ed|ing)|introduc(?:es?|ed|ing)|announces? (?:new|the))\b/iu,
    "product_launch",
  ],
  [/\b(?:hiring|job openings?|recruit\w*)\b/iu, "hiring"],
  [
    /\b(?:board of directors|annual meeting|bylaws|proxy statement)\b/iu,
    "governance",
  ],
];

/**
 * The category of a found document, by rule: a filing by its items and form, a posting as hiring, a CRM event as a
 * deal, a figure that moved as engagement, otherwise by the words of its title, then of the beginning of its text.
 */
export function classify(found: {
  type: SignalType;
  title: string;
  text: string;
  facts: Readonly<Record<string, string>>;
}): Category {
  if (found.type === "job") return "hiring";
  if (found.type === "crm") return "deal_event";
  if (found.type === "metric") return "engagement";
  if (found.type === "filing") {
    const items = (found.facts["items"] ?? "")
      .split(",")
      .map((item) => item.trim());
    const byItem = categoryByItem.find(([item]) => items.includes(item));
    if (byItem !== undefined) return byItem[1];
    const form = found.facts["form"] ?? "";
    const byForm = categoryByForm.find(([pattern]) => pattern.test(form));
    if (byForm !== undefined) return byForm[1];
  }
  const beginning = found.text.slice(0, 2000);
  for (const text of [found.title, beginning]) {
    const byWords = categoryByWords.find(([pattern]) => pattern.test(text));
    if (byWords !== undefined) return byWords[1];
  }
  return "other";
}
