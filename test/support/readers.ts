import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildFunctions } from "../../dev/build.ts";
import { cacheFolder, root } from "../../dev/places.ts";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import type { Fetched } from "../../functions/src/ports/sources.ts";
import type { ReadDocument } from "../../functions/src/ports/reading.ts";
import { never } from "./sources.ts";

type Read = (fetched: Fetched, signal: AbortSignal) => Promise<ReadDocument>;

const inProcess = reader();
let chosen: Read = (fetched) => inProcess.read(fetched);

/** Has the suites of readers, where they are imported after this, run over another one. */
export function useReader(other: { readonly read: Read }): void {
  chosen = other.read;
}

/** Reads by whichever reader the suite runs over. */
export function read(fetched: Fetched): Promise<ReadDocument> {
  return chosen(fetched, never);
}

/** The files that threads run, bundled as they are deployed, and the one that stands in for a reader that breaks. */
export interface ThreadFiles {
  readonly reading: string;
  readonly standIn: string;
  readonly remove: () => Promise<void>;
}

/** Bundles what runs in threads, below the checkout, where what stays outside of bundles is found. */
export async function buildThreads(): Promise<ThreadFiles> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, "threads-"));
  const standIn = join(folder, "standIn.cjs");
  await buildFunctions(join(root, "test/support/standInThread.ts"), standIn);
  return {
    reading: join(folder, "readingThread.cjs"),
    standIn,
    remove: () => rm(folder, { recursive: true }),
  };
}
