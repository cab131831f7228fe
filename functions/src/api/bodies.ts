import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ApiEnv } from "./context.ts";
import { Refused } from "./problem.ts";

const maxBytes = 5_000_000;

/** Refuses a body that is too large before it is parsed: by its announced length unread, else as soon as it is over. */
export const boundedBody: MiddlewareHandler<ApiEnv> = bodyLimit({
  maxSize: maxBytes,
  onError: () => {
    throw new Refused(413, `A body may have ${maxBytes} bytes.`);
  },
});

/** Refuses compressed bodies: their length says nothing of what they hold, and a signature over them could not be checked. */
export const plainBody: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const encoding = c.req.header("Content-Encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity")
    throw new Refused(415, "Send the body uncompressed.");
  await next();
};
