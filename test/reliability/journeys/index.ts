import { filing } from "./filing.ts";
import type { Journey } from "./journey.ts";
import { library } from "./library.ts";
import { model } from "./model.ts";
import { person } from "./person.ts";
import { search } from "./search.ts";

export type { Came, Journey, Strike } from "./journey.ts";

/** The journeys that R2 ends at every point; together they pass every topic and every port. */
export const journeys: readonly Journey[] = [
  filing,
  search,
  model,
  library,
  person,
];
