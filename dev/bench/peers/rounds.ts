import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Field, files, type Name } from "./contenders.ts";
import { Alone, Flood, Ledger, stepCount, Wide } from "./protocol.ts";
import { openWorker, type Worker } from "./worker.ts";

/** What one worker did in one round. */
export interface Round {
  readonly aloneMs: readonly number[];
  readonly stepsPerSecond: Readonly<Record<Width, number>>;
  /** Of the worker's process, at the smaller width. */
  readonly cpuMsPer1000Steps: number;
}

/** How a second worker took over from one that was killed. */
export interface Takeover {
  /** How many workflows were open, as the first one last told. */
  readonly open: number;
  /** From the kill to the last workflow's last step; null where that did not come in time. */
  readonly seconds: number | null;
  readonly doubled: number;
}

/** What one contender reached in all its rounds. */
export interface Reached {
  readonly rounds: Round[];
  readonly takeovers: Takeover[];
}

export const widths = [16, 64] as const;
export type Width = (typeof widths)[number];

/** How many workflows each question is about. */
export interface Size {
  /** Not measured: a cold worker takes several times as long as a warm one. */
  readonly warmUp: number;
  readonly alone: number;
  readonly wide: Readonly<Record<Width, number>>;
  readonly flood: number;
}

const patienceMs = 180_000;

/** A doubled step shows itself within this after the last one. */
const afterwardsMs = 3_000;

/** One contender's round, by a worker and on a database of its own, warmed up first. */
export async function playRound(
  name: Name,
  size: Size,
  { servers }: Field,
): Promise<Round> {
  const opening = { ...servers, database: toDatabase(), again: false };
  const worker = await openWorker(files[name], opening);
  try {
    await worker.ask({ kind: "alone", workflows: 5 }, Alone);
    await goWide(worker, 64, size.warmUp);
    const { ms } = await worker.ask(
      { kind: "alone", workflows: size.alone },
      Alone,
    );
    const at16 = await goWide(worker, 16, size.wide[16]);
    const at64 = await goWide(worker, 64, size.wide[64]);
    return {
      aloneMs: ms,
      stepsPerSecond: {
        16: at16.steps / at16.seconds,
        64: at64.steps / at64.seconds,
      },
      cpuMsPer1000Steps: (1_000 * at16.cpuMs) / at16.steps,
    };
  } finally {
    await worker.kill();
  }
}

async function goWide(worker: Worker, width: Width, wanted: number) {
  const workflows = Math.max(width, wanted);
  const came = await worker.ask({ kind: "wide", workflows, width }, Wide);
  return { ...came, steps: workflows * stepCount };
}

/** A worker is killed when this share of its steps is done, and another one started at once. */
export async function playTakeover(
  name: Name,
  { flood, share }: { readonly flood: number; readonly share: number },
  { servers }: Field,
): Promise<Takeover> {
  const all = flood * stepCount;
  const opening = { ...servers, database: toDatabase(), again: false };
  const first = await openWorker(files[name], opening);
  const steps = Math.max(1, Math.round(all * share));
  const { open } = await first
    .ask({ kind: "flood", workflows: flood, steps }, Flood)
    .finally(async () => first.kill());
  const killedAt = performance.now();
  const second = await openWorker(files[name], { ...opening, again: true });
  try {
    const isDone = async () =>
      (await second.ask({ kind: "ledger" }, Ledger)).applied === all;
    let isLate = false;
    while (!isLate && !(await isDone())) {
      await delay(100);
      isLate = performance.now() - killedAt > patienceMs;
    }
    const seconds = (performance.now() - killedAt) / 1_000;
    await delay(afterwardsMs);
    const { doubled } = await second.ask({ kind: "ledger" }, Ledger);
    return { open, seconds: isLate ? null : seconds, doubled };
  } finally {
    await second.kill();
  }
}

/** The name of a new database, which is a project of the emulator or a database of PostgreSQL. */
function toDatabase(): string {
  return `demo-bench-${randomUUID().slice(0, 8)}`;
}
