import { crashPoints } from "../../test/reliability/crashPoints.ts";
import { lostPublish } from "../../test/reliability/lostPublish.ts";
import { oncePerEffect } from "../../test/reliability/oncePerEffect.ts";
import { overlap } from "../../test/reliability/overlap.ts";
import { poison } from "../../test/reliability/poison.ts";
import type { Verdict } from "../../test/reliability/figures.ts";
import { activationLimits } from "./activationLimits.ts";
import { Part } from "./parts.ts";

function play(part: Part): Promise<Verdict> {
  switch (part.property) {
    case "r1":
      return oncePerEffect(part);
    case "r2":
      return crashPoints(part);
    case "r3":
      return lostPublish(part);
    case "r4":
      return poison(part);
    case "r5":
      return overlap(part);
    case "r6":
      return activationLimits(part.activations);
  }
}

process.on("message", (message) => {
  const part = Part.parse(message);
  void play(part)
    .catch((error: unknown) => ({
      figures: [],
      told: "",
      failures: [error instanceof Error ? (error.stack ?? "") : String(error)],
    }))
    .then(({ figures, told, failures }) =>
      process.send?.({ figures, told, failures }),
    );
});
// Whoever sends parts is gone.
process.on("disconnect", () => process.exit(0));
