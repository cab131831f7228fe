import { write } from "firebase-functions/logger";
import type { Log } from "../../ports/log.ts";

/** Structured lines for Cloud Logging. */
export const functionsLog: Log = {
  write: (severity, message, facts) => write({ severity, message, ...facts }),
};
