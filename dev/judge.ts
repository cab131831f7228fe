import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadModels } from "../functions/src/adapters/text/judgement/models.ts";
import { judgeAll, type Figures, print } from "./judge/judgeAll.ts";
import { readLabels } from "./judge/labels.ts";
import { trainModels } from "./judge/models.ts";
import { crossValidate } from "./judge/crossValidate.ts";
import { root } from "./places.ts";

const golden = join(root, "test/judgement");
const models = join(root, "functions/src/adapters/text/judgement/models.json");

const usage = `npm run judge [-- train] [-- --data <folder with events.jsonl, whose.jsonl or worth.jsonl>] [-- --json]`;

/**
 * Prints how well the product judges: with the models that ship, on the folder that is named, or, by
 * cross-validation, on the repository's own labels. `train` makes the models anew from those labels.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: "string" }, json: { type: "boolean" } },
  });
  if (positionals.some((word) => word !== "train")) {
    console.error(usage);
    return 2;
  }
  if (positionals.includes("train")) {
    const files = trainModels(readLabels(golden));
    await writeFile(models, `${JSON.stringify(files)}\n`);
    console.log(`wrote ${models}`);
    return 0;
  }
  const figures = await measure(values.data);
  console.log(values.json === true ? JSON.stringify(figures) : print(figures));
  return 0;
}

async function measure(data: string | undefined): Promise<Figures> {
  if (data === undefined) return crossValidate(readLabels(golden));
  const folder = resolve(data);
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  return judgeAll(readLabels(folder), await loadModels());
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
