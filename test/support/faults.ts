import { RetryableError } from "../../functions/src/domain/errors.ts";
import type { Deps } from "../../functions/src/pipeline/ports.ts";
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

/** What touches nothing outside cannot fail there. */
const untouched: ReadonlySet<string> = new Set([
  "clock",
  "chance",
  "log",
  "redactor",
  "crmProvenance",
]);

/** Runs `work` with dependencies that fail where the plan says; the first fault planned strikes once. */
export async function withFaults<T>(
  {
    deps,
    clock,
    plan,
  }: {
    readonly deps: Deps;
    readonly clock: VirtualClock;
    readonly plan: (point: Point) => Fault | null;
  },
  work: (faulty: Deps) => Promise<T>,
): Promise<FaultyRun<T>> {
  const points: Point[] = [];
  let struck: { point: Point; fault: Fault } | null = null;
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
    else setImmediate(() => clock.toNextTimeout() || kill());
    await new Promise(() => undefined);
  };

  const wrap = <T extends object>(path: string, target: T): T =>
    new Proxy(target, {
      get: (inner, key) => {
        const value: unknown = Reflect.get(inner, key);
        const name = path === "" ? String(key) : `${path}.${String(key)}`;
        if (untouched.has(name)) return value;
        if (typeof value === "object" && value !== null) {
          return wrap(name, value);
        }
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          const n = (counts.get(name) ?? 0) + 1;
          counts.set(name, n);
          await pass(`${name}#${n}:before`);
          const answer: unknown = await Reflect.apply(value, inner, args);
          await pass(`${name}#${n}:after`);
          return answer;
        };
      },
    });

  const result = await Promise.race([work(wrap("", deps)), killed]);
  return { result, points, struck };
}
