import { z } from "zod";
import { Annotations } from "../../domain/signals/annotations.ts";
import { secondMs } from "../../domain/kernel/instant.ts";
import type { Annotator, Reader } from "../../ports/reading.ts";
import { type Thread, thread } from "../threads/thread.ts";
import type { ThreadSettings } from "../threads/work.ts";

/**
 * A document takes some 60 ms to be read, one at the edge of all of its budgets two to four seconds. A stage has 60 s, in
 * which the seven others that an instance works on can have their whole time before this one. Beside 256 MB, the functions need some 200 of 512.
 */
const limits = {
  limitMs: 6 * secondMs,
  heapMb: 256,
  growthMb: 300,
  mostWaiting: 50,
};

const ReadDocument = z.object({
  title: z.string().nullable(),
  text: z.string(),
  language: z.string(),
  author: z.string().nullable(),
  publishedAt: z.date().nullable(),
  canonicalUrl: z.string().nullable(),
  sections: z.array(
    z.object({ title: z.string(), start: z.number(), end: z.number() }),
  ),
});

type Settings = Pick<ThreadSettings, "entry"> & Partial<ThreadSettings>;

/**
 * The reader and the annotator in one thread of their own, which is started with the first document: whatever a document
 * makes of those who read it, others are not held up, and a PermanentError ("too-costly") ends it.
 */
export function inThread(settings: Settings): {
  readonly reader: Reader;
  readonly annotator: Annotator;
  readonly close: Thread["close"];
} {
  const { run, close } = thread({ ...limits, ...settings });
  return {
    reader: {
      read: async (fetched, abortSignal) => {
        const work = { task: "read", input: fetched, name: fetched.url };
        return ReadDocument.parse(await run(work, abortSignal));
      },
    },
    annotator: {
      annotate: async (document, abortSignal) => {
        const input = { ...document, own: [...document.own] };
        const name = "Annotating the text";
        const answer = await run(
          { task: "annotate", input, name },
          abortSignal,
        );
        return Annotations.parse(answer);
      },
    },
    close,
  };
}
