import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { crms } from "../../functions/src/adapters/crms/index.ts";
import type { Setting } from "../../functions/src/adapters/definition.ts";
import { root } from "../places.ts";
import type { Discovered } from "./discovery.ts";

/** Where firebase-tools reads the parameters of one project from. */
export function settingsFile(project: string, folder: string = root): string {
  return join(folder, "functions", `.env.${project}`);
}

/** What an operator should know of the CRMs' owners before a deploy: credentials without an owner write nobody's cards. */
export function ownerWarnings(text: string): readonly string[] {
  const env = parseEnv(text);
  const read = ({ name, default: standard }: Setting) =>
    typeof standard === "number"
      ? Number(env[name] ?? standard)
      : (env[name] ?? standard);
  return Object.values(crms).flatMap((crm) =>
    crm.check(
      Object.fromEntries(
        Object.entries(crm.settings).map(([key, one]) => [key, read(one)]),
      ),
      env[crm.tenant.name] ?? "",
    ),
  );
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

/** What is wrong with the values of a file of settings, a sentence each: those that the functions would refuse, or that name a setting that nothing reads. */
export async function settingProblems(
  file: string,
  params: Discovered["params"],
): Promise<readonly string[]> {
  const text = existsSync(file) ? await readFile(file, "utf8") : "";
  return Object.entries(parseEnv(text)).flatMap(([name, value = ""]) => {
    const param = params.find((known) => known.name === name);
    if (param === undefined) return [`${name} is no setting of the functions.`];
    if (param.type === "secret")
      return [
        `${name} is a secret: take it out, and give it in the environment or by \`gcloud secrets versions add\`.`,
      ];
    const allowed = param.input?.select?.options.map((option) => option.value);
    if (value !== "" && allowed && !allowed.includes(value))
      return [
        `${name} must be ${allowed.join(" or ")}, and is ${JSON.stringify(value)}.`,
      ];
    if (param.type === "int" && !/^[1-9]\d{0,8}$/.test(value))
      return [
        `${name} must be a whole number from 1, and is ${JSON.stringify(value)}.`,
      ];
    return [];
  });
}
