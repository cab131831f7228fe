import { setTimeout as after } from "node:timers/promises";
import { z } from "zod";
import { serve } from "../../functions/src/adapters/threads/serve.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";

/** Run in a thread: stands in for what a parser makes of a document that was made to break it. */
serve({
  echo: (input) => Promise.resolve(input),
  /** What a text/plain body says, unless it says that it spins. */
  read: (input) => {
    const { body } = z.object({ body: z.instanceof(Uint8Array) }).parse(input);
    const text = new TextDecoder().decode(body);
    while (text.startsWith("spin"));
    const nothing = { title: null, author: null, publishedAt: null };
    const known = { text, language: "en", canonicalUrl: null, sections: [] };
    return Promise.resolve({ ...nothing, ...known });
  },
  annotate: () =>
    Promise.resolve({ people: [], companies: [], amounts: [], dates: [] }),
  late: async (input) => (await after(50), input),
  refuse: () =>
    Promise.reject(new PermanentError("too-large", "It is too large.")),
  fail: () => Promise.reject(new RangeError("It is deep.")),
  hang: () => new Promise(() => undefined),
  spin: () => {
    for (;;);
  },
  fill: () => {
    const heap: string[] = [];
    for (let n = 0; ; n++) heap.push(`${n} is one of very many`);
  },
  inflate: () => {
    const outside: Buffer[] = [];
    for (;;) outside.push(Buffer.alloc(10_000_000, 1));
  },
  breakLater: (input) => {
    setImmediate(() => {
      throw new Error("Nobody catches this.");
    });
    return Promise.resolve(input);
  },
  exit: () => process.exit(0),
  throw: () => {
    setImmediate(() => {
      throw new Error("Nobody catches this.");
    });
    return new Promise(() => undefined);
  },
});
