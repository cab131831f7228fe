import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "../places.ts";

/** A program and its arguments; never a line for a shell. */
export type Command = readonly [string, ...string[]];

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

interface Options {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads; it is never shown. */
  readonly input?: string;
}

/** Runs a command to its end. A program that is not there ends with 127, as in a shell. */
export function run(
  [program, ...args]: Command,
  { cwd = root, env = process.env, input = "" }: Options = {},
): Promise<Ended> {
  // The repository's own firebase-tools, where no other stands before it.
  const path = [env["PATH"], join(root, "node_modules/.bin")].join(delimiter);
  const child = spawn(program, args, { cwd, env: { ...env, PATH: path } });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  // Who ends without reading what it is given has said so by its code.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      resolve({ code: 127, output, errors: error.message });
    });
    child.once("close", (code) => {
      resolve({ code: code ?? 1, output, errors });
    });
  });
}

/** The command as a person would type it. */
export function toShellText(command: Command): string {
  return command
    .map((word) =>
      /^[\w@%+=:,./-]+$/.test(word)
        ? word
        : `'${word.replaceAll("'", `'\\''`)}'`,
    )
    .join(" ");
}
