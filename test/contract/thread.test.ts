import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Thread,
  thread,
} from "../../functions/src/adapters/threads/thread.ts";
import type { ThreadSettings } from "../../functions/src/adapters/threads/work.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { buildThreads, type ThreadFiles } from "../support/readers.ts";
import { errorOf, never } from "../support/sources.ts";

let files: ThreadFiles;
beforeAll(async () => {
  files = await buildThreads();
});
afterAll(() => files.remove());

const open: Thread[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function aThread(settings: Partial<ThreadSettings> = {}): Thread {
  const made = thread({
    entry: files.standIn,
    cpuMs: 60_000,
    wallMs: 60_000,
    heapMb: 64,
    growthMb: 10_000,
    mostWaiting: 10,
    ...settings,
  });
  open.push(made);
  return made;
}

const work = (task: string, input: unknown = null) => ({
  task,
  input,
  name: "https://example.com/a.pdf",
});

describe("a thread", () => {
  test("that one piece of work breaks behind its answer does the next in a fresh one", async () => {
    const { run } = aThread();
    const answers = [
      run(work("breakLater", "first"), never),
      run(work("late", "second"), never),
      run(work("late", "third"), never),
    ];
    expect(await Promise.all(answers)).toEqual(["first", "second", "third"]);
  });

  test("answers in turn what it is asked, at any time", async () => {
    const { run } = aThread();
    const inputs = ["a", { at: new Date(0) }, Uint8Array.of(1), null, "e"];
    const answers = await Promise.all(
      inputs.map((input) => run(work("late", input), never)),
    );
    expect(answers).toEqual(inputs);
    expect(await run(work("echo", "again"), never)).toBe("again");
  });

  test("passes on why a document is refused, and takes every other failure for the document's", async () => {
    const { run } = aThread();
    const refused = await errorOf(run(work("refuse"), never));
    expect(refused).toBeInstanceOf(PermanentError);
    expect(refused).toMatchObject({
      code: "too-large",
      message: "It is too large.",
    });
    expect(await errorOf(run(work("fail"), never))).toMatchObject({
      name: "PermanentError",
      code: "bad-answer",
    });
  });

  test.each<[string, string, string, Partial<ThreadSettings>]>([
    ["spins for ever", "spin", "too-costly", { cpuMs: 1000 }],
    ["fills its heap", "fill", "too-costly", {}],
    [
      "fills the memory beside its heap",
      "inflate",
      "too-costly",
      { growthMb: 200 },
    ],
    ["exits", "exit", "crashed", {}],
    ["throws where nobody catches", "throw", "crashed", {}],
  ])(
    "that %s is ended, is named, and the next document is read",
    async (_how, task, code, settings) => {
      const { run } = aThread(settings);
      await run(work("echo"), never);
      const ended = errorOf(run(work(task), never));
      const next = run(work("echo", "next"), never);
      const error = await ended;
      expect(error).toBeInstanceOf(PermanentError);
      expect(error).toMatchObject({ code });
      expect(String(error)).toContain("https://example.com/a.pdf");
      expect(await next).toBe("next");
    },
  );

  test("leaves whoever started it free to go on while it spins", async () => {
    const { run } = aThread({ cpuMs: 1000 });
    const over = new AbortController();
    const ended = errorOf(run(work("spin"), never)).finally(() => {
      over.abort();
    });
    let turns = 0;
    while (!over.signal.aborted && turns < 1000) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    expect(turns).toBe(1000);
    expect(await ended).toMatchObject({ code: "too-costly" });
  });

  test("is ended where its document's time is over, and goes on with those of others", async () => {
    const { run } = aThread();
    const [first, second] = [new AbortController(), new AbortController()];
    const running = errorOf(run(work("spin"), first.signal));
    const waiting = errorOf(run(work("spin"), second.signal));
    const third = run(work("echo", "third"), never);
    second.abort();
    expect(await waiting).toMatchObject({ code: "timed-out" });
    first.abort();
    const error = await running;
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "timed-out" });
    expect(await third).toBe("third");
    const late = errorOf(run(work("echo"), first.signal));
    expect(await late).toMatchObject({ code: "timed-out" });
  });

  test("that gets no time of the machine's is ended, and its document may be tried again", async () => {
    const { run } = aThread({ cpuMs: 30_000, wallMs: 500 });
    const error = await errorOf(run(work("hang"), never));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "timed-out" });
    expect(await run(work("echo", "next"), never)).toBe("next");
  });

  test("takes on no more than so many at a time", async () => {
    const { run } = aThread({ mostWaiting: 2 });
    const taken = ["running", "waiting", "waiting too"].map((input) =>
      run(work("late", input), never),
    );
    const error = await errorOf(run(work("echo"), never));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "timed-out" });
    expect(await Promise.all(taken)).toHaveLength(3);
  });

  test("that cannot be started is a failure of ours, and to be tried again", async () => {
    const { run } = aThread({ entry: "/nowhere.cjs" });
    const error = await errorOf(run(work("echo"), never));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "unknown" });
  });
});
