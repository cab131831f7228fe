import { describe, expect, it } from "vitest";
import { crashPoints } from "../reliability/crashPoints.ts";

/** Tests that a journey whose runs end at any named point ends as it does without faults. */
export function testCrashPoints(journey: string): void {
  describe("R2: a run that ends at any named point", () => {
    it(
      `recovers without a person, to the documents of the run without faults: ${journey}`,
      { timeout: 900_000 },
      async () => {
        const came = await crashPoints({
          journey,
          // Every mode at every point is what `npm run test:chaos` plays.
          modes: "one",
          part: [0, 1],
          only: process.env["R2_ONLY"] ?? "",
          width: 4,
        });
        console.log(came.told);
        expect(came.failures).toEqual([]);
      },
    );
  });
}
