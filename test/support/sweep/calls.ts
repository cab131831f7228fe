import { z } from "zod";
import { ids } from "../../../functions/src/api/http/examples.ts";
import { Permission } from "../../../functions/src/domain/people/roles.ts";
import { foreignIds, invited, withdrawn } from "./world.ts";

const Parameter = z.looseObject({
  name: z.string().optional(),
  in: z.enum(["path", "query", "header"]).optional(),
  required: z.boolean().optional(),
});

/** As much of an operation of the description as a call is made of. */
const Operation = z.looseObject({
  operationId: z.string(),
  security: z.array(z.unknown()),
  "x-permission": Permission.optional(),
  "x-personal": z.literal(true).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .object({
      content: z.record(z.string(), z.looseObject({ example: z.unknown() })),
    })
    .optional(),
});

/** The description, as far as the sweep reads it. */
export const Description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

/** A route as the description has it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly isPublic: boolean;
  readonly permission: Permission | undefined;
  /** Whether it is for whoever is signed in, in whatever tenant. */
  readonly isPersonal: boolean;
  readonly parameters: readonly z.infer<typeof Parameter>[];
  readonly example: unknown;
}

/** A request that one of the routes should take. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Every route of a description. */
export function routesIn(description: unknown): readonly Route[] {
  return Object.entries(Description.parse(description).paths).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operationId: operation.operationId,
        isPublic: operation.security.length === 0,
        permission: operation["x-permission"],
        isPersonal: operation["x-personal"] === true,
        parameters: operation.parameters,
        example: operation.requestBody?.content["application/json"]?.example,
      })),
  );
}

/** Where the documents are whose ids stand in paths: by what stands before them there. */
const idsByPath: readonly (readonly [RegExp, string])[] = [
  [/\/accounts\/\{id\}\/(?:un)?merge$/u, "merged"],
  [/\/accounts\/\{id\}|\/execute-for-client\/\{id\}/u, ids.account],
  [/\/opportunities\/\{id\}/u, ids.opportunity],
  [/\/runs\/\{id\}/u, ids.run],
  [/\/messages\/\{id\}/u, ids.message],
  [/\/assets\/\{id\}/u, ids.asset],
  [/\/playbooks\/\{id\}/u, ids.playbook],
  [/\/resolutions\/\{id\}\/dismiss/u, "waiting-too"],
  [/\/resolutions\/\{id\}/u, "waiting"],
  [/\/reembeddings\/\{id\}/u, "id-reembedding"],
  [/\/members\/\{uid\}/u, "spare"],
  [/\/invitations\/\{id\}\/withdraw/u, withdrawn],
  [/\/invitations\/\{id\}/u, invited],
  [/\/invitations\/\{tenantId\}\/accept/u, "hooli"],
  [/\/invitations\/\{tenantId\}\/decline/u, "piper"],
  [/\/me\/tenants\/\{tenantId\}\/leave/u, "raviga"],
  [/\/webhook\/\{tenant\}/u, "acme"],
];

/** Where an example stands for something that is there already, something else; and the queries without which a route answers nothing. */
const instead: Readonly<Record<string, Partial<Call>>> = {
  addAccount: { body: { name: "Hooli", domains: ["hooli.example"] } },
  inviteMember: {
    body: { email: "new@acme.example", name: "New", role: "VIEWER" },
  },
  addAsset: {
    body: {
      title: "A new deck",
      summary: "New.",
      url: "https://acme.example/new",
      categories: ["hiring"],
    },
  },
  addPlaybook: {
    body: { title: "A new play", categories: ["hiring"], action: "Call them." },
  },
  listDecisions: {
    path: "/api/v1/decisions?url=https%3A%2F%2Fglobex.example%2Fnews%2Fmarathon",
  },
  searchOpportunities: { path: "/api/v1/search/opportunities?q=globex" },
  searchAssets: { path: "/api/v1/search/assets?q=bank" },
};

/** The call of a route as its description shows it, with the ids of documents that are there; `card` where it is of a card. */
export function callOf(route: Route, card: string = ids.opportunity): Call {
  const id = idsByPath.find(([pattern]) => pattern.test(route.path))?.[1];
  const filled = route.path
    .replace(/\{\w+\}/u, id === ids.opportunity ? card : (id ?? "{unknown}"))
    .replace("{commentId}", "c1");
  if (filled.includes("{"))
    throw new Error(
      `The sweep knows no document for ${route.path}: add one to idsByPath.`,
    );
  const { path = filled, body = route.example } =
    instead[route.operationId] ?? {};
  return {
    method: route.method,
    path,
    body: withIds(body, {
      [ids.opportunity]: card,
      // Whoever is named in a comment has to see the card.
      bob: "lea",
    }),
  };
}

/** The same call with the ids of the foreign tenant's documents, wherever it names any. */
export function towardsForeign(call: Call): Call {
  const path = call.path.replace(
    /[^/?=&]+/gu,
    (part) => foreignIds[part] ?? part,
  );
  return { ...call, path, body: withIds(call.body, foreignIds) };
}

/** The same body with each text that is one of these ids replaced. */
function withIds(
  body: unknown,
  known: Readonly<Record<string, string>>,
): unknown {
  if (typeof body === "string") return known[body] ?? body;
  if (Array.isArray(body)) return body.map((inner) => withIds(inner, known));
  if (body === null || typeof body !== "object") return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, inner]) => [key, withIds(inner, known)]),
  );
}
