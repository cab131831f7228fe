import type { getRequestListener } from "@hono/node-server";
import { type HttpsOptions, onRequest } from "firebase-functions/v2/https";
import type { Api } from "../api/context.ts";

/** The API as a function; Hosting passes /api and /health on to it. */
export function onApi(options: HttpsOptions, build: () => Promise<Api>) {
  let listener: ReturnType<typeof getRequestListener> | undefined;
  const listen = async () => {
    const hono = await import("@hono/node-server");
    return hono.getRequestListener((await build()).fetch);
  };
  return onRequest(
    { invoker: "public", timeoutSeconds: 60, ...options },
    async (request, response) => {
      // Kept only once it is built: a start that failed is tried anew by the next request.
      listener ??= await listen();
      await listener(request, response);
    },
  );
}
