import { toWords } from "../kernel/words.ts";
import { normalForm } from "../kernel/normalForm.ts";

/**
 * Legal forms at the end of a company's name: the common ones of the Entity Legal Forms code list (ISO 20275, kept by
 * GLEIF), as spelt without dots and accents. Holdings and Group are not among them: a holding and its subsidiary are
 * two companies.
 */
const formsBehind = parseForms(`
  inc | incorporated | corp | corporation | co | company | ltd | limited | llc | l l c | llp | l l p | lp | l p
  plc | p l c | pllc | gmbh | g m b h | mbh | ggmbh | ug | ag | a g | kg | k g | kgaa | ohg | gbr | ev | e v | eg | se
  sa | s a | sas | s a s | sasu | sarl | s a r l | sca | snc | spa | s p a | srl | s r l | sl | s l | slu | sau
  lda | ltda | eireli | sa de cv | s a de c v | sapi de cv | bv | b v | nv | n v | vof | bvba | cvba
  ab | a b | asa | as | a s | aps | oy | oyj | hf | ehf | ou | osauhing | sia | uab
  sp z o o | spolka z o o | spolka akcyjna | sro | s r o | spol s r o | doo | d o o | dd | d d | ad | ead | ood | eood
  kft | zrt | nyrt | pty | pty ltd | pte | pte ltd | pvt | pvt ltd | private limited | bhd | sdn bhd
  kk | k k | gk | tbk | jsc | pjsc | ojsc | cjsc | anonim sirketi | ltd sti
  тов | ооо | оао | зао | пао | ао | ат | пат | прат
`);

/** The same at the beginning of a name, as in Ukrainian, Russian and Indonesian; and the article. */
const formsInFront = parseForms(`
  the | pt | тов | тзов | ат | пат | прат | пп | дп | фоп | ооо | оао | зао | пао | ао | ип
  товариство з обмеженою відповідальністю | акціонерне товариство | публічне акціонерне товариство
  приватне акціонерне товариство | общество с ограниченной ответственностью | акционерное общество
  публичное акционерное общество
`);

/** Chinese, Japanese and Korean forms, which no space separates from the name. */
const formsTogether =
  "株式会社|有限会社|合同会社|合資会社|股份有限公司|有限责任公司|有限責任公司|有限公司|株式會社|주식회사|유한회사|\\(주\\)|\\(株\\)";
const togetherInFront = new RegExp(`^(?:${formsTogether})`, "u");
const togetherBehind = new RegExp(`(?:${formsTogether})$`, "u");

function parseForms(list: string): readonly (readonly string[])[] {
  return list
    .split(/[|\n]/u)
    .map((form) => form.trim().split(/\s+/u))
    .filter(([first]) => first !== "")
    .sort((a, b) => b.length - a.length);
}

/**
 * A company's name in a form in which different spellings are equal: lower case without Latin accents, words
 * separated by single spaces, without punctuation and legal forms, "&" as "and". Empty where the name has no letter
 * or digit; removing legal forms alone never empties it.
 */
export function normalName(name: string): string {
  const together = normalForm(name, "NFKC")
    .trim()
    .replace(togetherInFront, "")
    .replace(togetherBehind, "");
  const words = toWords(
    together.replace(/['’ʼ]/gu, "").replace(/[&+]/gu, " and "),
  );
  return withoutForms(words).join(" ");
}

function withoutForms(words: readonly string[]): readonly string[] {
  let start = 0;
  let end = words.length;
  for (;;) {
    const fits = (form: readonly string[]) => form.length < end - start;
    const front = formsInFront.find(
      (form) => fits(form) && isAt(form, words, start),
    );
    if (front !== undefined) {
      start += front.length;
      continue;
    }
    const behind = formsBehind.find(
      (form) => fits(form) && isAt(form, words, end - form.length),
    );
    if (behind === undefined) return words.slice(start, end);
    end -= behind.length;
    // The "and" that joined two forms, as in "GmbH & Co. KG", ends no name.
    if (words[end - 1] === "and" && end > start) end--;
  }
}

function isAt(
  form: readonly string[],
  words: readonly string[],
  at: number,
): boolean {
  return form.every((word, i) => words[at + i] === word);
}
