import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What may be thrown away at any time: launchers, staged functions, logs. */
export const cacheFolder = join(root, "node_modules", ".cache", "clientpulse");

/** The data that the emulators start with; written by `npm run seed` alone. */
export const emulatorData = join(root, "emulator-data");

/** The folder of recorded vendor responses, where there is one. */
export function recordingsDir(env: NodeJS.ProcessEnv): string | null {
  const named = env["RECORDINGS_DIR"];
  if (named !== undefined && named !== "") {
    const path = resolve(root, named);
    if (!existsSync(path))
      throw new Error(`RECORDINGS_DIR names ${path}, which is not there.`);
    return path;
  }
  const beside = resolve(root, "../shared/data");
  return existsSync(beside) ? beside : null;
}
