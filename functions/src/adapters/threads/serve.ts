import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { PermanentError } from "../../domain/kernel/errors.ts";

/** A thread's answer. Errors lose their class when cloned, so only what is stored of them is sent. */
export const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), answer: z.unknown() }),
  z.object({
    ok: z.literal(false),
    code: z.enum(["bad-answer", "too-large"]),
    message: z.string(),
  }),
]);
type Answer = z.infer<typeof Answer>;

const AskedWork = z.object({ task: z.string(), input: z.unknown() });

type Task = (input: unknown) => Promise<unknown>;

/** Serves tasks by name to the thread that started this one; called from the thread's own file. */
export function serve(tasks: Readonly<Record<string, Task>>): void {
  const port = parentPort;
  if (port === null) throw new Error("This file runs only in a thread.");
  port.on("message", (message) => {
    void doWork(message, tasks).then((answer) => port.postMessage(answer));
  });
  port.postMessage("ready");
}

async function doWork(
  message: unknown,
  tasks: Readonly<Record<string, Task>>,
): Promise<Answer> {
  try {
    const { task, input } = AskedWork.parse(message);
    const work = tasks[task];
    if (work === undefined) throw new Error(`There is no task ${task}.`);
    return { ok: true, answer: await work(input) };
  } catch (error) {
    const isTooLarge =
      error instanceof PermanentError && error.code === "too-large";
    return {
      ok: false,
      // Reading is computing: what fails once fails every time.
      code: isTooLarge ? "too-large" : "bad-answer",
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
