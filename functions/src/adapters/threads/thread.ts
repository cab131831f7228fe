import type { Work, ThreadSettings } from "./work.ts";
import { secondMs } from "../../domain/kernel/instant.ts";
import { Worker } from "node:worker_threads";
import { runWork, hasCrashed, listen } from "./running.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";

/** Code that runs beside the event loop, and can be stopped. */
export interface Thread {
  /**
   * Runs pieces of work one after the other, in order. Work that exceeds its limit of CPU time or memory ends with
   * its thread, as a PermanentError ("too-costly", or "crashed" where the thread ended by itself), and the rest
   * continues in a new one. RetryableError ("timed-out") where the signal fires, too much is waiting, or the machine
   * did not get to it within `wallMs`.
   */
  readonly run: (work: Work, abortSignal: AbortSignal) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** A thread that is not ready by then never will be. */
const startMs = 30 * secondMs;

interface Job {
  readonly work: Work;
  readonly abortSignal: AbortSignal;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that starts with its first piece of work, is kept for the next, and is replaced where it had to be ended. */
export function thread(settings: ThreadSettings): Thread {
  const waiting: Job[] = [];
  let worker: Worker | null = null;
  let isBusy = false;

  async function start(): Promise<Worker> {
    const fresh = await startWorker(settings);
    // Nobody misses a thread that ends between two pieces of work.
    fresh.once("exit", () => {
      if (worker === fresh) worker = null;
    });
    return fresh;
  }

  async function workOff(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let job = waiting.shift(); job; job = waiting.shift())
      await carryOut(job);
    isBusy = false;
    // It does not keep an idle process alive.
    worker?.unref();
  }

  async function carryOut(job: Job): Promise<void> {
    try {
      const isUsed = worker !== null;
      worker ??= await start();
      if (job.abortSignal.aborted) return;
      worker.ref();
      const outcome = await runWork(worker, { ...job, settings });
      if (!outcome.isAlive) worker = null;
      // The previous work may have left behind what ended it: try once in a new thread.
      if (isUsed && hasCrashed(outcome)) return await carryOut(job);
      if (outcome.ok) job.resolve(outcome.answer);
      else job.reject(outcome.error);
    } catch (cause) {
      const message = `${job.work.name}: no thread could be started for it`;
      job.reject(new RetryableError("unknown", message, { cause }));
    }
  }

  return {
    run: async (work, abortSignal) => {
      if (abortSignal.aborted) throw timedOutError(work);
      if (waiting.length >= settings.mostWaiting)
        throw new RetryableError(
          "timed-out",
          `${work.name} was not started: ${waiting.length} others are waiting`,
        );
      const answer = enqueue(waiting, work, abortSignal);
      void workOff();
      return answer;
    },
    close: async () => {
      await worker?.terminate();
      worker = null;
    },
  };
}

/** Queues the work; it leaves the queue when its signal fires. */
function enqueue(
  waiting: Job[],
  work: Work,
  abortSignal: AbortSignal,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      const at = waiting.indexOf(job);
      if (at !== -1) waiting.splice(at, 1);
      reject(timedOutError(work));
    };
    const end = () => abortSignal.removeEventListener("abort", giveUp);
    const job: Job = {
      work,
      abortSignal,
      resolve: (answer) => (end(), resolve(answer)),
      reject: (error) => (end(), reject(error)),
    };
    abortSignal.addEventListener("abort", giveUp, { once: true });
    waiting.push(job);
  });
}

/** Starts a worker, and waits until it serves. */
async function startWorker(settings: ThreadSettings): Promise<Worker> {
  const { entry, heapMb } = settings;
  const worker = new Worker(entry, {
    execArgv: [],
    // It needs none of the functions' settings, least of all keys.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  // An error without a listener would end the process.
  worker.on("error", () => undefined);
  const heard = new AbortController();
  const failed = await new Promise<unknown>((resolve) => {
    const timer = setTimeout(
      () => resolve(new Error("It did not start in time.")),
      startMs,
    );
    heard.signal.addEventListener("abort", () => clearTimeout(timer));
    listen(worker, heard.signal, {
      message: () => resolve(null),
      error: resolve,
      exit: (code) => resolve(new Error(`It exited with ${String(code)}.`)),
    });
  });
  heard.abort();
  if (failed === null) return worker;
  await worker.terminate();
  throw new Error(`${entry} does not start`, { cause: failed });
}

function timedOutError({ name }: Work): RetryableError {
  return new RetryableError(
    "timed-out",
    `${name} was not done within its time`,
  );
}
