import { AsyncLocalStorage } from "node:async_hooks";
import type { ApiDeps } from "../../functions/src/api/index.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import type { VirtualClock } from "./virtualClock.ts";

/** `cut`: the call took effect, and its answer was lost. `kill`: the process dies there. `timeout`: no answer ever comes. */
export type Fault = "throw" | "cut" | "kill" | "timeout";

/** A named point of a run: `store.commit#2:after` is behind the effect of the second commit and before its record. */
export type Point = `${string}#${number}:${"before" | "after"}`;

export interface FaultyRun<T> {
  readonly result: T | "killed";
  /** Every point that the run passed, in order. */
  readonly points: readonly Point[];
  /** The fault that struck, where one did. */
  readonly struck: { readonly point: Point; readonly fault: Fault } | null;
}

/** Whether each dependency can fail. One that is added must say so here; what touches nothing outside cannot. */
const canFail = {
  store: true,
  recent: true,
  doorbell: true,
  connectors: true,
  reader: true,
  annotator: true,
  classifier: true,
  embedder: true,
  vectors: true,
  writer: true,
  fallbackWriter: true,
  crms: true,
  pacer: true,
  identity: true,
  people: true,
  printer: true,
  clock: false,
  chance: false,
  log: false,
  redactor: false,
  crmProvenance: false,
  crmOwners: false,
  settings: false,
  unreadable: false,
} as const satisfies Readonly<Record<keyof ApiDeps, boolean>>;

const untouched: ReadonlySet<string> = new Set(
  Object.entries(canFail).flatMap(([name, fails]) => (fails ? [] : [name])),
);

/** How the run that is on passes one of its calls to the outside. */
type Call = (name: string, work: () => unknown) => Promise<unknown>;
const running = new AsyncLocalStorage<Call>();

/**
 * A port that sits inside an adapter, where a run's own dependencies do not reach it: its calls pass
 * the points of whichever run they are made in, under this name.
 */
export function faultable<T extends object>(name: string, port: T): T {
  return wrapped(name, port, (called, work) =>
    (running.getStore() ?? ((_name, plainly) => plainly()))(called, work),
  );
}

/** The target with each of its methods, however deep, called through `call`. */
function wrapped<T extends object>(
  path: string,
  target: T,
  call: (name: string, work: () => unknown) => unknown,
): T {
  return new Proxy(target, {
    get: (inner, key) => {
      const value: unknown = Reflect.get(inner, key);
      const name = path === "" ? String(key) : `${path}.${String(key)}`;
      if (untouched.has(name)) return value;
      if (typeof value === "object" && value !== null)
        return wrapped(name, value, call);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        call(name, () => Reflect.apply(value, inner, args));
    },
  });
}

/** Runs `work` with dependencies that fail where the plan says; the first fault planned strikes once. */
export async function withFaults<T, D extends Deps = Deps>(
  {
    deps,
    clock,
    plan,
  }: {
    readonly deps: D;
    readonly clock: VirtualClock;
    readonly plan: (point: Point) => Fault | null;
  },
  work: (faulty: D) => Promise<T>,
): Promise<FaultyRun<T>> {
  const points: Point[] = [];
  let struck: { point: Point; fault: Fault } | null = null;
  let isOver = false;
  let kill: () => void = () => undefined;
  const killed = new Promise<"killed">(
    (resolve) => (kill = () => (clock.forget(), resolve("killed"))),
  );
  const counts = new Map<string, number>();

  const pass = async (point: Point): Promise<void> => {
    points.push(point);
    const fault = struck === null ? plan(point) : null;
    if (fault === null) return;
    struck = { point, fault };
    if (fault === "throw" || fault === "cut")
      throw new RetryableError("unknown", `${fault} at ${point}`);
    if (fault === "timeout" && point.startsWith("store.")) {
      // The store gives up by itself, whatever the client library would still try.
      clock.advance(25_000);
      throw new RetryableError("store-busy", `no answer at ${point}`);
    }
    // A stage that waits for an answer ends with its time; behind it, the platform ends the process.
    if (fault === "kill" || point.startsWith("doorbell.")) kill();
    else void untilOver();
    await new Promise(() => undefined);
  };

  /** Moves on from one time-out to the next, each of which may lead to another, until the run is over or dead. */
  const untilOver = async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (isOver) return;
      if (!clock.toNextTimeout()) return kill();
    }
  };

  const call: Call = async (name, callPort) => {
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    await pass(`${name}#${n}:before`);
    const answer = await callPort();
    await pass(`${name}#${n}:after`);
    return answer;
  };

  const result = await Promise.race([
    running.run(call, () => work(wrapped("", deps, call))),
    killed,
  ]);
  isOver = true;
  return { result, points, struck };
}
