import { expect, test } from "vitest";
import { lostPublish } from "../reliability/lostPublish.ts";

test(
  "R3: with half of all publishes lost, nothing is stuck after two sweeps, and 95 % of the work starts within a minute",
  { timeout: 300_000 },
  async () => {
    const came = await lostPublish({ seed: 3, signals: 100 });
    console.log(came.told);
    expect(came.failures).toEqual([]);
  },
);
