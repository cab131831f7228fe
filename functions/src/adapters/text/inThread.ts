import { z } from "zod";
import { Annotations } from "../../domain/signals/annotations.ts";
import { secondMs } from "../../domain/kernel/instant.ts";
import type { Annotator, Reader } from "../../ports/reading.ts";
import { type Thread, thread } from "../threads/thread.ts";
import type { ThreadSettings } from "../threads/work.ts";

/**
 * Reading a document takes some 60 ms, and two to four seconds at the edge of all its budgets. A stage has 60 s,
 * in which the seven other documents of its instance may each use their whole limit first. Besides these 256 MB, a
 * function needs some 200 of its 512.
 */
const limits = {
  cpuMs: 6 * secondMs,
  // Of a machine that is busy with other things, and so no fault of the document.
  wallMs: 20 * secondMs,
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
 * Runs the reader and the annotator in a thread of their own, started with the first document. A document that
 * takes too much holds up no other: it ends with PermanentError ("too-costly").
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
