import type { z } from "zod";
import {
  isRetryableStatus,
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../../domain/kernel/errors.ts";
import type { WebResponse } from "./fetch.ts";
import { parseJson } from "./json.ts";
import { loggableUrl } from "./url.ts";

/** Whether the source says that it does not, or no longer, have the document: 404 or 410. */
export function isGone(got: Pick<WebResponse, "status">): boolean {
  return got.status === 404 || got.status === 410;
}

/**
 * Throws for any status but 2xx: RetryableError for 408, 423, 425, 429 and 5xx (with the vendor's Retry-After) and
 * for those in `busy`, else PermanentError.
 */
export function throwForStatus(
  got: WebResponse,
  asked: {
    readonly source: string;
    readonly now: Date;
    readonly busy?: readonly number[];
  },
): void {
  const { status } = got;
  if (status >= 200 && status < 300) return;
  const message = `${asked.source} answered ${status} at ${loggableUrl(got.url)}`;
  if (isRetryableStatus(status) || asked.busy?.includes(status)) {
    const wait = retryAfterMs(got.headers.get("retry-after"), asked.now);
    throw new RetryableError(
      status >= 500 ? "vendor-down" : "vendor-busy",
      message,
      {
        retryAfterMs: wait,
      },
    );
  }
  const refused = status === 401 || status === 403;
  throw new PermanentError(
    refused ? "vendor-auth" : "refused-by-vendor",
    message,
  );
}

/** Parses the JSON body of an answer by its schema; PermanentError ("bad-answer") names the source and the field. */
export function parseJsonBody<T>(
  got: WebResponse,
  source: string,
  schema: z.ZodType<T>,
): T {
  let json: unknown;
  try {
    json = parseJson(new TextDecoder().decode(got.body));
  } catch (cause) {
    if (cause instanceof PermanentError)
      throw new PermanentError(
        cause.code,
        `${source}: ${loggableUrl(got.url)} is refused: ${cause.message}`,
      );
    throw new PermanentError(
      "bad-answer",
      `${source}: ${loggableUrl(got.url)} is not JSON`,
      { cause },
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field =
    issue === undefined ? "" : `${issue.path.join(".")} ${issue.message}`;
  throw new PermanentError(
    "bad-answer",
    `${source}: ${loggableUrl(got.url)} is not as expected: ${field}`,
    {
      cause: parsed.error,
    },
  );
}
