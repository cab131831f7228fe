import { hostileKinds, hostileText, ordinaryText } from "./hostileTexts.ts";

/** Prepares a run over a text; what it takes to prepare it is not counted. */
type Prepare = (text: string) => Promise<() => unknown>;

/** As long as most texts are at most, in UTF-16 units; a quadratic step takes twenty billion of them there. */
const full = 200_000;
/** Long enough for what is quadratic to stand out. */
const least = 20_000;
/** Tried first, so that what takes minutes at full length is found out sooner. */
const trial = 6_000;
/** For all kinds of text together; slow functions are given shorter ones. */
const budgetMs = 60;
/** Below these nothing is judged: a collection of garbage or a compilation may cost as much. */
const floorMs = 300;
const trialFloorMs = 60;
/** What is linear costs a few times what ordinary text does; what is not, at these lengths, hundreds of times. */
const mostTimes = 40;
/** For four times the text: 4 where it is linear, 16 where it is quadratic. */
const mostGrowth = 8;
const attempts = 4;
const mostFaults = 3;

/**
 * The kinds of hostile text that cost more than their length, each with what it took; none where the work is linear.
 * CPU time beside that of ordinary text of the same length, in the same process, the least of four: a busy machine
 * proves nothing.
 */
export async function costlyTexts(
  prepare: Prepare,
): Promise<readonly string[]> {
  const dear = await dearOrdinaryText(prepare);
  if (dear !== null) return [dear];
  const whole = await ordinaryMs(prepare, full);
  const affordable = (full * budgetMs) / (hostileKinds.length * whole);
  const length = Math.round(Math.max(least, Math.min(full, affordable)));
  const ordinary = new Map<number, number>();
  // What is slow at its best is cut short, and needs no trial.
  for (const size of length === least ? [length] : [trial, length])
    ordinary.set(size, await ordinaryMs(prepare, size));
  const found: string[] = [];
  for (const kind of hostileKinds) {
    for (const [size, ms] of ordinary) {
      const floor = Math.min(floorMs, (trialFloorMs * size) / trial);
      const allowed = Math.max(floor, mostTimes * ms);
      const took = await excess(prepare, hostileText(kind, size), allowed);
      if (took === null) continue;
      const quarter = hostileText(kind, Math.round(size / 4));
      const less = await fewestMs(prepare, quarter, 0);
      // Dear, but four times the text takes four times as long.
      if (took < mostGrowth * less) continue;
      found.push(
        `${size} characters of ${kind}: ${took.toFixed(0)} ms, ordinary text ${ms.toFixed(1)} ms`,
      );
      break;
    }
    if (found.length === mostFaults) return [...found, "…"];
  }
  return found;
}

/** What four times as much ordinary text costs, where that is too much in every attempt. */
async function dearOrdinaryText(prepare: Prepare): Promise<string | null> {
  let found: string | null = null;
  for (let i = 0; i < attempts; i++) {
    const short = await ordinaryMs(prepare, trial);
    const long = await ordinaryMs(prepare, 4 * trial);
    if (long <= Math.max(trialFloorMs, 10 * short)) return null;
    found = `ordinary text: ${trial} characters ${short.toFixed(1)} ms, four times as many ${long.toFixed(1)} ms`;
  }
  return found;
}

async function ordinaryMs(prepare: Prepare, length: number): Promise<number> {
  const text = ordinaryText(length);
  const first = await cpuMs(prepare, text);
  return Math.min(first, await cpuMs(prepare, text));
}

/** What it takes, where that is more than allowed in every attempt. */
async function excess(
  prepare: Prepare,
  text: string,
  allowed: number,
): Promise<number | null> {
  const fewest = await fewestMs(prepare, text, allowed);
  return fewest <= allowed ? null : fewest;
}

/** The least of some attempts, or the first that is as little as is enough. */
async function fewestMs(
  prepare: Prepare,
  text: string,
  enough: number,
): Promise<number> {
  let fewest = Infinity;
  for (let i = 0; i < attempts && fewest > enough; i++)
    fewest = Math.min(fewest, await cpuMs(prepare, text));
  return fewest;
}

async function cpuMs(prepare: Prepare, text: string): Promise<number> {
  const run = await prepare(text);
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
