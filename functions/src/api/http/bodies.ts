import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ApiEnv } from "./context.ts";
import { Refusal } from "./problem.ts";

/** How many bytes a body may have. The larger limit is for a table of 1,000 records and for 100 HubSpot events. */
const maxBytes = { list: 5_000_000, other: 256_000 } as const;

/** How many bytes a body sent to this path may have. */
export function maxBodyBytes(path: string): number {
  const isList = /\/import$|\/hubspot\/webhook\//.test(path);
  return isList ? maxBytes.list : maxBytes.other;
}

/** Refuses a body that is too large before it is parsed: unread if its Content-Length says so, else once the limit is passed. */
export const limitBodySize: MiddlewareHandler<ApiEnv> = (c, next) =>
  limitBody(maxBodyBytes(c.req.path))(c, next);

function limitBody(maxSize: number): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Refusal(
        413,
        `A body sent here may have at most ${maxSize} bytes.`,
      );
    },
  });
}

/** Refuses compressed bodies: their length says nothing about their content, and a signature over them could not be checked. */
export const refuseCompressed: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!isUncompressed(c.req.header("Content-Encoding")))
    throw new Refusal(415, "Send the body uncompressed.");
  await next();
};

/** Whether a body with these headers would be accepted: neither compressed nor too long. */
export function isAcceptable(
  path: string,
  announced: {
    readonly encoding: string | undefined;
    readonly length: string | undefined;
  },
): boolean {
  const length = Number(announced.length ?? 0);
  return isUncompressed(announced.encoding) && length <= maxBodyBytes(path);
}

function isUncompressed(encoding = "identity"): boolean {
  return encoding.toLowerCase() === "identity";
}
