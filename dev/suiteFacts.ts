import { z } from "zod";

/** Where a running suite is to be found: what `npm test` hands to the tests as JSON in CLIENTPULSE_SUITE. */
export const SuiteFacts = z.object({
  projectId: z.string(),
  region: z.string(),
  tenantId: z.string(),
  /** Base URL of the API, through hosting: `${apiUrl}/api/v1/…`. */
  apiUrl: z.url(),
  /** Base URL of the functions, without the function's name. */
  functionsUrl: z.url(),
  firestoreHost: z.string(),
  authHost: z.string(),
  pubsubHost: z.string(),
  tasksHost: z.string(),
  replayUrl: z.url().nullable(),
  /** Null where the real one is used. */
  salesforceUrl: z.url().nullable(),
  hubspotUrl: z.url().nullable(),
  salesforceWebhookSecret: z.string(),
  /** The process below which all of the suite runs. */
  pid: z.int(),
  logFile: z.string(),
});
export type SuiteFacts = z.infer<typeof SuiteFacts>;
