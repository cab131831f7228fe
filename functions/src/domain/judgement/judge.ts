import { eventKinds, EventType } from "../signals/eventTypes.ts";
import type { Category } from "../signals/signal.ts";
import {
  type AboutAccount,
  type AboutDocument,
  type CommonWords,
  toAboutFeatures,
} from "./aboutFeatures.ts";
import type { JudgedDocument } from "./documentParts.ts";
import { toEventFeatures } from "./eventFeatures.ts";
import type { LinearModel } from "./linearModel.ts";
import { findMentions, tokenise, toForms } from "./mentions.ts";

/** The trained models, by what each of them tells. */
export interface Models {
  /** The category of the event that a document tells. */
  readonly category: LinearModel;
  /** Its type, among all of the taxonomy. */
  readonly type: LinearModel;
  /** `about`, `passing_mention` or `not_about`. */
  readonly about: LinearModel;
  /** What it is worth where it is about the account: `0` to `3`. */
  readonly worth: LinearModel;
  /** Words that are no names by themselves. */
  readonly common: CommonWords;
}

/** What a document tells. */
export interface EventJudgement {
  readonly category: Category;
  readonly type: EventType;
  /** The probability of the category, 0 to 1. */
  readonly confidence: number;
  /** What it is expected to be worth to the manager of the account that it is about, 0 to 3. */
  readonly worth: number;
}

/** Whether a document is about an account. */
export interface AboutJudgement {
  readonly label: "about" | "passing_mention" | "not_about";
  /** The probability that it is about the account, 0 to 1. */
  readonly about: number;
}

/** Judges what a document tells: the likeliest category, and within it the likeliest type. */
export function judgeEvent(
  document: JudgedDocument,
  models: Pick<Models, "category" | "type" | "worth">,
): EventJudgement {
  const features = toEventFeatures(document);
  const categories = byClass(models.category, features);
  const types = byClass(models.type, features);
  const [category, confidence] = likeliest(categories);
  const among = EventType.options
    .filter((type) => eventKinds[type].category === category)
    .map((type) => [type, types.get(type) ?? 0] as const);
  const [type = "general_news"] =
    among.toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const learned = [...byClass(models.worth, features)].reduce(
    (sum, [worth, probability]) => sum + Number(worth) * probability,
    0,
  );
  const worth = (learned + worthOfTypes(types, categories)) / 2;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test holds the model's classes against the categories.
  return { category: category as Category, type, confidence, worth };
}

/** What the types of the taxonomy are worth, each as far as it and its category are likely. */
function worthOfTypes(
  types: ReadonlyMap<string, number>,
  categories: ReadonlyMap<string, number>,
): number {
  let sum = 0;
  let whole = 0;
  for (const type of EventType.options) {
    const { category, worth } = eventKinds[type];
    const likely = (types.get(type) ?? 0) * (categories.get(category) ?? 0.01);
    sum += likely * worth;
    whole += likely;
  }
  return whole === 0 ? 0 : sum / whole;
}

/**
 * Judges whether a document is about the account. One that never names it is not; a filing that does not name it in
 * its title is another company's.
 */
export function judgeAbout(
  document: AboutDocument,
  account: AboutAccount,
  { about: model, common }: Pick<Models, "about" | "common">,
): AboutJudgement {
  const { title, text, type } = document;
  const forms = toForms(account);
  const inTitle = findMentions(tokenise(title), forms).length > 0;
  const inText = inTitle || findMentions(tokenise(text), forms).length > 0;
  if (!inText && !hasTicker(document, account))
    return { label: "not_about", about: 0 };
  if (type === "filing" && !inTitle)
    return { label: "passing_mention", about: 0 };
  const found = byClass(model, toAboutFeatures(document, account, common));
  const [label] = likeliest(found);
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test holds the model's classes against the labels.
    label: label as AboutJudgement["label"],
    about: found.get("about") ?? 0,
  };
}

function hasTicker(
  { title, text }: AboutDocument,
  { ticker }: AboutAccount,
): boolean {
  if (ticker === null) return false;
  return tokenise(`${title} ${text}`).some((token) => token.text === ticker);
}

function byClass(
  model: LinearModel,
  features: Parameters<LinearModel["predict"]>[0],
): ReadonlyMap<string, number> {
  const probabilities = model.predict(features);
  return new Map(model.classes.map((name, i) => [name, probabilities[i] ?? 0]));
}

function likeliest(
  found: ReadonlyMap<string, number>,
): readonly [string, number] {
  let best: readonly [string, number] = ["", -1];
  for (const one of found) if (one[1] > best[1]) best = one;
  return best;
}
