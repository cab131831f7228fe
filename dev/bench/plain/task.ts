import { onTaskDispatched } from "firebase-functions/v2/tasks";

/** A function that does nothing, with the database client that every one of ours needs. */
export const plain = onTaskDispatched(() => undefined);
export { dependencies } from "./dependencies.ts";
