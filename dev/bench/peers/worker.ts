import { fork } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../places.ts";
import { peersFolder } from "./places.ts";
import { Answer, type Opening, type Question } from "./protocol.ts";

const Nothing = z.null();

/** A process that works for one contender. */
export interface Worker {
  /** The answer to a question, of which one is asked at a time; throws where the process ends before. */
  readonly ask: <T>(question: Question, as: z.ZodType<T>) => Promise<T>;
  /** Ends it with SIGKILL, and resolves once it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts a worker, and resolves at once: what it is asked first is to open. */
export function startWorker(file: string): Worker {
  const child = fork(join(peersFolder, file), {
    cwd: root,
    execArgv: ["--import", "tsx"],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  void gone.then(() => process.off("exit", kill));
  return {
    ask: async (question, as) => {
      const answered = new Promise<unknown>((resolve, reject) => {
        child.once("message", resolve);
        void gone.then(() =>
          reject(new Error(`${file} ended before it answered.`)),
        );
      });
      child.send(question);
      const { value, error } = Answer.parse(await answered);
      if (error !== null) throw new Error(`${file}: ${error}`);
      return as.parse(value);
    },
    kill: async () => {
      kill();
      await gone;
    },
  };
}

/** A worker that has opened, new or in the place of one that was killed. */
export async function openWorker(
  file: string,
  opening: Opening,
): Promise<Worker> {
  const worker = startWorker(file);
  await worker.ask({ kind: "open", opening }, Nothing);
  return worker;
}
