import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { run } from "../../dev/deploy/command.ts";
import { functionsLock } from "../../dev/deploy/lock.ts";
import { root } from "../../dev/places.ts";
import { aFolder } from "../support/deploy.ts";

const Packages = z.record(
  z.string(),
  z.looseObject({
    version: z.string().optional(),
    integrity: z.string().optional(),
    dependencies: z.record(z.string(), z.string()).optional(),
    dev: z.boolean().optional(),
    optional: z.boolean().optional(),
    resolved: z.string().optional(),
  }),
);
const read = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(join(root, path), "utf8"));
const packagesOf = (lock: unknown) =>
  z.looseObject({ packages: Packages }).parse(lock).packages;

/** What a package finds, by Node's own rule. */
function found(
  packages: z.infer<typeof Packages>,
  from: string,
  name: string,
): string | undefined {
  const folders = from.split(/(?<=\/|^)node_modules\//);
  for (let n = folders.length; n >= 0; n--) {
    const above = from
      .split("/node_modules/")
      .slice(0, n)
      .join("/node_modules/");
    const path =
      above === "" ? `node_modules/${name}` : `${above}/node_modules/${name}`;
    if (path in packages) return path;
  }
  return `node_modules/${name}` in packages
    ? `node_modules/${name}`
    : undefined;
}

test("every package finds alone what it finds in the workspace, by version and checksum", async () => {
  const workspace = packagesOf(await read("package-lock.json"));
  const alone = packagesOf(
    functionsLock(
      await read("package-lock.json"),
      await read("functions/package.json"),
    ),
  );
  let compared = 0;
  const visit = (at: string, from: string, seen: Set<string>) => {
    if (seen.has(`${at} ${from}`)) return;
    seen.add(`${at} ${from}`);
    for (const name of Object.keys(workspace[from]?.dependencies ?? {})) {
      const there = found(workspace, from, name) ?? "";
      const here = found(alone, at, name) ?? "";
      expect(alone[here]?.integrity, `${at} → ${name}`).toBe(
        workspace[there]?.integrity,
      );
      compared++;
      visit(here, there, seen);
    }
  };
  visit("", "functions", new Set());
  expect(compared).toBeGreaterThan(300);
  expect(Object.values(alone).filter(({ resolved }) => resolved)).toEqual([]);
});

test("npm takes it for what functions/package.json asks for, without a network", async () => {
  const folder = await aFolder();
  try {
    const manifest = await read("functions/package.json");
    await copyFile(
      join(root, "functions/package.json"),
      join(folder.path, "package.json"),
    );
    const dryRun = async (lock: unknown) => {
      await writeFile(
        join(folder.path, "package-lock.json"),
        JSON.stringify(lock),
      );
      return run(["npm", "ci", "--dry-run", "--offline", "--ignore-scripts"], {
        cwd: folder.path,
      });
    };
    const lock = functionsLock(await read("package-lock.json"), manifest);
    const taken = await dryRun(lock);
    expect(taken.code, taken.errors).toBe(0);

    const { ["node_modules/zod"]: _, ...rest } = packagesOf(lock);
    const refused = await dryRun({ ...lock, packages: rest });
    expect(refused.code).not.toBe(0);
  } finally {
    await folder.remove();
  }
});

test("two versions of one package stand apart, and what only development needs says so", () => {
  const lock = functionsLock(
    {
      lockfileVersion: 3,
      packages: {
        "": {},
        functions: {},
        "functions/node_modules/x": { version: "2.0.0" },
        "node_modules/functions": { resolved: "functions", link: true },
        "node_modules/x": { version: "1.0.0", dependencies: { z: "1" } },
        "node_modules/y": {
          version: "1.0.0",
          dev: true,
          resolved: "https://packages.example/y.tgz",
          dependencies: { x: "1" },
          optionalDependencies: { o: "1", gone: "1" },
          peerDependencies: { lax: "1" },
          peerDependenciesMeta: { lax: { optional: true } },
        },
        "node_modules/z": { version: "1.0.0" },
        "node_modules/o": { version: "1.0.0", optional: true },
        "node_modules/d": { version: "1.0.0", dependencies: { z: "1" } },
        "node_modules/unused": { version: "1.0.0" },
        "node_modules/lax": { version: "1.0.0" },
      },
    },
    {
      name: "functions",
      version: "0.1.0",
      dependencies: { x: "2.0.0", y: "1.0.0" },
      devDependencies: { d: "1.0.0" },
    },
  );
  const { "": top, ...packages } = packagesOf(lock);
  expect(top?.dependencies).toEqual({ x: "2.0.0", y: "1.0.0" });
  const short = Object.entries(packages).map(
    ([path, { version, dev, optional, resolved }]) =>
      [path, version, dev, optional, resolved] as const,
  );
  const no = undefined;
  expect(short).toEqual([
    ["node_modules/d", "1.0.0", true, no, no],
    ["node_modules/o", "1.0.0", no, true, no],
    ["node_modules/x", "2.0.0", no, no, no],
    ["node_modules/y", "1.0.0", no, no, no],
    ["node_modules/y/node_modules/x", "1.0.0", no, no, no],
    ["node_modules/z", "1.0.0", no, no, no],
  ]);
});

test("a dependency that the workspace's lock lacks is named", () => {
  const packages = { "": {}, functions: {} };
  const manifest = {
    name: "functions",
    version: "0.1.0",
    dependencies: { x: "1" },
  };
  expect(() =>
    functionsLock({ lockfileVersion: 3, packages }, manifest),
  ).toThrow("package-lock.json lacks x, which functions needs");
});
