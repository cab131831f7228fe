import { parseArgs } from "node:util";
import { z } from "zod";
import { journeys } from "../../test/reliability/journeys/index.ts";

const OfSeed = { seed: z.int(), signals: z.int().positive() };

/** A part of the chaos that one process plays on its own. */
export const Part = z.discriminatedUnion("property", [
  z.object({ property: z.literal("r1"), ...OfSeed }),
  z.object({
    property: z.literal("r2"),
    journey: z.string(),
    modes: z.enum(["each", "one"]),
    part: z.tuple([z.int(), z.int()]),
    only: z.string(),
    width: z.int().positive(),
  }),
  z.object({ property: z.literal("r3"), ...OfSeed }),
  z.object({ property: z.literal("r4"), ...OfSeed }),
  z.object({ property: z.literal("r5"), seed: z.int() }),
  z.object({ property: z.literal("r6"), activations: z.int().positive() }),
]);
export type Part = z.infer<typeof Part>;

const properties = ["r1", "r2", "r3", "r4", "r5", "r6"] as const;
type Property = (typeof properties)[number];

/** What is promised: 1,000 signals for five seeds. The others say what holds for each seed, of which a few are enough. */
const seeds = { r1: [1, 2, 3, 4, 5], r3: [1, 2, 3], r4: [1, 2], r5: [1, 2, 3] };
const signals = { r1: 1_000, r3: 100, r4: 200 } as const;
const activations = 1_000;
/** Each slice of a journey plays it once more, to know its points. */
const slices = 2;

const usage = `npm run test:chaos -- [--seed 17[,18]] [--signals 200] [--only "crm-write store.commit#2:after kill"] [r1 … r6] [${journeys.map(({ name }) => name).join(" | ")}]`;

/** The parts that a person asks for: all of them without arguments. The longest come first. Throws how it is used. */
export function parseParts(args: readonly string[]): readonly Part[] {
  const { values, positionals } = parseArguments(args);
  const names = journeys.map(({ name }) => name);
  const known: readonly string[] = [...properties, ...names];
  const unknown = positionals.filter((word) => !known.includes(word));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(", ")}: ${usage}`);
  const wanted = properties.filter((name) => positionals.includes(name));
  const ofSeed = {
    seeds: values.seed?.split(",").map(toInteger) ?? null,
    signals: values.signals === undefined ? null : toInteger(values.signals),
    journeys: names.filter((name) => positionals.includes(name)),
    only: values.only ?? "",
  };
  return (wanted.length > 0 ? wanted : properties).flatMap((property) =>
    partsIn(property, {
      ...ofSeed,
      journeys: ofSeed.journeys.length > 0 ? ofSeed.journeys : names,
    }),
  );
}

interface Wanted {
  readonly seeds: readonly number[] | null;
  readonly signals: number | null;
  readonly journeys: readonly string[];
  readonly only: string;
}

function partsIn(property: Property, wanted: Wanted): readonly Part[] {
  if (property === "r6")
    return [{ property, activations: wanted.signals ?? activations }];
  if (property === "r2") {
    const parts = wanted.only === "" ? slices : 1;
    return wanted.journeys.flatMap((journey) =>
      Array.from({ length: parts }, (_, i) => ({
        property,
        journey,
        modes: "each" as const,
        part: [i, parts] as [number, number],
        only: wanted.only,
        width: 2,
      })),
    );
  }
  return (wanted.seeds ?? seeds[property]).map((seed) =>
    property === "r5"
      ? { property, seed }
      : { property, seed, signals: wanted.signals ?? signals[property] },
  );
}

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seed: { type: "string" },
        signals: { type: "string" },
        only: { type: "string" },
      },
    });
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : ""} ${usage}`, {
      cause,
    });
  }
}

function toInteger(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`"${text}" is not a number from 1: ${usage}`);
  return number;
}

/** A part in a few words. */
export function toTitle(part: Part): string {
  const { property } = part;
  if (property === "r2")
    return `r2 ${part.journey} ${part.part[0] + 1}/${part.part[1]}`;
  if (property === "r5") return `r5 seed ${part.seed}`;
  if (property === "r6") return `r6 ${part.activations} activations`;
  return `${property} seed ${part.seed}, ${part.signals} signals`;
}
