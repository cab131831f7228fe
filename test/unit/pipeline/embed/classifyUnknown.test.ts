import { describe, expect, test } from "vitest";
import type { Classified } from "../../../../functions/src/domain/signals/classifying.ts";
import {
  PermanentError,
  RetryableError,
} from "../../../../functions/src/domain/kernel/errors.ts";
import { toRelevance } from "../../../../functions/src/domain/weighing/relevance.ts";
import type { Signal } from "../../../../functions/src/domain/signals/signal.ts";
import { tenantDefaults } from "../../../../functions/src/domain/tenants/tenant.ts";
import { classifyUnknown } from "../../../../functions/src/pipeline/embed/classifyUnknown.ts";
import { aSource } from "../../../support/briefs.ts";
import { aTenant, aTenantId } from "../../../support/builders.ts";

const { categoryWeights } = tenantDefaults;
const said: Classified = {
  category: "acquisition",
  themes: ["payments"],
  confidence: 0.9,
};
const ofOther: Partial<Signal> = {
  category: "other",
  themes: ["cloud"],
  relevance: toRelevance(categoryWeights, "other", 0.7),
};

const stamps = {
  schemaVersion: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const stamp = { seconds: 1, nanoseconds: 0 };

/** What becomes of a signal, and how often what was asked. */
async function run({
  facts = ofOther,
  answer = () => said,
  attempts = 0,
  configured = true,
}: {
  readonly facts?: Partial<Signal>;
  readonly answer?: () => Classified;
  readonly attempts?: number;
  readonly configured?: boolean;
} = {}) {
  const calls: string[] = [];
  const place = await classifyUnknown(
    {
      tenantId: aTenantId("acme"),
      message: { attempts, traceId: "trace" },
      abortSignal: new AbortController().signal,
      takeLease: async () => void calls.push("leased"),
    },
    {
      signal: { id: "s1", data: aSource("What happened.", facts).data },
      text: "What happened.",
    },
    {
      recent: {
        // The tenant is all that is read.
        read: async (ref) => {
          calls.push("read");
          const data = ref.schema.parse({ ...aTenant(), ...stamps });
          return { ref, id: "acme", data, stamp };
        },
      },
      classifier: configured
        ? { classify: async () => (calls.push("asked"), answer()) }
        : null,
      log: { write: (severity) => void calls.push(severity) },
    },
  );
  return { place, calls };
}

const fails = (error: Error) => () => {
  throw error;
};
const busy = new RetryableError("vendor-busy", "busy");

describe("a signal that the rules could not place", () => {
  test("is what the model says, with the relevance of that", async () => {
    const { place, calls } = await run();
    expect(place).toEqual({
      category: "acquisition",
      themes: ["payments", "cloud"],
      relevance: toRelevance(categoryWeights, "acquisition", 0.7),
    });
    expect(calls).toEqual(["leased", "asked", "read"]);
  });

  test.each([
    { ...said, confidence: 0.5 },
    { ...said, category: "other" as const },
  ])("stays other where the model does not know", async (answer) => {
    const { place, calls } = await run({ answer: () => answer });
    expect(place).toEqual({});
    expect(calls).toEqual(["leased", "asked"]);
  });

  test("waits once for a model that is busy, then goes on without", async () => {
    await expect(run({ answer: fails(busy) })).rejects.toBe(busy);
    const { place, calls } = await run({ answer: fails(busy), attempts: 1 });
    expect(place).toEqual({});
    expect(calls).toEqual(["leased", "asked", "WARNING"]);
  });

  test("goes on at once where the model refuses", async () => {
    const refused = new PermanentError("refused-by-vendor", "no");
    const { place } = await run({ answer: fails(refused) });
    expect(place).toEqual({});
  });
});

test("a signal that the rules classified, or without a model, costs nothing", async () => {
  const byRule = await run({ facts: { ...ofOther, category: "legal" } });
  const without = await run({ configured: false });
  for (const { place, calls } of [byRule, without])
    expect([place, calls]).toEqual([{}, []]);
});
