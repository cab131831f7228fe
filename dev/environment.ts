import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { root } from "./places.ts";

/** The settings of `.env`, where there is one, under those of the process; what is set to nothing counts as unset. */
export async function readEnvironment(): Promise<NodeJS.ProcessEnv> {
  const file = join(root, ".env");
  const text = existsSync(file) ? await readFile(file, "utf8") : "";
  const merged = { ...parseEnv(text), ...process.env };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== ""),
  );
}
