import { legalForm } from "./legalForms.ts";
import { type Name, spanName } from "./names.ts";

const rank = String.raw`(?:(?:former|interim|acting|deputy|co|group|senior|executive|vice|global|regional|non-executive|founding|outgoing|incoming|assistant|neue[rn]?|ehemalige[rn]?)[ -]){0,3}`;
const field = String.raw`(?:executive|financial|operating|technology|information security|information|marketing|people|product|revenue|legal|risk|data|security|commercial|strategy|digital|accounting|human resources|sustainability|scientific|medical|compliance|customer|growth|investment|supply chain|transformation|AI)`;
const english = String.raw`${rank}(?:chief ${field}(?: officer)?|C[EFOTIMPSRD]O|CISO|CHRO|VP|(?:vice )?president|chair(?:man|woman|person)?|managing director|(?:independent |executive )?director|general counsel|general manager|co-founder|founder|treasurer|(?:corporate )?secretary|controller|spokes(?:man|woman|person)|analyst|partner|head|minister)`;
const german = String.raw`${rank}(?:Vorstandschefin|Vorstandschef|Vorstandsvorsitzende[rn]?|Vorstandsmitglied|Vorständin|Geschäftsführerin|Geschäftsführer|Finanzvorstand|Finanzvorständin|Finanzchefin|Finanzchef|Technikvorstand|Aufsichtsratsvorsitzende[rn]?|Aufsichtsratschef|Konzernchefin|Konzernchef|Firmenchef|Sprecherin|Sprecher|Leiterin|Leiter)`;
const romance = String.raw`(?:PDG|président-directeur général|présidente-directrice générale|(?:directeur|directrice) (?:général|générale|financier|financière|technique|informatique)|présidente?|porte-parole|(?:director|directora) (?:general|financier[oa]|de operaciones)|consejer[oa] delegad[oa]|president[ea]|amministratore delegato|amministratrice delegata|direttore (?:generale|finanziario)|direttrice (?:generale|finanziaria)|bestuursvoorzitter|topman|financieel directeur|prezes)`;
const slavic = String.raw`(?:(?:генеральн|фінансов|технічн|операційн|виконавч|комерційн|финансов|техническ|операционн|исполнительн|коммерческ)\p{L}{1,3} директор\p{L}{0,4}|директор\p{L}{0,4}|голов\p{L}{1,2} правління|голов\p{L}{1,2} наглядової ради|председател\p{L}{1,2} правления|президент\p{L}{0,3}|керівни\p{L}{2,4}|засновни\p{L}{2,4}|речни\p{L}{2,4})`;

/** Roles at companies, in English, German, French, Spanish, Italian, Dutch, Polish, Ukrainian and Russian. Bounded. */
const role = String.raw`(?:${english}|${german}|${romance}|${slavic})(?![\p{L}\p{Nd}])(?: (?:and|&|und|et|y|e|та|і|и) (?:${english}|${romance}|${slavic})(?![\p{L}\p{Nd}]))?(?: of (?:finance|sales|engineering|operations|marketing|product|research|people|data|security|human resources|information technology|IT)(?![\p{L}\p{Nd}]))?`;

const articles = String.raw`(?:(?:its|the|their|our|a|an|new|as|der|die|le|la|el|il|the company['’]s|an?) ){0,3}`;
const passive = String.raw`(?:has been|had been|was|is|will be|to be|been) (?:(?:named|appointed|elected|hired|promoted to) )?`;
const active = String.raw`(?:will |to |also )?(?:becomes?|became|serves?|join(?:s|ed)?|as)(?: as)? `;
const becoming = String.raw`(?:, | \(| [–—] |, who (?:is|was|serves as|has been) | (?:${passive}|${active})(?:as |interim )?| zum | zur | comme | como | come )`;

/** Matches at the start of what follows a name: “, 52, chief executive of”, “ as its new CFO”. The first group is the role. */
// bounded: the 140 characters behind
export const roleAfter = new RegExp(
  String.raw`^(?:, (?:aged )?\d{2}(?=,))?${becoming}${articles}(${role})`,
  "iu",
);

/** Matches at the end of what precedes a name: “chief executive ”, “CEO, ”, “директор ТОВ «Назва» ”. The first group is the role. */
// bounded: the 90 characters before
export const roleBefore = new RegExp(
  String.raw`(?<![\p{L}\p{Nd}-])(${role})(?:(?: \p{L}{2,4})? «[^«»\n]{2,40}»)?(?:, | )$`,
  "iu",
);

// bounded: the first 300 characters of a name
const roleWithin = new RegExp(
  String.raw`(?<![\p{L}\p{Nd}-])${role}(?![\p{L}\p{Nd}-])`,
  "iu",
);

const belonging = /^(?:von|vom|van|bei|de|di|da)$/u;

/** Splits names that a capitalised role or a “von” joins: “Acme Chief Executive Jane Roe” is two, and so is “Jens Huber von der Nordlicht AG”. */
export function splitNames(
  text: string,
  names: readonly Name[],
): readonly Name[] {
  return names
    .flatMap((name) => splitByForm(text, name))
    .flatMap((name) => splitByRole(text, name));
}

function splitByForm(text: string, name: Name): readonly Name[] {
  const { words } = name;
  if (!words.some((word, i) => i > 2 && legalForm.test(word.text)))
    return [name];
  const cut = words.findLastIndex((word) => belonging.test(word.text));
  const follows = words.findIndex(
    (word, i) => i > cut && /^\p{Lu}/u.test(word.text),
  );
  if (cut < 2 || legalForm.test(words[follows]?.text ?? "")) return [name];
  return splitAround(text, name, [words.slice(0, cut), words.slice(follows)]);
}

function splitByRole(text: string, name: Name): readonly Name[] {
  const found = roleWithin.exec(name.text.slice(0, 300));
  if (found === null) return [name];
  const start = name.start + found.index;
  const end = start + found[0].length;
  const behind = name.words.filter((word) => word.start >= end);
  // “President Foods Inc.” is one name.
  if (behind.some((word) => legalForm.test(word.text))) return [name];
  const before = name.words.filter((word) => word.end <= start);
  return splitAround(text, name, [before, behind]);
}

function splitAround(
  text: string,
  { opens }: Name,
  [before, behind]: readonly [Name["words"], Name["words"]],
): readonly Name[] {
  return [spanName(text, before, opens), spanName(text, behind, false)].filter(
    (part) => part !== null,
  );
}
