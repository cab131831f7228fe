import { type Hook, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import type { ApiContext, ApiDeps, ApiEnv } from "./context.ts";

/** The body of every refusal (RFC 9457, application/problem+json). */
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
      .openapi({ description: "The fields at fault." }),
    current: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .openapi({
        description: "With 409: the current state, to decide on again.",
      }),
    traceId: z.string(),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof Problem>;

/** The type and title of each refusal status. */
export const problemKinds = {
  400: ["invalid-request", "The request is not valid"],
  401: ["not-signed-in", "You are not signed in"],
  403: ["not-allowed", "You are not allowed to do this"],
  404: ["not-found", "Not found"],
  408: ["too-slow", "The request took too long to arrive"],
  409: ["conflict", "This has changed in the meantime"],
  413: ["too-large", "The request is too large"],
  415: [
    "unsupported-media-type",
    "The body has a media type that is not accepted here",
  ],
  422: ["key-reused", "The Idempotency-Key was used for a different request"],
  429: ["too-many-requests", "Too many requests"],
  431: ["headers-too-large", "The headers of the request are too large"],
  500: ["internal-error", "Something went wrong on our side"],
  503: ["unavailable", "A service we depend on is not answering"],
} as const;
export type Status = keyof typeof problemKinds;
type Kind = readonly [string, string];

/** Thrown when a request is refused; the error handler answers with the problem that it carries. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: Status;
  readonly facts: Pick<Problem, "errors" | "current">;
  /** Seconds until it is worth trying again, where known. */
  readonly retryAfterS: number | undefined;
  /** The problem's type and title, where they differ from those of its status. */
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

/** Refuses a request because of one field (400). */
export function badField(field: string, message: string): Refusal {
  const errors = [{ field, message }];
  return new Refusal(400, `${field}: ${message}`, { errors });
}

/** Refuses a field whose value is well-formed but not possible in the current state (422). */
export function unfitField(field: string, message: string): Refusal {
  const errors = [{ field, message }];
  const kind = ["unfit", "A field cannot have this value right now"] as const;
  return new Refusal(422, `${field}: ${message}`, { errors, kind });
}

interface ProblemResponse {
  readonly description: string;
  readonly content: {
    readonly "application/problem+json": { readonly schema: typeof Problem };
  };
}

/** The problem responses of a route, for its OpenAPI description. */
export function problems<S extends Status>(
  ...statuses: readonly S[]
): Record<S, ProblemResponse>;
export function problems(...statuses: readonly Status[]): object {
  const content = { "application/problem+json": { schema: Problem } };
  return Object.fromEntries(
    statuses.map((status) => {
      return [status, { description: problemKinds[status][1], content }];
    }),
  );
}

/** The refusals of every route that needs a sign-in, plus the route's own. */
export function queryProblems<S extends Status = never>(
  ...statuses: readonly S[]
) {
  return problems<400 | 401 | 403 | 429 | 500 | 503 | S>(
    ...([400, 401, 403, 429, 500, 503] as const),
    ...statuses,
  );
}

/** The refusals of every command, plus the route's own. */
export function commandProblems<S extends Status = never>(
  ...statuses: readonly S[]
) {
  return queryProblems<409 | 413 | 415 | 422 | S>(
    ...([409, 413, 415, 422] as const),
    ...statuses,
  );
}

/** Refuses a request that does not fit its route's schema, naming each field. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, unknown> = (
  result,
) => {
  if (!result.success) throw schemaMismatch(result.error.issues);
};

/** The refusal of what does not fit a schema; names each field once, at most 20. */
export function schemaMismatch(
  issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }[],
): Refusal {
  const all = issues.slice(0, 20).map((issue) => ({
    field: issue.path.map(String).join(".") || "body",
    message: issue.message,
  }));
  // One value can break several rules: the first fault of a field is enough.
  const errors = all.filter(
    ({ field }, n) => all.findIndex((one) => one.field === field) === n,
  );
  const detail = errors.map((e) => `${e.field}: ${e.message}`).join("; ");
  return new Refusal(400, detail, { errors });
}

/** Answers any error as a problem; what is none of the caller's business is logged instead. */
export function answerError(error: Error, c: ApiContext, deps: ApiDeps) {
  const { problem, retryAfterS } = toProblem(error, c, deps);
  const { status } = problem;
  const headers = {
    "Content-Type": "application/problem+json",
    ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(retryAfterS === undefined ? {} : { "Retry-After": `${retryAfterS}` }),
  };
  return c.body(JSON.stringify(problem), status, headers);
}

/** The problem of a request that could not be read as HTTP, or that came while the API could not start. */
export function unreadProblem(
  status: keyof typeof unreadDetails,
  traceId: string,
): Problem {
  const [kind, title] = problemKinds[status];
  const type = `urn:clientpulse:problem:${kind}`;
  const detail = unreadDetails[status];
  return { type, title, status, detail, instance: "/", traceId };
}

const unreadDetails = {
  400: "This is not a valid HTTP request. Check its first line, its headers and its path.",
  408: "The request was not completed in time. Send it again.",
  431: "Send fewer or shorter headers: together they may have 16 KiB.",
  503: "Please try again in a moment.",
} as const;

/** The problem that an error becomes, and after how many seconds to retry; used on its own by requests whose parts are refused one by one. */
export function toProblem(
  error: Error,
  c: ApiContext,
  deps: Pick<ApiDeps, "log">,
) {
  // A client that aborts its own request must not raise an alarm.
  const isCut = c.req.raw.signal.aborted;
  const {
    status,
    message,
    facts,
    retryAfterS,
    kind: own,
  } = toRefusal(isCut ? new Refusal(400, "The request was aborted.") : error);
  if (status >= 500) {
    deps.log.write("ERROR", "a request failed", {
      traceId: c.get("requestId"),
      path: c.req.path,
      error: `${error.name}: ${error.message}`,
      stack: error.stack,
    });
  }
  const [kind, title] = own ?? problemKinds[status];
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

function toRefusal(
  error: Error,
): Pick<Refusal, "status" | "message"> &
  Partial<Pick<Refusal, "facts" | "retryAfterS" | "kind">> {
  if (error instanceof Refusal) return error;
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
    message: "The request failed. Quote its traceId when you report it.",
  };
}

function isStatus(status: number): status is Status {
  return status in problemKinds;
}
