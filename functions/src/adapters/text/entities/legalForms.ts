/** Legal forms that end a company's name, as one word (ISO 20275 lists them; the common ones of Europe, America and Asia). */
export const legalForm =
  /^(?:Inc\.?|Incorporated|Corp\.?|Corporation|Co\.?|Company|Ltd\.?|Limited|L\.?L\.?C\.?|L\.?L\.?P\.?|L\.P\.|PLC|plc|P\.L\.C\.|GmbH|AG|KGaA|KG|OHG|mbH|eG|SE|SA|S\.A\.(?:S\.)?|SAS|SARL|S\.[àa]\.?r\.l\.?|SpA|S\.p\.A\.?|S\.r\.l\.?|Srl|SL|S\.L\.|NV|N\.V\.?|BV|B\.V\.?|AB|ASA|A\/S|ApS|Oy|Oyj|Sp\. z o\.o\.|S\.A|a\.s\.|d\.o\.o\.|Kft|Zrt|Pty|K\.K\.|Bhd|Pte|LLC|LLP)$/u;

/** Legal forms before a name in quotation marks, as in Ukraine and its neighbours. */
const before = String.raw`(?:ТОВ|ПАТ|ПрАТ|АТ|ТзОВ|ФОП|ООО|ПАО|АО|ЗАО|ОАО|LLC|компані\p{L}{1,2}|компани\p{L}{1,2}|концерн\p{L}{0,3}|фірм\p{L}{1,2}|банк\p{L}{0,3})`;

/** “ТОВ «Назва»”; the first group is the whole, the second the name. Bounded. */
export const quotedCompany = new RegExp(
  String.raw`(?<![\p{L}\p{Nd}])(${before}\s?[«"“„]([^«»"“”„\n]{2,80})[»"”“])`,
  "giu",
);

/** A company's name for comparing: without legal form, case and punctuation. */
export function withoutLegalForm(name: string): string {
  const words = name.split(/[\s,]+/u).filter((word) => word !== "");
  while (words.length > 1 && legalForm.test(words.at(-1) ?? "")) words.pop();
  return words
    .join(" ")
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]+/gu, " ")
    .replace(/^the /u, "")
    .trim();
}
