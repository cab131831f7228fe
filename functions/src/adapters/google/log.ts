import { write } from "firebase-functions/logger";
import type { Log } from "../../ports/ports.ts";

/** Structured lines for Cloud Logging. */
export const functionsLog: Log = {
  write: (severity, message, facts) => write({ severity, message, ...facts }),
};
