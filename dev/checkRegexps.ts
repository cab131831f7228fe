import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.ts";
import { expressionsIn } from "./regexps/expressions.ts";
import { faultsIn } from "./regexps/faults.ts";
import { madeByModules } from "./regexps/made.ts";

/** What reads text of others: all of these folders. What runs on developers' machines alone is not among it. */
const folders = ["functions/src", "web/src"];

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
);
const codes = files.map((file) => ({
  file,
  code: readFileSync(join(root, file), "utf8"),
}));
const makers = codes
  .filter(({ file, code }) =>
    expressionsIn(file, code).some(({ literal }) => literal === null),
  )
  .map(({ file }) => join(root, file));
const made = await madeByModules(makers);
const faults = codes.flatMap(({ file, code }) => faultsIn(file, code, made));
for (const fault of faults) console.error(fault);
console.log(`${files.length} files, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
