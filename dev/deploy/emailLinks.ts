import { parseArgs } from "node:util";
import { z } from "zod";
import { type Command, run, toShellText } from "./command.ts";

const Config = z.object({
  signIn: z
    .object({
      email: z
        .object({
          enabled: z.boolean().default(false),
          passwordRequired: z.boolean().default(false),
        })
        .optional(),
    })
    .optional(),
});

const allowed = { enabled: true, passwordRequired: false };

/** Lets people sign in by a link that is sent to their address, which proves that it is theirs; with --look it only says whether they may. No program of Google's does this. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      project: { type: "string" },
      look: { type: "boolean", default: false },
    },
  });
  const { project, look } = values;
  if (project === undefined) throw new Error("--project is missing.");
  const config = Config.parse(
    look
      ? await ask(project, "GET")
      : await ask(project, "PATCH", { signIn: { email: allowed } }),
  );
  const { enabled, passwordRequired } = config.signIn?.email ?? {};
  const is = enabled === true && passwordRequired !== true;
  console.log(is ? "allowed" : "not allowed");
  if (!is && !look) process.exitCode = 1;
}

/** Asks Identity Platform's Admin API (v2, projects.getConfig and updateConfig), as whoever is signed in at the Google Cloud CLI. */
async function ask(
  project: string,
  method: "GET" | "PATCH",
  body?: object,
): Promise<unknown> {
  const token = await runForAnswer(["gcloud", "auth", "print-access-token"]);
  const mask =
    body === undefined
      ? ""
      : "?updateMask=signIn.email.enabled,signIn.email.passwordRequired";
  const answer = await runForAnswer(
    [
      "curl",
      "--fail-with-body",
      "--silent",
      "--show-error",
      "--max-time",
      "60",
      `--request=${method}`,
      // The token is read, so that no list of processes shows it.
      "--header=@-",
      ...(body === undefined ? [] : [`--data=${JSON.stringify(body)}`]),
      `https://identitytoolkit.googleapis.com/admin/v2/projects/${project}/config${mask}`,
    ],
    [
      `Authorization: Bearer ${token.trim()}`,
      `X-Goog-User-Project: ${project}`,
      "Content-Type: application/json",
    ].join("\n"),
  );
  return JSON.parse(answer);
}

async function runForAnswer(command: Command, input = ""): Promise<string> {
  const { code, output, errors } = await run(command, { input });
  if (code === 0) return output;
  throw new Error(`${toShellText(command)}\n${errors}${output}`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
