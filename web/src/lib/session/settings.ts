import { z } from "zod";
import { Role } from "../../../../functions/src/domain/people/roles.ts";

/** What `/console.json` tells the console about its project. */
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
        z.object({
          email: z.string(),
          name: z.string(),
          role: Role,
          isLead: z.boolean(),
        }),
      ),
    })
    .optional(),
});
export type Settings = z.infer<typeof Settings>;

/** Which project this console belongs to. Throws where `/console.json` does not say. */
export async function loadSettings(): Promise<Settings> {
  const response = await fetch("/console.json", { cache: "no-cache" });
  return Settings.parse(await response.json());
}
