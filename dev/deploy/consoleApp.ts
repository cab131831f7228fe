import { z } from "zod";
import { type Command, run, toShellText } from "./command.ts";

/** The name that the console's web app has among the apps of a project. */
export const consoleApp = "ClientPulse console";

const Apps = z.object({
  result: z.array(
    z.object({ appId: z.string(), displayName: z.string().optional() }),
  ),
});
const Config = z.object({
  result: z.object({
    sdkConfig: z.object({
      projectId: z.string(),
      apiKey: z.string(),
      authDomain: z.string(),
      appId: z.string(),
    }),
  }),
});

/** What a browser must know of a project to sign in there: none of it is secret. */
export type FirebaseConfig = z.infer<typeof Config>["result"]["sdkConfig"];

/** Asks Firebase for the configuration of the console's web app. Throws, saying how to make it, where there is none. */
export async function readConsoleConfig(
  project: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FirebaseConfig> {
  const ask = async (...words: readonly string[]): Promise<unknown> => {
    const command: Command = [
      "firebase",
      ...words,
      `--project=${project}`,
      "--json",
      "--non-interactive",
    ];
    const { code, output, errors } = await run(command, { env });
    if (code === 0) return JSON.parse(output);
    throw new Error(`${toShellText(command)}\n${errors}${output}`);
  };
  const { result } = Apps.parse(await ask("apps:list", "WEB"));
  const app = result.find(({ displayName }) => displayName === consoleApp);
  if (app === undefined)
    throw new Error(
      `The project ${project} has no web app named ${consoleApp}, so nobody could sign in: npx firebase apps:create WEB "${consoleApp}" --project=${project}`,
    );
  return Config.parse(await ask("apps:sdkconfig", "WEB", app.appId)).result
    .sdkConfig;
}
