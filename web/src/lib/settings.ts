import { z } from "zod";

/** What the console is told of the project that it belongs to; `/console.json` says it where emulators run, Hosting itself elsewhere. */
const Settings = z.object({
  firebase: z.object({
    projectId: z.string(),
    apiKey: z.string(),
    authDomain: z.string().optional(),
    appId: z.string().optional(),
  }),
  /** Where the emulators answer; absent in the cloud. */
  emulators: z
    .object({
      auth: z.url(),
      firestoreHost: z.string(),
      firestorePort: z.int(),
    })
    .optional(),
  /** Who may be signed in with one click: the emulators' people, nobody else. */
  demo: z
    .object({
      password: z.string(),
      people: z.array(
        z.object({ email: z.string(), name: z.string(), role: z.string() }),
      ),
    })
    .optional(),
});
export type Settings = z.infer<typeof Settings>;

/** Which project this console belongs to. Throws where neither address says it. */
export async function loadSettings(): Promise<Settings> {
  const own = await read("/console.json");
  const given = Settings.safeParse(own);
  if (given.success) return given.data;
  return Settings.parse({ firebase: await read("/__/firebase/init.json") });
}

async function read(path: string): Promise<unknown> {
  const response = await fetch(path, { cache: "no-cache" });
  return response.ok ? response.json() : null;
}
