import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  LeaseLostError,
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { costlyTexts } from "../support/linearTime.ts";
import { exportedFunctions } from "../support/typedArguments.ts";

const source = resolve(import.meta.dirname, "../../functions/src");

/** Every file of these folders is swept, and every function that it exports. */
const folders = ["domain", "adapters/text"];
const files = folders.flatMap((folder) =>
  readdirSync(join(source, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`),
);

/** Functions that are swept otherwise, each with the reason. */
const excluded: Readonly<Record<string, string>> = {
  "adapters/text/documents/html.ts parseHtml":
    "its callers give it no page that is nested more deeply than its parser can take",
};

const functions = exportedFunctions(files);
const swept = functions
  .filter(
    ({ file, name, takesText, takesPage }) =>
      takesText && !takesPage && excluded[`${file} ${name}`] === undefined,
  )
  // With 1 a limit ends the work at once, and with a large number a size does.
  .flatMap((one) =>
    (one.takesNumber ? [1, 1_000_000] : [1]).map((number) => ({
      ...one,
      number,
    })),
  );

test("every file is read, and what is left out is there", () => {
  const names = functions.map(({ file, name }) => `${file} ${name}`);
  expect(names).toEqual(expect.arrayContaining(Object.keys(excluded)));
  const folded = new Set(swept.map(({ file }) => dirname(file)));
  expect([...folded]).toEqual(
    expect.arrayContaining(["domain/text", "adapters/text/redaction"]),
  );
});

test("a step that is not linear is found", async () => {
  const trimmed = await costlyTexts(async (text) => {
    const end = new RegExp("\\s+$", "u");
    // Often enough to stand out in a short text already.
    return () => Array.from({ length: 5 }, () => end.test(text));
  });
  expect(trimmed).toContainEqual(expect.stringMatching(/characters of spaces/));
  const spread = costlyTexts(async (text) => {
    const letters = Array.from(text);
    return () => Math.max(...letters.map((letter) => letter.length));
  });
  await expect(spread).rejects.toThrow(RangeError);
  const linear = await costlyTexts(async (text) => () => text.trimEnd());
  expect(linear).toEqual([]);
});

test.each(swept)(
  "$file: $name takes time linear in its text, with $number for a number",
  { timeout: 300_000 },
  async ({ file, name, prepare, number }) => {
    const imported: unknown = await import(join(source, file));
    if (typeof imported !== "object" || imported === null)
      throw new Error(`${file} is no module`);
    const module = Object.fromEntries<unknown>(Object.entries(imported));
    const costly = await costlyTexts(async (text) => {
      const run = await prepare(module, { text, page: null, number });
      return async () => {
        try {
          await run();
        } catch (error) {
          // A message may hold all of the text.
          if (!isDeclared(error))
            throw new Error(String(error).slice(0, 300), {
              cause: `${file} ${name}`,
            });
        }
      };
    });
    expect(costly).toEqual([]);
  },
);

function isDeclared(error: unknown): boolean {
  return [PermanentError, RetryableError, LeaseLostError, z.ZodError].some(
    (declared) => error instanceof declared,
  );
}
