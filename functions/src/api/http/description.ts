import { maxBodyBytes } from "./bodies.ts";
import type { Api } from "./context.ts";
import { isPersonalPath } from "./personalPaths.ts";
import { problemKinds, type Problem } from "./problem.ts";

const about = `ClientPulse watches client accounts and turns what happens there into opportunity cards for people to review.

**Sign in** with a Firebase ID token: \`Authorization: Bearer …\`. If you belong to several tenants, name one in \`X-Tenant-ID\`; otherwise your default tenant is used.

**Refusals** are problem details (RFC 9457). A 409 gives the current state in \`current\`.

**Commands** may carry an \`Idempotency-Key\`: if you send the same request again with the same key within a day, it is not repeated, and you get the first answer again.

**Bodies** must be uncompressed and have at most 256,000 bytes; import tables and HubSpot's event batches, at most 5,000,000. Longer bodies are refused unread.

**Limits**: every answer says in \`RateLimit\` how many requests you have left; beyond that you get 429 with \`Retry-After\`.`;

const tags = {
  inbox: "Cards waiting for review, highest score first.",
  opportunities: "Cards: their claims, their evidence, and their review.",
  accounts: "The companies being watched.",
  monitoring: "Polling an account's sources on request.",
  signals: "Signals about an account that people and programs submit.",
  webhooks: "Signed events from other systems.",
  resolutions: "Signals whose account a person must decide.",
  messages: "Background work that is parked or still open.",
  reembeddings: "Re-embedding everything after the embedding model changes.",
  me: "The signed-in person.",
  members: "The tenant's members and their roles.",
  invitations: "Invitations to the tenant, and their state.",
  tenant: "The tenant's own settings.",
  assets: "Case studies, decks and references that cards link to.",
  playbooks: "What to do when a given kind of event happens.",
  exports: "Cards as files.",
  search: "Finding cards and assets by words and by meaning.",
  decisions:
    "What was decided about each item, and why something is on no card.",
  dashboards: "The whole tenant in figures, next to the product's targets.",
  health: "Whether the system is healthy.",
} as const;

/** The tag that groups a route. */
export type Tag = keyof typeof tags;

/** Without examples: readers would send the same value every time. */
const headers = {
  "X-Tenant-ID":
    "The tenant you mean, if you belong to several. Defaults to the one you chose as your default.",
  "X-Request-ID":
    "Recorded in messages, audit and log, and returned. Generated if absent.",
  "Idempotency-Key":
    "1 to 255 visible ASCII characters, ideally a new UUID. If you send the same request again with the same key within a day, it is not repeated, and you get the first answer with `Idempotency-Replayed: true`.",
} as const;

/** An example of each status: the most common one. */
const exampleProblems: Readonly<
  Record<
    keyof typeof problemKinds,
    Partial<Problem> & { readonly detail: string }
  >
> = {
  400: {
    detail: "limit: Too big: expected number to be <=100",
    errors: [
      { field: "limit", message: "Too big: expected number to be <=100" },
    ],
  },
  401: { detail: "The token has expired or is not valid here." },
  403: {
    detail: "The role VIEWER does not have the permission opportunity.approve.",
  },
  404: { detail: "There is no such card, or you may not see it." },
  408: {
    detail: "The request was not completed in time. Send it again.",
  },
  409: { detail: "Its version is now 3.", current: { version: 3 } },
  413: { detail: "" },
  415: { detail: "Unsupported Media Type" },
  422: {
    detail:
      "This Idempotency-Key was used for a different request within the last day. Use a new key for each new request.",
  },
  429: {
    detail:
      "You may make 60 commands a minute. Nothing was done. Wait 1 s, then send the request again.",
  },
  431: {
    detail: "Send fewer or shorter headers: together they may have 16 KiB.",
  },
  500: { detail: "The request failed. Quote its traceId when you report it." },
  503: { detail: "Please try again in a moment." },
};

/** The whole API in OpenAPI 3.1: the descriptions of its routes, plus what is common to all. */
export function describe(api: Api, version: string) {
  for (const [name, description] of Object.entries(headers))
    api.openAPIRegistry.registerComponent("parameters", name, {
      name,
      in: "header",
      required: false,
      schema: { type: "string" },
      description,
    });
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A Firebase ID token.",
  });
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "ClientPulse",
      version,
      description: about,
      license: {
        name: "Apache-2.0",
        url: "https://www.apache.org/licenses/LICENSE-2.0",
      },
    },
    security: [{ bearer: [] }],
    tags: Object.entries(tags).map(([name, description]) => {
      return { name, description };
    }),
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (operation !== undefined)
        completeOperation(operation, { path, method });
    }
  }
  return document;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

type Operation = NonNullable<
  NonNullable<ReturnType<Api["getOpenAPI31Document"]>["paths"]>[string]["get"]
>;

/** Adds an operation's request headers, and an example of each of its refusals. */
function completeOperation(
  operation: Operation,
  { path, method }: { readonly path: string; readonly method: string },
): void {
  const isPublic = operation.security?.length === 0;
  const headerNames = [
    ...(isPublic || isPersonalPath(path) ? [] : ["X-Tenant-ID"]),
    "X-Request-ID",
    ...(isPublic || method === "get" ? [] : ["Idempotency-Key"]),
  ];
  operation.parameters = [
    ...(operation.parameters ?? []),
    ...headerNames.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    if (!isRefusal(response)) continue;
    const { content } = response;
    if (status === "413")
      response.description = `A body sent here may have at most ${maxBodyBytes(path)} bytes, uncompressed`;
    content["application/problem+json"].example = toExample(+status, path);
    if (status === "429" || status === "503")
      response.headers = {
        "Retry-After": {
          description: "Seconds until it is worth trying again.",
          schema: { type: "integer" },
        },
      };
  }
}

interface RefusalResponse {
  description?: string;
  readonly content: {
    readonly "application/problem+json": { example?: Problem };
  };
  headers?: object;
}

function isRefusal(response: unknown): response is RefusalResponse {
  return (
    response !== null &&
    typeof response === "object" &&
    "content" in response &&
    response.content !== null &&
    typeof response.content === "object" &&
    "application/problem+json" in response.content
  );
}

function toExample(status: number, path: string): Problem {
  const known = Object.entries(exampleProblems).find(
    ([key]) => Number(key) === status,
  );
  const [kind, title] = Object.entries(problemKinds).find(
    ([key]) => Number(key) === status,
  )?.[1] ?? ["unknown", "Unknown"];
  return {
    type: `urn:clientpulse:problem:${kind}`,
    title,
    status,
    instance: path
      .replace("{id}", "globex")
      .replace("{uid}", "anna")
      .replace("{commentId}", "c1"),
    detail: "",
    ...known?.[1],
    ...(status === 413
      ? {
          detail: `A body sent here may have at most ${maxBodyBytes(path)} bytes.`,
        }
      : {}),
    traceId: "9f1c2d4e-request",
  };
}
