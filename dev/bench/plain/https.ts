import { onRequest } from "firebase-functions/v2/https";

/** A function that does nothing, with the database client that every one of ours needs. */
export const plain = onRequest((_request, response) => void response.end());
export { dependencies } from "./dependencies.ts";
