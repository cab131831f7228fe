/** An object without its undefined fields. */
export type WithoutUndefined<T> = {
  readonly [K in keyof T]?: Exclude<T[K], undefined>;
};

/** The fields that have a value. */
export function withoutUndefined<T extends object>(
  values: T,
): WithoutUndefined<T> {
  const entries = Object.entries(values).filter(([, v]) => v !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same entries, without those that are undefined.
  return Object.fromEntries(entries) as WithoutUndefined<T>;
}

/** How a document differs from what it will be: the changed fields before and after. */
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

/** JSON with sorted keys, since a database returns them in an order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner === null || typeof inner !== "object" || Array.isArray(inner)
      ? inner
      : Object.fromEntries(
          Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
  );
}
