/** Replaces the regular-expression engine of Firestore's pipelines, which the console does not use. */
export const RE2JS = {
  compile: (): never => {
    throw new Error("Pipelines with regular expressions are not built in.");
  },
};
