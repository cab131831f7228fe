import { linesOf } from "../support/dump.ts";
import type { Fault, Point } from "../support/faults.ts";
import {
  type Came,
  type Journey,
  journeys,
  type Strike,
} from "./journeys/index.ts";
import { commandOf, type Verdict, verdictOf } from "./figures.ts";

const modes = ["throw", "kill", "timeout"] as const;
type Mode = (typeof modes)[number];

/** Where a run ends, and how. */
interface Case {
  readonly process: string;
  readonly point: Point;
  readonly mode: Mode;
}

/** Which cases of a journey to play: `each` every mode at every point, `one` the modes in turn, and of those one slice. */
export interface Slice {
  readonly journey: string;
  readonly modes: "each" | "one";
  /** `[i, n]`: the i-th of n parts, from 0. */
  readonly part: readonly [number, number];
  /** Only cases whose line contains this. */
  readonly only: string;
  /** How many are played at the same time. */
  readonly width: number;
}

/** R2: a journey is played once for each named point and mode, with the run ended there; it must come to what it comes to without faults. */
export async function crashPoints(
  slice: Slice,
): Promise<Verdict & { readonly points: readonly string[] }> {
  const journey = journeys.find(({ name }) => name === slice.journey);
  if (journey === undefined)
    throw new Error(`There is no journey "${slice.journey}".`);
  const passed = new Map<string, Omit<Case, "mode">>();
  const expected = await journey.play((process, point) => {
    if (journey.own.includes(process))
      passed.set(`${process} ${point}`, { process, point });
    return null;
  });
  const cases = casesOf([...passed.values()], slice);
  const failures: string[] = [];
  await inParallel(slice.width, cases, async (one) => {
    const differences = await differencesOf(journey, expected, one);
    if (differences.length === 0) return;
    const command = commandOf("--only", lineOf(one), "r2", journey.name);
    failures.push([`${command}   # differs:`, ...differences].join("\n  "));
  });
  const told = `R2 ${journey.name} ${slice.part[0] + 1}/${slice.part[1]}: ${passed.size} points in all, ${cases.length} runs, ${failures.length} differ from the one without faults (${expected.documents.length} documents)`;
  const figure = {
    what: `R2 ${journey.name}: runs that end otherwise`,
    reached: failures.length,
    promised: ["=", 0],
  } as const;
  return {
    ...verdictOf([figure], told, ""),
    failures,
    points: [...passed.keys()],
  };
}

function casesOf(
  places: readonly Omit<Case, "mode">[],
  { modes: wanted, part: [index, parts], only }: Slice,
): readonly Case[] {
  return places
    .flatMap((place, i) =>
      modes
        .filter((_, m) => wanted === "each" || m === i % modes.length)
        .map((mode) => ({ ...place, mode })),
    )
    .filter((one) => lineOf(one).includes(only))
    .filter((_, i) => i % parts === index);
}

function lineOf({ process, point, mode }: Case): string {
  return `${process} ${point} ${mode}`;
}

async function differencesOf(
  journey: Journey,
  expected: Came,
  { process, point, mode }: Case,
): Promise<readonly string[]> {
  // Behind an effect, an error means that the answer was lost.
  const fault: Fault =
    mode === "throw" && point.endsWith(":after") ? "cut" : mode;
  const seen = { struck: false };
  const strike: Strike = (at, passing) => {
    if (seen.struck || at !== process || passing !== point) return null;
    seen.struck = true;
    return fault;
  };
  const came = await journey.play(strike).catch(String);
  if (typeof came === "string") return [`it broke off: ${came}`];
  const [before, after] = [expected, came].map(({ documents }) =>
    linesOf(documents),
  );
  const allowed = journey.allowed?.(point) ?? {};
  return [
    ...(seen.struck ? [] : ["it never struck"]),
    ...without(before, after).map((line) => `- ${line}`),
    ...without(after, before).map((line) => `+ ${line}`),
    ...Object.entries(expected.counted).flatMap(([what, n]) => {
      const more = (came.counted[what] ?? 0) - n;
      return more === 0 || more === allowed[what]
        ? []
        : [`${what}: ${came.counted[what]} instead of ${n}`];
    }),
  ];
}

/** What is in the one list more often than in the other. */
function without(
  lines: readonly string[] = [],
  others: readonly string[] = [],
): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const n = left.get(line) ?? 0;
    left.set(line, n - 1);
    return n <= 0;
  });
}

async function inParallel<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift())
        await work(item);
    }),
  );
}
