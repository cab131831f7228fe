import { copyFile, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { buildFunctions } from "../build.ts";
import { root } from "../places.ts";
import { run } from "./command.ts";

const Config = z.looseObject({
  functions: z.tuple([
    z.looseObject({ source: z.string(), ignore: z.array(z.string()) }),
  ]),
});
const Files = z.array(z.looseObject({ name: z.string() }));

/** firebase-tools' own choice of files: what it packs, less what firebase.json ignores. */
const choose = `
  const { readdirRecursive } = require("firebase-tools/lib/fsAsync");
  const [path, ignoreStrings] = JSON.parse(process.argv[1]);
  readdirRecursive({ path, ignoreStrings }).then((files) => console.log(JSON.stringify(files)));
`;

/** Copies what `firebase deploy` would upload of functions/, as it was built, into a folder; returns the files' names. */
export async function layOutUpload(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(root, "firebase.json"), "utf8");
  const [{ source, ignore }] = Config.parse(JSON.parse(text)).functions;
  const from = join(root, source);
  const asked = JSON.stringify([from, ignore]);
  const chosen = await run([process.execPath, "-e", choose, asked]);
  if (chosen.code !== 0) throw new Error(chosen.errors);
  const names = Files.parse(JSON.parse(chosen.output)).map(({ name }) =>
    relative(from, name),
  );
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await copyFile(join(from, name), join(folder, name));
  }
  return names.sort();
}

/** Builds the functions of this checkout into a folder beside the packages that are installed already: all that discovery needs, without a network. */
export async function layOutHere(folder: string): Promise<void> {
  await mkdir(join(folder, "lib"), { recursive: true });
  await copyFile(
    join(root, "functions/package.json"),
    join(folder, "package.json"),
  );
  await symlink(
    join(root, "node_modules"),
    join(folder, "node_modules"),
    "junction",
  );
  await buildFunctions(
    join(root, "functions/src/index.ts"),
    join(folder, "lib/index.cjs"),
  );
}
