import {
  type AboutAccount,
  toAboutFeatures,
} from "../../functions/src/domain/judgement/aboutFeatures.ts";
import { toEventFeatures } from "../../functions/src/domain/judgement/eventFeatures.ts";
import type { Models } from "../../functions/src/domain/judgement/judge.ts";
import {
  decodeModel,
  type ModelFile,
} from "../../functions/src/domain/judgement/linearModel.ts";
import { tokenise } from "../../functions/src/domain/judgement/mentions.ts";
import { EventType } from "../../functions/src/domain/signals/eventTypes.ts";
import type { AboutItem, Labels } from "./labels.ts";
import { trainModel } from "./train.ts";

/** The files of all models, by what each of them tells. */
export type ModelFiles = Readonly<
  Record<Exclude<keyof Models, "common">, ModelFile>
> & { readonly common: readonly string[] };

const ofEvents = { epochs: 10, rate: 0.5, l2: 3e-4, history: 1e-8 };
const ofNames = { epochs: 20, rate: 0.2, l2: 3e-3, history: 1e-6 };
/** What together makes a file of a few hundred kB. */
const sizes = {
  category: 220_000,
  type: 150_000,
  worth: 60_000,
  about: 60_000,
};

/** Trains every model on labelled documents. */
export function trainModels({ events, about, worth }: Labels): ModelFiles {
  const common = findCommonWords(events);
  const known = new Set(common);
  const made = `npm run judge -- train, ${events.length} documents`;
  const told = events.map((item) => ({
    item,
    features: toEventFeatures(item),
  }));
  const isAbout = new Set(
    about.flatMap(({ id, label }) => (label === "about" ? [id] : [])),
  );
  return {
    category: trainModel(
      told.map(({ item, features }) => ({ features, class: item.category })),
      { ...ofEvents, weights: sizes.category },
      made,
    ),
    type: trainModel(
      told.map(({ item, features }) => ({
        features,
        class: EventType.safeParse(item.finer).data ?? "general_news",
      })),
      { ...ofEvents, weights: sizes.type },
      made,
    ),
    worth: trainModel(
      worth
        .filter(({ id }) => isAbout.has(id))
        .map((item) => ({
          features: toEventFeatures(item),
          class: String(item.worth),
        })),
      { ...ofEvents, weights: sizes.worth },
      made,
    ),
    about: trainModel(
      about.map((item) => ({
        features: toAboutFeatures(item, toAccount(item), known),
        class: item.label,
      })),
      { ...ofNames, weights: sizes.about },
      made,
    ),
    common,
  };
}

/** In so many documents a word must stand in lower case so as to be no name by itself. */
const leastCommon = 2;

/** Words of at least three letters that documents write in lower case, in the order of the alphabet. */
function findCommonWords(
  documents: readonly { readonly title: string; readonly text: string }[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { title, text } of documents) {
    const low = tokenise(`${title} ${text}`)
      .filter((token) => /^\p{Ll}{3,}$/u.test(token.text))
      .map(({ folded }) => folded);
    for (const word of new Set(low))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= leastCommon)
    .map(([word]) => word)
    .sort();
}

/** The models of these files. */
export function decodeModels(files: ModelFiles): Models {
  return {
    category: decodeModel(files.category),
    type: decodeModel(files.type),
    about: decodeModel(files.about),
    worth: decodeModel(files.worth),
    common: new Set(files.common),
  };
}

/** An item's account as the judge is told of it. */
export function toAccount({
  account: { name, aliases, ticker, industry },
}: Pick<AboutItem, "account">): AboutAccount {
  return { name, aliases, ticker: ticker ?? null, industry: industry ?? null };
}
