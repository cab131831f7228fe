import { expect, test } from "vitest";
import { overlap } from "../reliability/overlap.ts";

test("R5: fifty executions of one message have one effect, and one whose lease ran out is refused", async () => {
  const came = await overlap({ seed: 5 });
  console.log(came.told);
  expect(came.failures).toEqual([]);
});
