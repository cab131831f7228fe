import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, run, toShellText } from "./command.ts";
import type { Step } from "./step.ts";

/**
 * What the installed Google Cloud CLI does not understand of a plan, a sentence each. Nothing leaves this machine:
 * without an account each command ends before it reaches the cloud, but only after it was read.
 */
export async function misunderstood(
  steps: readonly Step[],
): Promise<readonly string[]> {
  const nobody = await mkdtemp(join(tmpdir(), "clientpulse-gcloud-"));
  const env = {
    PATH: process.env["PATH"],
    HOME: nobody,
    CLOUDSDK_CONFIG: nobody,
    CLOUDSDK_CORE_CHECK_GCE_METADATA: "false",
    CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
  };
  const problems: string[] = [];
  try {
    for (const command of distinctCommands(steps)) {
      const { code, errors } = await run(command, { env });
      // 2 says that it was not understood, 1 that nobody is signed in.
      if (code !== 1)
        problems.push(`${toShellText(command)}\n${errors.trim()}`);
    }
  } finally {
    await rm(nobody, { recursive: true, force: true });
  }
  return problems;
}

/** Of the commands that differ in names alone one each. */
function distinctCommands(steps: readonly Step[]): Iterable<Command> {
  const byKind = new Map<string, Command>();
  for (const { command, unless } of steps) {
    for (const asked of unless === undefined
      ? [command]
      : [command, unless.command]) {
      const [program, ...words] = asked;
      if (program !== "gcloud") continue;
      const verbs = words.slice(0, 4).filter((word) => /^[a-z-]+$/.test(word));
      const flags = words.filter((word) => word.startsWith("--"));
      byKind.set(
        [...verbs, ...flags.map((flag) => flag.split("=")[0])].join(" "),
        asked,
      );
    }
  }
  return byKind.values();
}
