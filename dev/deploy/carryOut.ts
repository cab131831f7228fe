import { type Command, run, toShellText } from "./command.ts";
import type { Step } from "./step.ts";

interface Deps {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Waits before something is tried again. */
  readonly pause: () => Promise<void>;
}

/** How a deploy ended: how many steps ran and how many were done before, or why it stopped. */
export type Outcome =
  | { readonly kind: "done"; readonly ran: number; readonly kept: number }
  | { readonly kind: "stopped"; readonly at: Step; readonly why: string };

/** With ten seconds between them: five minutes for rights, an hour for indexes. */
const patience = { step: 30, wait: 360 };

/** Carries out the steps in order, leaves out what is done, and stops at the first that fails. */
export async function carryOut(
  steps: readonly Step[],
  given: Deps,
): Promise<Outcome> {
  // Nobody sits there to answer a question.
  const env = { ...given.env, CLOUDSDK_CORE_DISABLE_PROMPTS: "1" };
  const deps = { ...given, env };
  let ran = 0;
  let kept = 0;
  for (const [i, step] of steps.entries()) {
    const where = `${i + 1}/${steps.length} ${step.what}`;
    if (await isDone(step, deps.env)) {
      deps.say(`${where}: there`);
      kept++;
      continue;
    }
    deps.say(where);
    const why = await attempt(step, deps);
    if (why !== null) return { kind: "stopped", at: step, why };
    ran++;
  }
  return { kind: "done", ran, kept };
}

/** What to tell a person whose deploy stopped. */
export function advice({ at, why }: Extract<Outcome, { kind: "stopped" }>) {
  return [
    `It stopped at ${at.what}:`,
    `  ${toShellText(at.command)}`,
    ...why
      .trim()
      .split("\n")
      .slice(-15)
      .map((line) => `  | ${line}`),
    at.mend,
    "Then run the same command again: what is done is left as it is.",
  ].join("\n");
}

async function isDone({ unless }: Step, env: NodeJS.ProcessEnv) {
  if (unless === undefined) return false;
  const { code, output } = await run(unless.command, { env });
  return code === 0 && (unless.says?.test(output) ?? true);
}

/** Null where it worked, else why not. */
async function attempt(step: Step, deps: Deps): Promise<string | null> {
  const { command, until, patient } = step;
  const input = readInput(step, deps.env);
  let why = "";
  for (let n = 0; n < (until ? patience.wait : patience.step); n++) {
    if (n > 0) await deps.pause();
    const { code, output, errors } = await run(command, {
      env: deps.env,
      input,
    });
    if (code === 127) return `${command[0]} is not installed: ${errors}`;
    why = errors + output;
    if (code === 0 && !(until?.test(output) ?? false)) return null;
    if (code !== 0 && !(patient?.test(why) ?? false)) return why;
  }
  return why;
}

/** A blank stands for a secret that is not set: each bound one must exist, and have a value. */
function readInput({ reads }: Step, env: NodeJS.ProcessEnv): string {
  return reads === undefined ? "" : env[reads] || " ";
}

/** The plan as a person reads it, and could type it. */
export function toText(steps: readonly Step[]): string {
  return steps
    .map(({ what, command, unless, until, reads }) =>
      [
        `# ${what}`,
        ...(unless
          ? [
              `#   unless${unless.says ? ` ${unless.says}` : ""}: ${toShellText(unless.command)}`,
            ]
          : []),
        ...(until ? [`#   until it no longer says ${until}`] : []),
        pipe(command, reads),
      ].join("\n"),
    )
    .join("\n\n");
}

function pipe(command: Command, reads: string | undefined): string {
  const line = toShellText(command);
  return reads === undefined ? line : `printf %s "\${${reads}:- }" | ${line}`;
}
