import type { Annotations } from "../../../domain/signals/annotations.ts";
import type { Annotator } from "../../../ports/reading.ts";
import { amountsIn } from "./amounts.ts";
import { companiesIn } from "./companies.ts";
import { emptyLexicon, englishLexicon, type Lexicon } from "./lexicon.ts";
import { datesIn } from "./mentionedDates.ts";
import { namesIn } from "./names.ts";
import { peopleIn } from "./people.ts";
import { partedNames } from "./roles.ts";

/** What news and filings say first is what they are about. */
const looked = 20_000;

/** Finds people, companies, sums and dates by rule, in the first 20,000 characters, in time linear in them; names without a title, role or legal form in English alone. */
export function annotator() {
  let english: Promise<Lexicon> | undefined;
  return {
    annotate: async ({
      text: whole,
      language,
      publishedAt,
      own,
    }: Parameters<Annotator["annotate"]>[0]): Promise<Annotations> => {
      const text = whole.slice(0, looked);
      if (language === "en") english ??= englishLexicon();
      const lexicon =
        language === "en" ? ((await english) ?? emptyLexicon) : emptyLexicon;
      const names = partedNames(text, namesIn(text));
      const companies = companiesIn(text, names, { own, lexicon });
      const taken = new Set(companies.map(({ start }) => start));
      const others = names.filter(({ start }) => !taken.has(start));
      const people = peopleIn(text, others, lexicon);
      const families = new Set(
        people.map(({ name }) => name.split(" ").at(-1)),
      );
      return {
        people,
        // “Roe's shares” are those of Jane Roe.
        companies: companies.filter(({ name }) => !families.has(name)),
        amounts: amountsIn(text, language),
        dates: await datesIn(text, language, publishedAt),
      };
    },
  };
}
