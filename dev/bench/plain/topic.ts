import { onMessagePublished } from "firebase-functions/v2/pubsub";

/** A function that does nothing, with the database client that every one of ours needs. */
export const plain = onMessagePublished("plain", () => undefined);
export { dependencies } from "./dependencies.ts";
