import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  commandOf,
  type Verdict,
  verdictOf,
} from "../../test/reliability/figures.ts";
import { root } from "../places.ts";

const run = promisify(execFile);
const test = "test/emulator/crmLimits.test.ts";

/** R6, which a test plays and tells: `R6 activations=1000: {…}, 12 requests refused by 429, 700 s where the limit takes 625 s (1.12)`. */
export async function activationLimits(activations: number): Promise<Verdict> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const ran = await run(
    process.execPath,
    [vitest, "run", "--project", "emulator", test],
    {
      cwd: root,
      env: { ...process.env, R6_ACTIVATIONS: String(activations) },
      maxBuffer: 64 * 1024 * 1024,
    },
  ).catch((error: unknown) => ({ stdout: readOutput(error) }));
  const told = /R6 activations=.*/.exec(ran.stdout)?.[0] ?? "";
  const lost = /"lost":(\d+)/.exec(told)?.[1];
  const parked = /"parked":(\d+)/.exec(told)?.[1];
  const ratio = /\(([\d.]+)\)\s*$/.exec(told)?.[1];
  const toNumber = (text: string | undefined) => Number(text ?? Infinity);
  return verdictOf(
    [
      {
        what: "R6 activations dropped",
        reached: toNumber(lost) + toNumber(parked),
        promised: ["=", 0],
      },
      {
        what: "R6 time / what the limit takes",
        reached: toNumber(ratio),
        promised: ["≤", 1.3],
      },
    ],
    told === "" ? ran.stdout.slice(-2_000) : told,
    commandOf("--signals", activations, "r6"),
  );
}

function readOutput(error: unknown): string {
  return error instanceof Error && "stdout" in error
    ? String(error.stdout)
    : String(error);
}
