import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ApiEnv } from "./context.ts";
import { Refused } from "./problem.ts";

/** How many bytes a body may have: the most is for a table of a thousand records, and for a hundred of HubSpot's events. */
const maxBytes = { list: 5_000_000, other: 256_000 } as const;

/** How many bytes a body sent to this path may have. */
export function maxBytesOf(path: string): number {
  const isList = /\/import$|\/hubspot\/webhook\//.test(path);
  return isList ? maxBytes.list : maxBytes.other;
}

/** Refuses a body that is too large before it is parsed: by its announced length unread, else as soon as it is over. */
export const boundedBody: MiddlewareHandler<ApiEnv> = (c, next) =>
  limited(maxBytesOf(c.req.path))(c, next);

function limited(maxSize: number): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Refused(413, `A body sent here may have ${maxSize} bytes.`);
    },
  });
}

/** Refuses compressed bodies: their length says nothing of what they hold, and a signature over them could not be checked. */
export const plainBody: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!isPlain(c.req.header("Content-Encoding")))
    throw new Refused(415, "Send the body uncompressed.");
  await next();
};

/** Whether a body that is announced so is worth sending: neither compressed nor too long. */
export function isTaken(
  path: string,
  announced: {
    readonly encoding: string | undefined;
    readonly length: string | undefined;
  },
): boolean {
  const length = Number(announced.length ?? 0);
  return isPlain(announced.encoding) && length <= maxBytesOf(path);
}

function isPlain(encoding = "identity"): boolean {
  return encoding.toLowerCase() === "identity";
}
