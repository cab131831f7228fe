import { describe, expect, it } from "vitest";
import { crashPoints } from "../reliability/crashPoints.ts";
import { journeys } from "../reliability/journeys/index.ts";

describe("R2: a run that ends at any named point", () => {
  it.each(journeys.map(({ name }) => name))(
    "recovers without a person, to the documents of the run without faults: %s",
    { timeout: 900_000 },
    async (journey) => {
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
