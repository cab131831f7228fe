import { describe, expect, it } from "vitest";
import { parseParts } from "../../dev/chaos/parts.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import { oncePerEffect } from "../reliability/oncePerEffect.ts";

describe("R1: every signal has exactly one effect", () => {
  it.each([1, 2])(
    "through crashes, duplicates, disorder, cut connections and a replay, seed %i",
    { timeout: 600_000 },
    async (seed) => {
      const came = await oncePerEffect({ seed, signals: 40 });
      console.log(came.told);
      expect(came.failures).toEqual([]);
    },
  );

  it(
    "and where one has two, the line that says so plays it once more, delivery by delivery",
    { timeout: 600_000 },
    async () => {
      const first = await oncePerEffect({
        seed: 17,
        signals: 24,
        spoil: forgetful,
        keep: true,
      });
      const [failure = ""] = first.failures;
      expect(failure).toContain("R1 CRM records twice");
      const [command = ""] = failure.split("   # ");
      const args = command.replace("npm run test:chaos -- ", "").split(" ");
      const [part, ...others] = parseParts(args);
      expect(others).toEqual([]);
      if (part?.property !== "r1") throw new Error(`${command} plays no R1.`);

      const again = await oncePerEffect({
        ...part,
        spoil: forgetful,
        keep: true,
      });
      expect(again.failures).toEqual(first.failures);
      expect(again.trail).toEqual(first.trail);
      expect(again.documents).toEqual(first.documents);
      const another = await oncePerEffect({ ...part, seed: 18, keep: true });
      expect(another.failures).toEqual([]);
      expect(another.trail).not.toEqual(first.trail);
    },
  );
});

/** A CRM to which each try is another task. */
function forgetful({ crms }: Deps): Partial<Deps> {
  let tries = 0;
  const { salesforce } = crms;
  return {
    crms: {
      ...crms,
      salesforce: {
        ...salesforce,
        upsertTask: (task, signal) => {
          const externalId = `${task.externalId}-${tries++}`;
          return salesforce.upsertTask({ ...task, externalId }, signal);
        },
      },
    },
  };
}
