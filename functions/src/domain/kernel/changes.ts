/** What was given of a thing, without what was left out. */
export type WithoutUndefined<T> = {
  readonly [K in keyof T]?: Exclude<T[K], undefined>;
};

/** The values that are there. */
export function withoutUndefined<T extends object>(
  values: T,
): WithoutUndefined<T> {
  const entries = Object.entries(values).filter(([, v]) => v !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same entries, without those that are undefined.
  return Object.fromEntries(entries) as WithoutUndefined<T>;
}

/** What differs between a document and what it is to be: its fields before and after. */
export function diff(data: object, patch: object) {
  const old = new Map<string, unknown>(Object.entries(data));
  const changed = Object.entries(patch).filter(
    ([key, value]) => canonical(value) !== canonical(old.get(key)),
  );
  return {
    before: Object.fromEntries(
      changed.map(([key]) => [key, old.get(key) ?? null]),
    ),
    after: Object.fromEntries(changed),
  };
}

/** As JSON whose keys are in order, since a database gives them back in its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner === null || typeof inner !== "object" || Array.isArray(inner)
      ? inner
      : Object.fromEntries(
          Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
  );
}
