import { Worker } from "node:worker_threads";
import { RetryableError } from "../../domain/kernel/errors.ts";
import { secondMs } from "../../domain/kernel/instant.ts";
import { hasCrashed, listen, outcomeOf } from "./running.ts";

/** What a thread runs, and how much one piece of its work may take. */
export interface ThreadSettings {
  /** The file of its code, which calls `serve`. */
  readonly entry: string;
  /** From when the thread takes a piece of work up. */
  readonly limitMs: number;
  /** Of its JavaScript heap. */
  readonly heapMb: number;
  /** By which the whole process may grow meanwhile: what lies outside of the heap, such as a PDF's inflated streams, is not counted there. */
  readonly growthMb: number;
  /** More is not taken on. */
  readonly mostWaiting: number;
}

/** One piece of work, by the name under which the thread serves it. */
export interface Work {
  readonly task: string;
  /** Goes over as a structured clone. */
  readonly input: unknown;
  /** What errors call it. */
  readonly name: string;
}

/** Code that others do not wait for, and that can be ended. */
export interface Thread {
  /**
   * What the thread answers, one piece of work after the other, in their order. Work that takes more than its limit
   * of time or memory ends with its thread, as a PermanentError ("too-costly", or "crashed" where the thread ended by
   * itself), and what waits goes on in a fresh one. RetryableError ("timed-out") where the signal fires or too much waits.
   */
  readonly run: (work: Work, signal: AbortSignal) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** One that has not begun to serve by then never will. */
const startMs = 30 * secondMs;

interface Job {
  readonly work: Work;
  readonly signal: AbortSignal;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that is started with its first piece of work, kept for the next, and replaced where it had to be ended. */
export function thread(settings: ThreadSettings): Thread {
  const waiting: Job[] = [];
  let worker: Worker | null = null;
  let isBusy = false;

  async function start(): Promise<Worker> {
    const fresh = await started(settings);
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
      if (job.signal.aborted) return;
      worker.ref();
      const outcome = await outcomeOf(worker, { ...job, settings });
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

  function enqueue(work: Work, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        const at = waiting.indexOf(job);
        if (at !== -1) waiting.splice(at, 1);
        reject(timedOut(work));
      };
      const ended = () => signal.removeEventListener("abort", giveUp);
      const job: Job = {
        work,
        signal,
        resolve: (answer) => (ended(), resolve(answer)),
        reject: (error) => (ended(), reject(error)),
      };
      signal.addEventListener("abort", giveUp, { once: true });
      waiting.push(job);
      void workOff();
    });
  }

  return {
    run: async (work, signal) => {
      if (signal.aborted) throw timedOut(work);
      if (waiting.length < settings.mostWaiting) return enqueue(work, signal);
      throw new RetryableError(
        "timed-out",
        `${work.name} was not taken up: ${waiting.length} others wait before it`,
      );
    },
    close: async () => {
      await worker?.terminate();
      worker = null;
    },
  };
}

/** A worker that serves. */
async function started(settings: ThreadSettings): Promise<Worker> {
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

function timedOut({ name }: Work): RetryableError {
  return new RetryableError(
    "timed-out",
    `${name} was not done within its time`,
  );
}
