import { expect, test } from "vitest";
import { poison } from "../reliability/poison.ts";

test(
  "R4: poison among a hundred is parked with its reason, holds up nobody, and completes after the fix",
  { timeout: 300_000 },
  async () => {
    const came = await poison({ seed: 4, signals: 100 });
    console.log(came.told);
    expect(came.failures).toEqual([]);
  },
);
