import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crossValidate } from "../../dev/judge/crossValidate.ts";
import { readLabels } from "../../dev/judge/labels.ts";
import { trainModels } from "../../dev/judge/models.ts";
import { root } from "../../dev/places.ts";
import { loadModels } from "../../functions/src/adapters/text/judgement/models.ts";
import { judgeAbout } from "../../functions/src/domain/judgement/judge.ts";
import { eventKinds } from "../../functions/src/domain/signals/eventTypes.ts";
import { Category } from "../../functions/src/domain/signals/signal.ts";

const labels = readLabels(join(root, "test/judgement"));

/** Models are trained in them, five times over. */
const timeout = 300_000;

/** Hard cases, most of them without the obvious word: a fifth each is judged by what was trained on the others. */
test(
  "documents that no model has seen are judged no worse than before",
  { timeout },
  () => {
    const { events, whose, worth } = crossValidate(labels);
    expect(events.accuracy).toBeGreaterThan(0.6);
    expect(events.macroF1).toBeGreaterThan(0.6);
    expect(events.notEnglish.accuracy).toBeGreaterThan(0.5);
    expect(whose.aboutOrNot.macroF1).toBeGreaterThan(0.78);
    expect(whose.threeWay.macroF1).toBeGreaterThan(0.71);
    expect(worth.auc).toBeGreaterThan(0.79);
    expect(worth.precisionAtTenth).toBeGreaterThan(0.78);
  },
);

test("the models that ship are those that the labels give", { timeout }, () => {
  const file = join(root, "functions/src/adapters/text/judgement/models.json");
  const shipped: unknown = JSON.parse(readFileSync(file, "utf8"));
  expect(trainModels(labels)).toEqual(shipped);
});

test("the models' classes are the product's", async () => {
  const { category, type, about, worth } = await loadModels();
  expect(Category.options).toEqual(
    expect.arrayContaining([...category.classes]),
  );
  expect(Object.keys(eventKinds)).toEqual(
    expect.arrayContaining([...type.classes]),
  );
  expect(about.classes).toEqual(["about", "not_about", "passing_mention"]);
  expect(worth.classes).toEqual(["0", "1", "2", "3"]);
  for (const { category: of } of Object.values(eventKinds))
    expect(Category.options).toContain(of);
});

test("a document that never names the account is not about it, nor a filing whose title names another", async () => {
  const models = await loadModels();
  const shell = { name: "Shell", aliases: [], ticker: null, industry: null };
  const judged = (type: "news" | "filing", title: string, text: string) =>
    judgeAbout({ type, title, text }, shell, models);
  expect(judged("news", "BP opens a plant", "It is in Hull.")).toEqual({
    label: "not_about",
    about: 0,
  });
  expect(
    judged(
      "filing",
      "ACME CORP 8-K: 5.02",
      "Ms. Doe was a director of Shell until 2019.",
    ),
  ).toEqual({ label: "passing_mention", about: 0 });
});
