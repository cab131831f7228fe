import { type RouteConfig, type RouteHandler, type z } from "@hono/zod-openapi";
import { toWire } from "./answer.ts";
import type { Api, ApiContext, ApiDeps, ApiEnv } from "./context.ts";
import { commandProblems, queryProblems, type Status } from "./problem.ts";

/** Adds one route, its description and its handler, to the API. */
export type Route = (api: Api, deps: ApiDeps) => void;

export type Request = NonNullable<RouteConfig["request"]>;
type Granted = ApiEnv["Variables"]["status"];

/** A request already parsed by its route's schemas: `c.req.valid` gives its parts. */
export type ParsedRequest<Q extends Request> = Parameters<
  RouteHandler<
    {
      method: "get";
      path: string;
      request: Q;
      responses: Record<string, never>;
    },
    ApiEnv
  >
>[0];

/** How a route and its request are described. */
export interface About<Q extends Request> extends Pick<
  RouteConfig,
  "tags" | "security" | "middleware"
> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly request?: Q;
}

/** How a route answers. */
export interface Answering {
  /** The JSON answer to a request that is granted. */
  readonly answer: {
    readonly description: string;
    readonly content: {
      readonly "application/json": { readonly schema: z.ZodType };
    };
  };
  /** Statuses that only this route refuses with, besides those of all queries or commands. */
  readonly refusals?: readonly Status[];
}

/** Returns the answer's body, which is then parsed by the answer's schema. */
export type Handle<Q extends Request> = (
  c: ParsedRequest<Q>,
  deps: ApiDeps,
) => Promise<object | undefined>;

/** A route that only reads: GET, answered with 200. */
export function queryRoute<Q extends Request>(
  { answer, refusals = [], ...about }: About<Q> & Answering,
  handle: Handle<Q>,
): Route {
  const responses = { 200: answer, ...queryProblems(...refusals) };
  return route(
    { ...about, method: "get", responses },
    answerWith({ answer, status: 200 }, handle),
  );
}

/** A route that changes something: by default POST, answered with 200. */
export function commandRoute<Q extends Request>(
  {
    answer,
    refusals = [],
    method = "post",
    status = 200,
    ...about
  }: About<Q> &
    Answering & {
      readonly method?: "post" | "put" | "patch" | "delete";
      readonly status?: Granted;
    },
  handle: Handle<Q>,
): Route {
  const responses = { [status]: answer, ...commandProblems(...refusals) };
  return route(
    { ...about, method, responses },
    answerWith({ answer, status }, handle),
  );
}

/** A route whose handler builds the whole response. */
export function route<Q extends Request>(
  { request, ...about }: About<Q> & Pick<RouteConfig, "method" | "responses">,
  respond: (c: ParsedRequest<Q>, deps: ApiDeps) => Promise<Response>,
): Route {
  const config: RouteConfig = { ...about, ...(request && { request }) };
  return (api, deps) => {
    // The request was parsed by the route's own schemas; the compiler cannot see that through the generic.
    api.openapi(config, (c: ApiContext) =>
      respond(c as ParsedRequest<Q>, deps),
    );
  };
}

/** Answers with what the handler returns, as JSON of the answer's schema. */
export function answerWith<Q extends Request>(
  { answer, status }: Pick<Answering, "answer"> & { readonly status: Granted },
  handle: Handle<Q>,
) {
  const { schema } = answer.content["application/json"];
  return async (c: ParsedRequest<Q>, deps: ApiDeps): Promise<Response> => {
    // Kept with the answer under an Idempotency-Key.
    c.set("status", status);
    return c.json(toWire(schema, await handle(c, deps)), status);
  };
}
