import type { Annotations } from "../../../domain/signals/annotations.ts";
import { legalForm } from "./legalForms.ts";
import type { Lexicon } from "./lexicon.ts";
import { firstMentions } from "./mentioned.ts";
import { type Name, spanName } from "./names.ts";
import { roleBefore, roleAfter } from "./roles.ts";

type Person = Annotations["people"][number];

/** Forms of address; the next word is a name. */
const title =
  /^(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Herr|Frau|Mme|Monsieur|Madame|Señora?|Sig|Signora?|Пан|Пані|Господин|Госпожа)\.?$/iu;
const titleBefore =
  /(?<![\p{L}\p{Nd}])(?:Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Herrn?|Frau|Mme|Señora?|пан|пані|господин|госпожа) $/u;

/** Verbs with a person as object: only people are appointed. */
const deedBefore =
  /(?:\b(?:appoint(?:s|ed|ing|ment of)?|nam(?:es|ed|ing)|hir(?:es|ed|ing)|elect(?:s|ed|ing)|promot(?:es|ed|ing)|resignation of|departure of|ernennt|beruft|bestellt|nomme|a nommé|nombra|nombró a|nomina|ha nominato)|призначи\p{L}{1,4}|назначи\p{L}{1,4}|очоли\p{L}{1,4}) $/iu;
/** Verbs with a person as subject: only people step down. */
const deedAfter =
  /^(?:,? (?:who )?(?:has |had |will |also )?(?:resigned|resigns|resign|stepped down|step down|steps down|retires?|retired|succeeds?|succeeded|told)\b| tritt zurück| quitte\b| dimite\b| очоли\p{L}{1,4}| (?:подал|подав)\p{L}? )/iu;

/** A word of a person's name: Jane, O'Neill, Jean-Luc, McRae, or an initial. */
const personal =
  /^(?:\p{Lu}\.|\p{Lu}[\p{Ll}\p{M}]+(?:['’-]\p{Lu}?[\p{Ll}\p{M}]+){0,2}|(?:Mc|Mac|De|Di|La|Le|O['’]|D['’])\p{Lu}\p{Ll}+|van|von|der|den|de|del|della|di|da|du|la|le|al|bin|ibn|el|ten|ter|dos)$/u;

/** Things named after people. */
const thing =
  /^(?:Cup|Finals|Observatory|University|College|School|Center|Centre|Street|Avenue|Road|Award|Prize|Foundation|Institute|Act|Stadium|Park|Hall|Museum|Operations|Engineering|Team|Program|Report|Conference|Summit|County|Council|Sheriff|Jail|Theater|Theatre|Pavilion|Beach)$/u;

/** The people in a text: those with a title or a role, those who do what only people do, and, where there is a dictionary, those whose names it knows. */
export function findPeople(
  text: string,
  names: readonly Name[],
  lexicon: Lexicon,
): Person[] {
  const people = firstMentions(
    names.flatMap((name) => toPerson(text, name, lexicon) ?? []),
    ({ name }) => name.toLowerCase(),
  );
  const families = new Set(
    people.flatMap(({ name }) =>
      name.includes(" ") ? [name.split(" ").at(-1)] : [],
    ),
  );
  // “Ms. Roe” is Jane Roe, who is already in the list.
  return people.filter(({ name }) => name.includes(" ") || !families.has(name));
}

function toPerson(text: string, name: Name, lexicon: Lexicon): Person | null {
  const isTitled = title.test(name.words[0]?.text ?? "");
  const words = isTitled ? name.words.slice(1) : name.words;
  const person = spanName(text, words, false);
  if (person === null || words.length > 5) return null;
  if (!words.every(({ text: word }) => personal.test(word))) return null;
  if (words.some(({ text: word }) => legalForm.test(word) || thing.test(word)))
    return null;
  if (person.text.includes("&")) return null;
  const before = text.slice(Math.max(0, person.start - 90), person.start);
  const behind = text.slice(person.end, person.end + 140);
  const role =
    roleAfter.exec(behind)?.[1] ?? roleBefore.exec(before)?.[1] ?? null;
  const found = {
    name: person.text.slice(0, 200),
    role: role?.slice(0, 200) ?? null,
    start: person.start,
  };
  if (isTitled || titleBefore.test(before)) return found;
  if (words.length < 2 || lexicon.isOther(person.text)) return null;
  if (lexicon.isCompany(person.text)) return null;
  const known = familiarity(words, lexicon);
  if (known === "strange") return null;
  const isTold =
    role !== null || deedBefore.test(before) || deedAfter.test(behind);
  return isTold || known === "familiar" ? found : null;
}

/** Whether the dictionary knows the words as a person's name, as something else, or not at all. */
function familiarity(
  words: Name["words"],
  lexicon: Lexicon,
): "familiar" | "unknown" | "strange" {
  const first = words[0]?.text ?? "";
  const last = words.at(-1)?.text ?? "";
  const isName = (word: string) =>
    lexicon.isGiven(word) || lexicon.isFamily(word) || /^\p{Lu}\.$/u.test(word);
  const isFirst = isName(first);
  const isLast = isName(last);
  const isOdd = (word: string) =>
    !isName(word) && (lexicon.isWord(word) || lexicon.isOther(word));
  if (isOdd(last) || isOdd(first)) return "strange";
  return isFirst || isLast ? "familiar" : "unknown";
}
