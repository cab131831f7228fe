import { onSchedule } from "firebase-functions/v2/scheduler";

/** A function that does nothing, with the database client that every one of ours needs. */
export const plain = onSchedule("* * * * *", () => undefined);
export { dependencies } from "./dependencies.ts";
