import type { Work, ThreadSettings } from "./work.ts";
import { secondMs } from "../../domain/kernel/instant.ts";
import { Worker } from "node:worker_threads";
import { runWork, hasCrashed, listen } from "./running.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";

/** Code that others do not wait for, and that can be ended. */
export interface Thread {
  /**
   * What the thread answers, one piece of work after the other, in their order. Work that takes more than its limit
   * of time or memory ends with its thread, as a PermanentError ("too-costly", or "crashed" where the thread ended by
   * itself), and what waits goes on in a fresh one. RetryableError ("timed-out") where the signal fires or too much waits.
   */
  readonly run: (work: Work, abortSignal: AbortSignal) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** One that has not begun to serve by then never will. */
const startMs = 30 * secondMs;

interface Job {
  readonly work: Work;
  readonly abortSignal: AbortSignal;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that is started with its first piece of work, kept for the next, and replaced where it had to be ended. */
export function thread(settings: ThreadSettings): Thread {
  const waiting: Job[] = [];
  let worker: Worker | null = null;
  let isBusy = false;

  async function start(): Promise<Worker> {
    const fresh = await startWorker(settings);
    // One that ends between two pieces of work is missed by nobody.
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
    // It keeps no process alive that has nothing else to do.
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
      // What the work before left behind may have ended it: in a fresh thread this one has only itself to blame.
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
          `${work.name} was not taken up: ${waiting.length} others wait before it`,
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

/** Has the work wait for its turn; it leaves the queue when its signal fires. */
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

/** A worker that serves. */
async function startWorker(settings: ThreadSettings): Promise<Worker> {
  const { entry, heapMb } = settings;
  const worker = new Worker(entry, {
    execArgv: [],
    // It has no use for what the functions are told, keys least of all.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  // An error that nobody listens to any more would end the process.
  worker.on("error", () => undefined);
  const heard = new AbortController();
  const failed = await new Promise<unknown>((resolve) => {
    const timer = setTimeout(() => resolve(new Error("It is late.")), startMs);
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
