import type { Annotations } from "../../../domain/signals/annotations.ts";
import type { Annotator } from "../../../ports/reading.ts";
import { findAmounts } from "./amounts.ts";
import { findCompanies } from "./companies.ts";
import { emptyLexicon, englishLexicon, type Lexicon } from "./lexicon.ts";
import { findDates } from "./mentionedDates.ts";
import { findNames } from "./names.ts";
import { findPeople } from "./people.ts";
import { splitNames } from "./roles.ts";

/** News and filings say first what they are about. */
const maxCharacters = 20_000;

/** Finds people, companies, amounts and dates by rule in the first 20,000 characters, in time linear in them. Finds names without a title, role or legal form only in English. */
export function annotator() {
  let english: Promise<Lexicon> | undefined;
  return {
    annotate: async ({
      text: whole,
      language,
      publishedAt,
      own,
    }: Parameters<Annotator["annotate"]>[0]): Promise<Annotations> => {
      const text = whole.slice(0, maxCharacters);
      if (language === "en") english ??= englishLexicon();
      const lexicon =
        language === "en" ? ((await english) ?? emptyLexicon) : emptyLexicon;
      const names = splitNames(text, findNames(text));
      const companies = findCompanies(text, names, { own, lexicon });
      const taken = new Set(companies.map(({ start }) => start));
      const others = names.filter(({ start }) => !taken.has(start));
      const people = findPeople(text, others, lexicon);
      const families = new Set(
        people.map(({ name }) => name.split(" ").at(-1)),
      );
      return {
        people,
        // “Roe's shares” are those of Jane Roe.
        companies: companies.filter(({ name }) => !families.has(name)),
        amounts: findAmounts(text, language),
        dates: await findDates(text, language, publishedAt),
      };
    },
  };
}
