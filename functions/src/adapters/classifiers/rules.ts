import { defineClassifier } from "../definition.ts";

/** The rules of domain/signals/classify.ts, which decide before anybody is asked. */
export const rulesAlone = defineClassifier({
  name: "rules",
  settings: {},
  secrets: {},
  build: () => null,
});
