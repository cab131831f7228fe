type Values<Name extends string, T> = { readonly [N in Name]: T };

/** An object with a value for each of the names. */
export function toRecord<Name extends string, T>(
  names: readonly Name[],
  valueFor: (name: Name) => T,
): Values<Name, T> {
  const made: object = Object.fromEntries(
    names.map((name) => [name, valueFor(name)]),
  );
  assertHolds<Name, T>(made, names);
  return made;
}

/** The same, with each value computed whenever it is read. */
export function lazyRecord<Name extends string, T>(
  names: readonly Name[],
  valueFor: (name: Name) => T,
): Values<Name, T> {
  const made: object = {};
  for (const name of names)
    Object.defineProperty(made, name, {
      enumerable: true,
      get: () => valueFor(name),
    });
  assertHolds<Name, T>(made, names);
  return made;
}

function assertHolds<Name extends string, T>(
  made: object,
  names: readonly Name[],
): asserts made is Values<Name, T> {
  const missing = names.find((name) => !(name in made));
  if (missing !== undefined) throw new Error(`${missing} is missing.`);
}
