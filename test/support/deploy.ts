import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discover, type Discovered } from "../../dev/deploy/discovery.ts";
import { layOutHere } from "../../dev/deploy/layOut.ts";

/** A folder of its own, and how to be rid of it. */
export async function aFolder(): Promise<{
  readonly path: string;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "clientpulse-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** What a deploy of this checkout would find, under this Node. */
export async function whatIsFound(): Promise<Discovered> {
  const folder = await aFolder();
  try {
    await layOutHere(folder.path);
    return await discover(folder.path);
  } finally {
    await folder.remove();
  }
}
