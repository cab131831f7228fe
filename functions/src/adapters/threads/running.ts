import type { Worker } from "node:worker_threads";
import { z } from "zod";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { Answer } from "./serve.ts";
import type { ThreadSettings, Work } from "./work.ts";

/** The result of a piece of work, and whether its thread is still alive. */
type Outcome = { readonly isAlive: boolean } & (
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly error: Error }
);

interface RunningWork {
  readonly work: Work;
  readonly abortSignal: AbortSignal;
  readonly settings: ThreadSettings;
}

/** How often the CPU time and the memory of the process are measured while a thread works. */
const measureEveryMs = 50;

/** Runs a piece of work in a thread, and ends the thread where it exceeds its limits. */
export async function runWork(
  worker: Worker,
  { work, abortSignal, settings }: RunningWork,
): Promise<Outcome> {
  const { task, input, name } = work;
  const { cpuMs, wallMs, heapMb, growthMb } = settings;
  const memoryBefore = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const heard = new AbortController();
  const outcome = await new Promise<Outcome>((resolve) => {
    const end = (error: Error) => resolve({ isAlive: false, ok: false, error });
    const measure = () => {
      const { user, system } = process.cpuUsage(cpuBefore);
      if (user + system > cpuMs * 1000)
        end(tooCostlyError(`${name} took more than ${cpuMs} ms of CPU time`));
      if (process.memoryUsage.rss() - memoryBefore > growthMb * 1_000_000)
        end(tooCostlyError(`${name} took more than ${growthMb} MB`));
    };
    const stop = () =>
      end(new RetryableError("timed-out", `${name} was not done in its time`));
    const timers = [
      setTimeout(stop, wallMs),
      setInterval(measure, measureEveryMs),
    ];
    heard.signal.addEventListener("abort", () => timers.forEach(clearTimeout));
    abortSignal.addEventListener("abort", stop, { signal: heard.signal });
    listen(worker, heard.signal, {
      message: (message) => resolve(toOutcome(message)),
      error: (cause) => end(toThreadError(cause, { name, heapMb })),
      exit: () => end(crashedError(name)),
    });
    worker.postMessage({ task, input });
  });
  heard.abort();
  // Do not make the caller wait for its end.
  if (!outcome.isAlive) void worker.terminate();
  return outcome;
}

/** Whether the thread ended by itself, not because its work exceeded a limit. */
export function hasCrashed(outcome: Outcome): boolean {
  return (
    !outcome.ok &&
    outcome.error instanceof PermanentError &&
    outcome.error.code === "crashed"
  );
}

/** Listens to a thread until the signal fires. Removes each listener by name, since a worker also listens to itself. */
export function listen(
  worker: Worker,
  until: AbortSignal,
  listeners: Readonly<Record<string, (said: unknown) => void>>,
): void {
  for (const [event, listener] of Object.entries(listeners)) {
    worker.on(event, listener);
    until.addEventListener("abort", () => worker.off(event, listener));
  }
}

function toOutcome(message: unknown): Outcome {
  const read = Answer.safeParse(message);
  if (!read.success) {
    const said = z.prettifyError(read.error);
    return { isAlive: true, ok: false, error: new Error(said) };
  }
  if (read.data.ok)
    return { isAlive: true, ok: true, answer: read.data.answer };
  const { code, message: why } = read.data;
  return { isAlive: true, ok: false, error: new PermanentError(code, why) };
}

/** Recognises the code of Node.js for a thread that outgrew its heap. */
function toThreadError(
  cause: unknown,
  { name, heapMb }: { readonly name: string; readonly heapMb: number },
): PermanentError {
  const isTooLarge =
    cause instanceof Error &&
    "code" in cause &&
    cause.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isTooLarge
    ? tooCostlyError(`${name} took more than ${heapMb} MB`)
    : crashedError(name, cause);
}

function tooCostlyError(message: string): PermanentError {
  return new PermanentError("too-costly", message);
}

function crashedError(name: string, cause?: unknown): PermanentError {
  return new PermanentError(
    "crashed",
    `${name} crashed the thread that read it`,
    {
      cause,
    },
  );
}
