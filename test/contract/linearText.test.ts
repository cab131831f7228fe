import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseHtml } from "../../functions/src/adapters/text/html.ts";
import {
  LeaseLostError,
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/errors.ts";
import { costlyTexts } from "../support/linearTime.ts";
import { exportedFunctions } from "../support/typedArguments.ts";

const source = resolve(import.meta.dirname, "../../functions/src");

/** Every file of these folders is swept, and every function that it exports. */
const folders = ["domain", "adapters/text"];
const files = folders.flatMap((folder) =>
  readdirSync(join(source, folder))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`),
);

/** Functions that no text of this length reaches, each with the reason. */
const excluded: Readonly<Record<string, string>> = {};

const swept = exportedFunctions(files).filter(
  ({ file, name, takesText }) =>
    takesText && excluded[`${file} ${name}`] === undefined,
);

test.each(swept)(
  "$file: $name takes time linear in its text",
  { timeout: 600_000 },
  async ({ file, name, takesPage, prepare }) => {
    const t0 = process.cpuUsage();
    const module: Readonly<Record<string, unknown>> = await import(
      join(source, file)
    );
    const costly = await costlyTexts(async (text) => {
      const page = takesPage ? await parseHtml(text) : null;
      const run = await prepare(module, { text, page });
      return async () => {
        try {
          await run();
        } catch (error) {
          if (!isDeclared(error)) throw error;
        }
      };
    });
    const u = process.cpuUsage(t0);
    console.log(
      `COST ${Math.round((u.user + u.system) / 1000)} ${file} ${name} ${JSON.stringify(costly)}`,
    );
    expect(costly).toEqual([]);
  },
);

function isDeclared(error: unknown): boolean {
  return [PermanentError, RetryableError, LeaseLostError, z.ZodError].some(
    (declared) => error instanceof declared,
  );
}
