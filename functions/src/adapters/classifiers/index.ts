import type { ClassifierDefinition } from "../definition.ts";
import { claudeClassifier } from "./anthropic.ts";
import { rulesAlone } from "./rules.ts";

/** Everybody who says what a document is about; the first is used where none is named. */
export const classifiers: readonly [
  ClassifierDefinition,
  ...ClassifierDefinition[],
] = [rulesAlone, claudeClassifier];
