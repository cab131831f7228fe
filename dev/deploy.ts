import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildForDeploy } from "./build.ts";
import { advice, carryOut, toText } from "./deploy/carryOut.ts";
import { type Command, run, toShellText } from "./deploy/command.ts";
import { discover, type Discovered } from "./deploy/discovery.ts";
import { findProblems } from "./deploy/expected.ts";
import { layOutHere } from "./deploy/layOut.ts";
import { toPlan } from "./deploy/plan.ts";
import { prove } from "./deploy/proof.ts";
import { misunderstood } from "./deploy/understood.ts";
import {
  completeSettings,
  ownerWarnings,
  settingProblems,
  settingsFile,
} from "./deploy/settings.ts";
import { root } from "./places.ts";

const usage = `npm run deploy -- --check                  proves what would be deployed: installs it alone, loads it under the cloud's Node
npm run deploy -- --project <id>           prints every command, in order, and runs none
npm run deploy -- --project <id> --yes     runs them; what is there already is left as it is

dev/deploy/README.md says what you need, and what each account may do.`;

/** Proves, prints or carries out a deploy; returns the exit code. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      project: { type: "string" },
      yes: { type: "boolean", default: false },
    },
  });
  if (values.check) {
    await buildForDeploy();
    const say = (line: string) => console.log(line);
    const problems = await prove(say);
    return report([...problems, ...(await understoodHere(say))]);
  }
  const { project, yes } = values;
  // As Google has them: what is not one could be read as an option by the programs that are run.
  if (
    project === undefined ||
    !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)
  ) {
    console.error(usage);
    return 1;
  }
  const found = await here();
  const problems = findProblems(found);
  if (problems.length > 0) return report(problems);
  if (yes) return deploy(project, found);
  console.log(
    toText(toPlan(found, { project, projectNumber: "PROJECT_NUMBER" })),
  );
  console.log(
    `\n# Nothing was run. --yes runs it, and completes ${relative(root, settingsFile(project))} first.`,
  );
  return 0;
}

/** Whether the Google Cloud CLI of this machine, where there is one, understands the plan. */
async function understoodHere(
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { code, output } = await run(["gcloud", "version"]);
  if (code !== 0) {
    say("The Google Cloud CLI is not installed: its commands are not checked.");
    return [];
  }
  const target = { project: "demo-clientpulse", projectNumber: "1" };
  const problems = await misunderstood(toPlan(await here(), target));
  if (problems.length === 0)
    say(`${output.split("\n")[0]} understands every command of the plan.`);
  return problems;
}

async function deploy(project: string, found: Discovered): Promise<number> {
  const nobodys = found.triggers.filter(
    ({ serviceAccount }) => serviceAccount === null,
  );
  if (nobodys.length > 0)
    return report([
      `${nobodys.map(({ name }) => name).join(", ")} would run as the project's default account: name theirs in functions/src/index.ts.`,
    ]);
  const file = settingsFile(project);
  const unfit = await settingProblems(file, found.params);
  if (unfit.length > 0)
    return report([`In ${relative(root, file)}:`, ...unfit]);
  const projectNumber = await readProjectNumber(project);
  const added = await completeSettings(file, found.params);
  if (added.length > 0)
    console.log(
      `Added to ${relative(root, file)}, at their defaults: ${added.join(", ")}`,
    );
  for (const warning of ownerWarnings(await readFile(file, "utf8")))
    console.warn(`Warning: ${warning}`);
  const outcome = await carryOut(toPlan(found, { project, projectNumber }), {
    env: process.env,
    say: (line) => console.log(line),
    pause: () => sleep(10_000),
  });
  if (outcome.kind === "stopped") {
    console.error(advice(outcome));
    return 1;
  }
  console.log(
    `Deployed: ${outcome.ran} commands ran, ${outcome.kept} were done before. https://${project}.web.app/health`,
  );
  return 0;
}

/** What the code of this checkout would deploy. */
async function here(): Promise<Discovered> {
  const folder = await mkdtemp(join(tmpdir(), "clientpulse-plan-"));
  try {
    await layOutHere(folder);
    return await discover(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Google's number for a project; that it is told shows that one may look at it. */
async function readProjectNumber(project: string): Promise<string> {
  const command: Command = [
    "gcloud",
    "projects",
    "describe",
    project,
    "--format=value(projectNumber)",
  ];
  const { code, output, errors } = await run(command);
  if (code === 0 && /^\d+$/.test(output.trim())) return output.trim();
  throw new Error(
    `${toShellText(command)}\n${errors}\nInstall the Google Cloud CLI, sign in by \`gcloud auth login\`, and create the project with billing.`,
  );
}

function report(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
