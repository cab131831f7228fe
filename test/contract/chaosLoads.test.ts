import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../dev/deploy/command.ts";
import { journeys } from "../reliability/journeys/index.ts";

test("the journeys load without a test runner around them, as `npm run test:chaos` plays them", async () => {
  const code =
    'const { journeys } = await import("./test/reliability/journeys/index.ts"); console.log(journeys.length);';
  const { output, errors } = await run([
    process.execPath,
    "--import=tsx",
    "--input-type=module",
    "--eval",
    code,
  ]);
  expect(errors).toBe("");
  expect(Number(output)).toBeGreaterThan(3);
});

test("each journey is played in a test file of its own", () => {
  const files = readdirSync("test/emulator/crashMidStage").toSorted();
  expect(files).toEqual(
    journeys.map(({ name }) => `${name}.test.ts`).toSorted(),
  );
});
