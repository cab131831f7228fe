import type { MiddlewareHandler } from "hono";
import type { ApiDeps, ApiEnv } from "./context.ts";

/** Safe in log lines, headers and documents. */
const safeId = /^[\w.:-]{1,128}$/;

/** Gives each request an id, its X-Request-ID or a new one, for messages, audit and log, and returns it to the caller. */
export function requestId(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const given = c.req.header("X-Request-ID");
    const traceId =
      given !== undefined && safeId.test(given) ? given : deps.chance.id();
    c.set("requestId", traceId);
    const startedAt = deps.clock.now().getTime();
    await next();
    c.header("X-Request-ID", traceId);
    const { status } = c.res;
    deps.log.write(status >= 500 ? "ERROR" : "INFO", "request", {
      traceId,
      method: c.req.method,
      path: c.req.path,
      status,
      ms: deps.clock.now().getTime() - startedAt,
    });
  };
}
