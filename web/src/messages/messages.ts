import type { en } from "./en.ts";

/** What a language says; English says what there is to say. */
export type Messages = Translated<typeof en>;

type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]>;
};
