import { expect, test } from "vitest";
import { run } from "../../dev/deploy/command.ts";

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
