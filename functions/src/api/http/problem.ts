import { type Hook, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import type { ApiContext, ApiDeps, ApiEnv } from "./context.ts";

/** Every refusal's body (RFC 9457, application/problem+json). */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: "The fields that are at fault." }),
    current: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .openapi({
        description: "With 409: how the thing stands now, to decide anew on.",
      }),
    traceId: z.string(),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof Problem>;

/** A refusal's status, and what it is called. */
export const kinds = {
  400: ["invalid-request", "The request is not valid"],
  401: ["not-signed-in", "Who is calling is not known"],
  403: ["not-allowed", "That is not allowed"],
  404: ["not-found", "There is no such thing"],
  408: ["too-slow", "The request did not come in time"],
  409: ["conflict", "The thing stands otherwise by now"],
  413: ["too-large", "The request is too large"],
  415: [
    "unsupported-media-type",
    "The body is not of a type that is read here",
  ],
  422: ["key-reused", "The Idempotency-Key belongs to another request"],
  429: ["too-many-requests", "That was more than is allowed at once"],
  431: ["headers-too-large", "The headers of the request are too large"],
  500: ["internal-error", "Something is broken on our side"],
  503: ["unavailable", "Something we need does not answer"],
} as const;
type Status = keyof typeof kinds;
type Kind = readonly [string, string];

/** Thrown when a request cannot be granted; the error handler turns it into the problem that it carries. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: Status;
  readonly facts: Pick<Problem, "errors" | "current">;
  /** After how many seconds it is worth trying again, where that is known. */
  readonly retryAfterS: number | undefined;
  /** The problem's type and title, where they are not those that its status mostly has. */
  readonly kind: Kind | undefined;

  constructor(
    status: Status,
    detail: string,
    facts: Pick<Problem, "errors" | "current"> & {
      cause?: unknown;
      retryAfterS?: number;
      kind?: Kind;
    } = {},
  ) {
    const { cause, retryAfterS, kind, ...rest } = facts;
    super(detail, { cause });
    this.status = status;
    this.facts = rest;
    this.retryAfterS = retryAfterS;
    this.kind = kind;
  }
}

/** The refusal of a request for one of its fields. */
export function badField(field: string, message: string): Refused {
  const errors = [{ field, message }];
  return new Refused(400, `${field}: ${message}`, { errors });
}

/** The refusal of a field whose value is well-formed, but cannot be as things stand. */
export function unfit(field: string, message: string): Refused {
  const errors = [{ field, message }];
  const kind = [
    "unfit",
    "A field cannot have this value as things stand",
  ] as const;
  return new Refused(422, `${field}: ${message}`, { errors, kind });
}

interface ProblemResponse {
  readonly description: string;
  readonly content: {
    readonly "application/problem+json": { readonly schema: typeof Problem };
  };
}

/** The responses of a route that are problems, for its OpenAPI description. */
export function problems<S extends Status>(
  ...statuses: readonly S[]
): Record<S, ProblemResponse>;
export function problems(...statuses: readonly Status[]): object {
  const content = { "application/problem+json": { schema: Problem } };
  return Object.fromEntries(
    statuses.map((status) => {
      return [status, { description: kinds[status][1], content }];
    }),
  );
}

/** The refusals that every route for signed-in members has, and those of its own. */
export function queryProblems<S extends Status = never>(
  ...statuses: readonly S[]
) {
  return problems<400 | 401 | 403 | 429 | 500 | 503 | S>(
    ...([400, 401, 403, 429, 500, 503] as const),
    ...statuses,
  );
}

/** The refusals that every command has, and those of its own. */
export function commandProblems<S extends Status = never>(
  ...statuses: readonly S[]
) {
  return queryProblems<409 | 413 | 415 | 422 | S>(
    ...([409, 413, 415, 422] as const),
    ...statuses,
  );
}

/** A request that does not fit its route's schema is refused by naming each field. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, unknown> = (
  result,
) => {
  if (!result.success) throw unlikeSchema(result.error.issues);
};

/** The refusal of what does not fit its schema: it names each field. */
export function unlikeSchema(
  issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }[],
): Refused {
  const all = issues.slice(0, 20).map((issue) => ({
    field: issue.path.map(String).join(".") || "body",
    message: issue.message,
  }));
  // What is no whole number may be too large besides: the first fault of a field is enough.
  const errors = all.filter(
    ({ field }, n) => all.findIndex((one) => one.field === field) === n,
  );
  const detail = errors.map((e) => `${e.field}: ${e.message}`).join("; ");
  return new Refused(400, detail, { errors });
}

/** The problem that any error comes to; what is not the caller's business is logged and not said. */
export function answerError(error: Error, c: ApiContext, deps: ApiDeps) {
  const { problem, retryAfterS } = problemOf(error, c, deps);
  const { status } = problem;
  const headers = {
    "Content-Type": "application/problem+json",
    ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(retryAfterS === undefined ? {} : { "Retry-After": `${retryAfterS}` }),
  };
  return c.body(JSON.stringify(problem), status, headers);
}

/** The problem of a request that could not be read as one, or for which the API is not there. */
export function unreadProblem(
  status: keyof typeof unread,
  traceId: string,
): Problem {
  const [kind, title] = kinds[status];
  const type = `urn:clientpulse:problem:${kind}`;
  const detail = unread[status];
  return { type, title, status, detail, instance: "/", traceId };
}

const unread = {
  400: "This is no sound HTTP request. Check its first line, its headers and its path.",
  408: "The request was not sent to its end in time. Send it again.",
  431: "Send fewer or shorter headers: all of them together may have 16 KiB.",
  503: "Please try again in a moment.",
} as const;

/** The same as facts, for a request of several parts of which each may be refused by itself. */
export function problemOf(
  error: Error,
  c: ApiContext,
  deps: Pick<ApiDeps, "log">,
) {
  // Whoever cuts their own request must not be able to raise an alarm.
  const isCut = c.req.raw.signal.aborted;
  const {
    status,
    message,
    facts,
    retryAfterS,
    kind: own,
  } = refusalOf(isCut ? new Refused(400, "The request was cut.") : error);
  if (status >= 500) {
    deps.log.write("ERROR", "a request failed", {
      traceId: c.get("requestId"),
      path: c.req.path,
      error: `${error.name}: ${error.message}`,
      stack: error.stack,
    });
  }
  const [kind, title] = own ?? kinds[status];
  const problem = {
    type: `urn:clientpulse:problem:${kind}`,
    title,
    status,
    detail: message,
    instance: c.req.path,
    ...facts,
    traceId: c.get("requestId"),
  } satisfies Problem;
  return { problem, retryAfterS };
}

function refusalOf(
  error: Error,
): Pick<Refused, "status" | "message"> &
  Partial<Pick<Refused, "facts" | "retryAfterS" | "kind">> {
  if (error instanceof Refused) return error;
  if (error instanceof RetryableError) {
    const message = "Please try again in a moment.";
    return { status: 503, message, retryAfterS: 5 };
  }
  if (error instanceof PermanentError && error.code === "unreadable") {
    const kind = ["unreadable", "A stored document cannot be read"] as const;
    return { status: 500, message: error.message, kind };
  }
  if (error instanceof HTTPException && isStatus(error.status)) {
    return { status: error.status, message: error.message };
  }
  return {
    status: 500,
    message: "The request failed; its traceId finds it in our logs.",
  };
}

function isStatus(status: number): status is Status {
  return status in kinds;
}
