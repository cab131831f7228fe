import { boilerplates, fillers, noises, synonyms } from "./rewriteWords.ts";

/** A story as one outlet tells it. */
export interface Told {
  readonly title: string;
  readonly text: string;
}

/** Repeatable chance, as `seeded` gives it. */
export type Chance = () => number;
export type Edit = (told: Told, chance: Chance) => Told;

/** What an agency does to a story: other words, other order, clauses dropped and added, another headline. */
export const agencyRewrite: Edit = (told, chance) => ({
  title: otherHeadline(told, chance),
  text: paragraphs(told.text)
    .map((paragraph) => {
      const kept = sentences(paragraph).filter(
        (_, at, all) => all.length < 3 || at === 0 || chance() > 0.12,
      );
      const told = kept.map((one) => reworded(one, chance));
      return neighboursSwapped(told, chance).join(" ");
    })
    .join("\n\n"),
});

/** Told anew: a share of the plain words, of 0 to 1, replaced by words of the vocabulary; names, figures and quotes stay. */
export function paraphrased(
  share: number,
  vocabulary: readonly string[],
): Edit {
  return (told, chance) => {
    const rewritten = agencyRewrite(told, chance);
    const text = rewritten.text
      .split(/(["“][^"”]{20,}["”])/u)
      .map((part, at) =>
        at % 2 === 1
          ? part
          : part.replace(plainWord, (word) =>
              !counts.test(word) && chance() < share
                ? pick(vocabulary, chance)
                : word,
            ),
      )
      .join("");
    return { ...rewritten, text };
  };
}

/** The same sentences in any order, as one paragraph. */
export const shuffled: Edit = ({ title, text }, chance) => {
  const told = paragraphs(text).flatMap(sentences);
  return { title, text: some(told, told.length, chance).join(" ") };
};

/** Cut after some paragraphs or sentences, 30 to 70 % of the text, but no less than 25 words where there are as many. */
export const shortened: Edit = ({ title, text }, chance) => {
  const share = 0.3 + 0.4 * chance();
  const parts = paragraphs(text).flatMap((paragraph, at) =>
    sentences(paragraph).map((one, first) =>
      first === 0 && at > 0 ? `\n\n${one}` : one,
    ),
  );
  const wanted = Math.max(25, wordCount(text) * share);
  let words = 0;
  const kept = parts.filter((part) => {
    const taken = words < wanted;
    words += wordCount(part);
    return taken;
  });
  return { title, text: kept.join(" ").trim() };
};

/** What a publisher puts around a story: a dateline, a byline, notices, links to others. */
export const wrapped: Edit = ({ title, text }, chance) => {
  const before = some(
    boilerplates.before,
    1 + Math.floor(chance() * 2),
    chance,
  );
  const after = some(boilerplates.after, 1 + Math.floor(chance() * 4), chance);
  const dateline = chance() < 0.5 ? pick(boilerplates.datelines, chance) : "";
  return {
    title:
      chance() < 0.3 ? `${title} ${pick(boilerplates.outlets, chance)}` : title,
    text: [...before, dateline + text, ...after].join("\n\n"),
  };
};

/** What systems do to characters on the way: other quotes and dashes, spaces, entities, composed letters. */
export const noisy: Edit = ({ title, text }, chance) => {
  const chosen = some(noises, 2 + Math.floor(chance() * 3), chance);
  const through = (from: string) =>
    chosen.reduce((rest, [what, by]) => rest.replace(what, by), from);
  const typed = through(text);
  return {
    title: through(title),
    text: chance() < 0.3 ? typed.normalize("NFD") : typed,
  };
};

const plainWord = /(?<![\p{L}\d])\p{Ll}{4,}/gu;

/** Spelled figures are facts, and stay. */
const counts =
  /^(?:three|four|five|seven|eight|nine|eleven|twelve|\p{Ll}+teen|twenty|\p{Ll}*(?:thousand|[mbtr]+illions?))$/u;

/** One edit after another. */
export function both(...edits: readonly Edit[]): Edit {
  return (told, chance) =>
    edits.reduce((rest, edit) => edit(rest, chance), told);
}

/** The share of a text's words that the other does not have, 0 to 1. */
export function changedShare(from: string, to: string): number {
  const left = new Map<string, number>();
  for (const word of words(from)) left.set(word, (left.get(word) ?? 0) + 1);
  let kept = 0;
  const told = words(to);
  for (const word of told) {
    const count = left.get(word) ?? 0;
    if (count > 0) kept += 1;
    left.set(word, count - 1);
  }
  return 1 - kept / Math.max(1, told.length);
}

/** The plain words of texts, from which a paraphrase takes its own. */
export function vocabularyOf(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap((text) => text.match(plainWord) ?? []);
  return [...new Set(words)].filter((word) => !counts.test(word));
}

export function paragraphs(text: string): readonly string[] {
  return text.split(/\n+/u).filter((one) => one.trim() !== "");
}

export function sentences(paragraph: string): readonly string[] {
  return paragraph.split(/(?<=[.!?。][”"’']?)\s+(?=[\p{Lu}“"‘'\d])/u);
}

export function wordCount(text: string): number {
  return words(text).length;
}

export function pick<T>(from: readonly T[], chance: Chance): T {
  const one = from[Math.floor(chance() * from.length)];
  if (one === undefined) throw new Error("there is nothing to choose from");
  return one;
}

function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function some<T>(
  from: readonly T[],
  count: number,
  chance: Chance,
): readonly T[] {
  return from
    .map((one) => ({ one, at: chance() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ one }) => one);
}

function reworded(sentence: string, chance: Chance): string {
  const same = sentence.replace(/(?<!\p{L})\p{Ll}+/gu, (word) => {
    const others = synonyms.get(word);
    return others === undefined || chance() > 0.8 ? word : pick(others, chance);
  });
  return clauseAdded(
    clauseDropped(clauseMoved(attributed(same, chance), chance), chance),
    chance,
  );
}

/** "…, the minister said." ↔ "According to the minister, …" */
function attributed(sentence: string, chance: Chance): string {
  const said =
    /^(.{30,}),\s+([^,“”"]{3,40})\s+(?:said|stated|told reporters)\.$/u.exec(
      sentence,
    );
  if (said === null || chance() > 0.6) return sentence;
  const [, what = "", who = ""] = said;
  return `According to ${who}, ${what.charAt(0).toLowerCase()}${what.slice(1)}.`;
}

/** "When it rains, it pours." → "It pours when it rains." */
function clauseMoved(sentence: string, chance: Chance): string {
  const found =
    /^((?:In|On|After|When|While|As|If|Before|At|For|With|Since)\s[^,“”"]{8,80}),\s+([^“”"]{20,})\.$/u.exec(
      sentence,
    );
  if (found === null || chance() > 0.6) return sentence;
  const [, clause = "", main = ""] = found;
  return `${main.charAt(0).toUpperCase()}${main.slice(1)} ${clause.charAt(0).toLowerCase()}${clause.slice(1)}.`;
}

function clauseDropped(sentence: string, chance: Chance): string {
  const shorter = sentence
    .replace(/\s\([^)]{3,60}\)/u, "")
    .replace(
      /,\s(?:which|who|where|while|although|including)\s[^,.“”"]{5,80}(?=[,.])/u,
      "",
    );
  return chance() < 0.4 ? shorter : sentence;
}

function clauseAdded(sentence: string, chance: Chance): string {
  return chance() < 0.08 && /\p{Ll}\.$/u.test(sentence)
    ? `${sentence.slice(0, -1)}, ${pick(fillers, chance)}.`
    : sentence;
}

/** Each neighbouring pair changes places now and then; the first sentence leads. */
function neighboursSwapped(
  told: readonly string[],
  chance: Chance,
): readonly string[] {
  const order = [...told];
  for (let at = 1; at + 1 < order.length; at += 1) {
    const [one, next] = order.slice(at, at + 2);
    if (one !== undefined && next !== undefined && chance() < 0.3)
      order.splice(at, 2, next, one);
  }
  return order;
}

/** Its own words otherwise put, or what the first sentence begins with. */
function otherHeadline({ title, text }: Told, chance: Chance): string {
  const first = sentences(paragraphs(text)[0] ?? "")[0] ?? title;
  if (chance() < 0.5)
    return reworded(first.split(/\s+/u).slice(0, 10).join(" "), chance);
  const kept = title
    .split(/\s+/u)
    .filter((_, at) => at === 0 || chance() > 0.25);
  return reworded(kept.join(" "), chance);
}
