/** In place of the regular expressions of Firestore's pipelines, which nothing here asks for. */
export const RE2JS = {
  compile: (): never => {
    throw new Error("Pipelines with regular expressions are not built in.");
  },
};
