import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { getRequestListener } from "@hono/node-server";
import { error as logError, warn } from "firebase-functions/logger";
import { type HttpsOptions, onRequest } from "firebase-functions/v2/https";
import type { Api } from "../api/http/context.ts";
import { takeOverNextServer } from "./ownListener.ts";

const problemType = "application/problem+json";

interface ApiOptions extends HttpsOptions {
  /** Whether this process is an instance of the function, run by the platform's framework. */
  readonly isInstance: boolean;
}

/** The API as a function; Hosting forwards /api and /health to it. In an instance, nothing reads a request before it. */
export function onApi(
  { isInstance, ...options }: ApiOptions,
  build: () => Promise<Api>,
) {
  const answer = createListener(build);
  const deployed = onRequest(
    { invoker: "public", timeoutSeconds: 60, ...options },
    answer,
  );
  if (isInstance)
    takeOverNextServer(async (request, response) => {
      // Through the SDK, which links logs to the request's trace.
      await Reflect.apply(deployed, undefined, [request, response]);
    });
  return deployed;
}

function createListener(build: () => Promise<Api>) {
  let listener: ReturnType<typeof getRequestListener> | undefined;
  const listen = async () => {
    const hono = await import("@hono/node-server");
    return hono.getRequestListener((await build()).fetch, {
      errorHandler: async (error) => {
        // The path or host does not form a URL.
        warn("a request could not be read", { error: String(error) });
        const { unreadProblem } = await import("../api/http/problem.ts");
        return new Response(JSON.stringify(unreadProblem(400, randomUUID())), {
          status: 400,
          headers: { "Content-Type": problemType },
        });
      },
    });
  };
  return async (request: IncomingMessage, response: ServerResponse) => {
    try {
      // Assigned only once it is built: after a failed start, the next request tries again.
      listener ??= await listen();
    } catch (error) {
      logError("the API could not be started", error);
      await answerUnavailable(response);
      return;
    }
    await listener(request, response);
  };
}

async function answerUnavailable(response: ServerResponse): Promise<void> {
  const { unreadProblem } = await import("../api/http/problem.ts");
  const headers = {
    "Content-Type": problemType,
    "Retry-After": "5",
  };
  response.writeHead(503, headers);
  response.end(JSON.stringify(unreadProblem(503, randomUUID())));
}
