import { z } from "zod";

const Names = z.record(z.string(), z.string()).optional();
const Installed = z.looseObject({
  version: z.string().optional(),
  link: z.boolean().optional(),
  dependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names,
  peerDependenciesMeta: z
    .record(z.string(), z.looseObject({ optional: z.boolean().optional() }))
    .optional(),
});
type Installed = z.infer<typeof Installed>;
const Lock = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), Installed),
});
const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  engines: z.record(z.string(), z.string()).optional(),
  dependencies: Names,
  devDependencies: Names,
});

/** One of the places that the workspace lock installs into, by its path there. */
type Origin = string;
interface Edge {
  readonly name: string;
  readonly isOptional: boolean;
}

/**
 * The lock file of functions/ alone, cut out of the workspace's: the same versions and checksums, placed so that
 * each package finds what it finds in the workspace. Throws where the workspace's lock misses something.
 */
export function functionsLock(workspaceLock: unknown, manifest: unknown) {
  const { packages } = Lock.parse(workspaceLock);
  const { dependencies, devDependencies, ...about } = Manifest.parse(manifest);
  const placed = place(packages, [dependencies, devDependencies]);
  const shipped = findReachable(placed, packages, listEdges({ dependencies }));
  const { name, version, license, engines } = about;
  const top = {
    name,
    version,
    license,
    dependencies,
    devDependencies,
    engines,
  };
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": top,
      ...Object.fromEntries(
        [...placed.entries()]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([at, from]) => [
            at,
            toLockEntry(packages[from], shipped.get(at)),
          ]),
      ),
    },
  };
}

/** Where everything goes: what functions/ names first at the top, then all else as high as it does not hide another version. */
function place(
  packages: Readonly<Record<string, Installed>>,
  roots: readonly z.infer<typeof Names>[],
): ReadonlyMap<string, Origin> {
  const placed = new Map<string, Origin>();
  const open: { readonly at: string; readonly from: Origin }[] = [];
  const put = (at: string, from: Origin) => {
    placed.set(at, from);
    open.push({ at, from });
  };
  for (const dependencies of roots) {
    for (const { name } of listEdges({ dependencies })) {
      put(`node_modules/${name}`, findInstalled(packages, "functions", name));
    }
  }
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { at, from } = next;
    for (const { name, isOptional } of listEdges(packages[from] ?? {})) {
      const wanted = lookUp(packages, from, name);
      if (wanted === undefined) {
        if (isOptional) continue;
        throw new Error(
          `package-lock.json lacks ${name}, which ${from} needs.`,
        );
      }
      const seen = lookUp(placed, at, name);
      if (seen === undefined) put(`node_modules/${name}`, wanted);
      else if (placed.get(seen) !== wanted) {
        put(`${at}/node_modules/${name}`, wanted);
      }
    }
  }
  return placed;
}

/** What a package asks for, by name, in a fixed order. Optional peers are found where something else brings them. */
function listEdges(of: Installed): readonly Edge[] {
  const { dependencies, optionalDependencies, peerDependencies } = of;
  const isLax = (name: string) =>
    of.peerDependenciesMeta?.[name]?.optional === true;
  const needed = Object.keys({ ...peerDependencies, ...dependencies }).filter(
    (name) =>
      !(name in (optionalDependencies ?? {})) &&
      (name in (dependencies ?? {}) || !isLax(name)),
  );
  return [
    ...needed.map((name) => ({ name, isOptional: false })),
    ...Object.keys(optionalDependencies ?? {}).map((name) => ({
      name,
      isOptional: true,
    })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Node's resolution: the nearest `node_modules` upwards that has it. */
function lookUp(
  among: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
  from: string,
  name: string,
): string | undefined {
  const has = (path: string) =>
    among instanceof Map ? among.has(path) : path in among;
  for (let folder = from; ; folder = folder.replace(/\/?[^/]*$/, "")) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (!folder.endsWith("node_modules") && has(path)) return path;
    if (folder === "") return undefined;
  }
}

function findInstalled(
  packages: Readonly<Record<string, Installed>>,
  from: string,
  name: string,
): Origin {
  const path = lookUp(packages, from, name);
  if (path === undefined || packages[path]?.link === true) {
    throw new Error(
      `package-lock.json lacks ${name}, which ${from} needs: run npm install.`,
    );
  }
  return path;
}

/** What is installed without development, and whether it may fail to be. */
function findReachable(
  placed: ReadonlyMap<string, Origin>,
  packages: Readonly<Record<string, Installed>>,
  edges: readonly Edge[],
): ReadonlyMap<string, { readonly isOptional: boolean }> {
  const seen = new Map<string, { readonly isOptional: boolean }>();
  const visit = (from: string, asked: readonly Edge[], lax: boolean) => {
    for (const { name, isOptional } of asked) {
      const at = lookUp(placed, from, name);
      const before = at === undefined ? undefined : seen.get(at);
      const isLax = lax || isOptional;
      if (at === undefined || (before && (!before.isOptional || isLax))) {
        continue;
      }
      seen.set(at, { isOptional: isLax });
      visit(at, listEdges(packages[placed.get(at) ?? ""] ?? {}), isLax);
    }
  };
  visit("", edges, false);
  return seen;
}

/** What the workspace's lock says of where and why, and holds no longer: the address is left to the registry that is asked. */
const dropped = ["dev", "devOptional", "peer", "optional", "resolved"];

/** An entry as npm writes it. */
function toLockEntry(
  entry: Installed | undefined,
  shipped: { readonly isOptional: boolean } | undefined,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(entry ?? {}).filter(
    ([key]) => !dropped.includes(key),
  );
  if (shipped === undefined) kept.push(["dev", true]);
  else if (shipped.isOptional) kept.push(["optional", true]);
  return Object.fromEntries(kept);
}
