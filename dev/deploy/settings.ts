import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { root } from "../places.ts";
import type { Discovered } from "./discovery.ts";

/** Where firebase-tools reads the parameters of one project from. */
export function settingsFile(project: string, folder: string = root): string {
  return join(folder, "functions", `.env.${project}`);
}

/**
 * Adds to a file of settings what it lacks, each at its default, and returns the names. A deploy that may ask
 * nothing wants every parameter there, also those with a default. What an operator set stays as it is.
 */
export async function completeSettings(
  file: string,
  params: Discovered["params"],
): Promise<readonly string[]> {
  const text = existsSync(file) ? await readFile(file, "utf8") : "";
  const present = parseEnv(text);
  const missing = params.filter(
    ({ type, name }) => type !== "secret" && !(name in present),
  );
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  const lines = missing.map(
    ({ name, default: value }) => `${name}=${String(value ?? "")}\n`,
  );
  if (missing.length > 0) await appendFile(file, gap + lines.join(""));
  return missing.map(({ name }) => name);
}
