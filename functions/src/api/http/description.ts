import { maxBytesOf } from "./bodies.ts";
import type { Api } from "./context.ts";
import { isOfPersons } from "./personalPaths.ts";
import { kinds, type Problem } from "./problem.ts";

const about = `ClientPulse turns what happens at client accounts into cards that people decide on.

**Sign in** with a Firebase ID token: \`Authorization: Bearer …\`. Whoever belongs to several tenants names one in \`X-Tenant-ID\`, or means the one that they chose as their default.

**Refusals** are problem details (RFC 9457). A 409 says in \`current\` how the thing stands by now.

**Commands** may carry an \`Idempotency-Key\`: the same request sent again with it within a day is carried out once and gets the first answer again.

**Bodies** come uncompressed, and may have 256,000 bytes; the tables of an import, and the events that HubSpot sends at once, 5,000,000. Longer ones are refused unread.

**Limits**: every answer says in \`RateLimit\` what is left; beyond it is 429 with \`Retry-After\`.`;

const tags = {
  inbox: "The cards that wait for a decision, the highest score first.",
  opportunities:
    "Cards: what they say, what they rest on, and what people decide.",
  accounts: "The companies that are watched.",
  monitoring: "Looks at an account's sources, asked for by hand.",
  signals: "What people and programs know of an account and hand in.",
  webhooks: "What other systems send of themselves, signed.",
  resolutions: "Signals of which it is not sure whose they are.",
  messages: "The work behind it all, where it is parked or still open.",
  reembeddings: "Embedding everything anew, after a change of the model.",
  me: "Who is asking.",
  members: "Who belongs to the tenant, and as what.",
  invitations: "Who is invited to the tenant, and what came of it.",
  tenant: "The tenant's own settings.",
  assets: "Case studies, decks and references that cards point to.",
  playbooks: "What is to be done when something of a kind happens.",
  exports: "Cards as files.",
  search: "Cards and assets by words and by meaning.",
  decisions: "What became of what was found: why something is on no card.",
  dashboards: "The whole tenant in numbers, beside the product's targets.",
  health: "Whether the house is well.",
} as const;

/** What every route belongs to. */
export type Tag = keyof typeof tags;

/** Without examples: a reader would send them along, each time the same. */
const headers = {
  "X-Tenant-ID":
    "Which tenant is meant, for those who belong to several; without it, the one that they chose as their default.",
  "X-Request-ID":
    "Followed through messages, audit and log, and answered; made where it is absent.",
  "Idempotency-Key":
    "1 to 255 visible ASCII characters, best a fresh UUID. The same request sent again with it within a day is carried out once and gets the first answer, with `Idempotency-Replayed: true`.",
} as const;

/** A problem as each status has it: the one that is met most. */
const met: Readonly<
  Record<keyof typeof kinds, Partial<Problem> & { readonly detail: string }>
> = {
  400: {
    detail: "limit: Too big: expected number to be <=100",
    errors: [
      { field: "limit", message: "Too big: expected number to be <=100" },
    ],
  },
  401: { detail: "The token has expired or is not ours." },
  403: { detail: "The role VIEWER does not hold the permission for this." },
  404: { detail: "There is no such thing, or it is not yours." },
  408: {
    detail: "The request was not sent to its end in time. Send it again.",
  },
  409: { detail: "Its version is 3 now.", current: { version: 3 } },
  413: { detail: "" },
  415: { detail: "Unsupported Media Type" },
  422: {
    detail:
      "This Idempotency-Key came with another request within the last day. Send a new key for a new request.",
  },
  429: {
    detail:
      "You may make 60 commands a minute. Wait 1 s, then send the same again; nothing was done.",
  },
  431: {
    detail:
      "Send fewer or shorter headers: all of them together may have 16 KiB.",
  },
  500: { detail: "The request failed; its traceId finds it in our logs." },
  503: { detail: "Please try again in a moment." },
};

/** The whole API in OpenAPI 3.1: what the routes say of themselves, and what holds for all of them. */
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
      if (operation !== undefined) complete(operation, { path, method });
    }
  }
  return document;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

type Operation = NonNullable<
  NonNullable<ReturnType<Api["getOpenAPI31Document"]>["paths"]>[string]["get"]
>;

/** Adds to an operation the headers that it takes, and what each of its refusals looks like. */
function complete(
  operation: Operation,
  { path, method }: { readonly path: string; readonly method: string },
): void {
  const isPublic = operation.security?.length === 0;
  const taken = [
    ...(isPublic || isOfPersons(path) ? [] : ["X-Tenant-ID"]),
    "X-Request-ID",
    ...(isPublic || method === "get" ? [] : ["Idempotency-Key"]),
  ];
  operation.parameters = [
    ...(operation.parameters ?? []),
    ...taken.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    if (!isRefusal(response)) continue;
    const { content } = response;
    if (status === "413")
      response.description = `A body sent here may have ${maxBytesOf(path)} bytes, uncompressed`;
    content["application/problem+json"].example = exampleOf(+status, path);
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

function exampleOf(status: number, path: string): Problem {
  const known = Object.entries(met).find(([key]) => Number(key) === status);
  const [kind, title] = Object.entries(kinds).find(
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
      ? { detail: `A body sent here may have ${maxBytesOf(path)} bytes.` }
      : {}),
    traceId: "9f1c2d4e-request",
  };
}
