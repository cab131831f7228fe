import type { Api } from "../../functions/src/api/http/context.ts";
import { Problem } from "../../functions/src/api/http/problem.ts";

interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

interface Parser {
  readonly parse: (input: unknown) => unknown;
}

/** A route as it was registered, with the schemas that its description is generated from. */
export interface Described {
  readonly method: string;
  readonly path: string;
  /** The body's schema and example by media type. */
  readonly body: readonly (readonly [string, Sample])[];
  /** The same for each status that it says it may answer. */
  readonly answers: ReadonlyMap<number, readonly (readonly [string, Sample])[]>;
}

interface Sample {
  readonly schema: Parser;
  readonly example: unknown;
}

/** All routes that describe themselves. */
export function routesOf(api: Api): readonly Described[] {
  return api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route") return [];
    const { method, path, request, responses } = definition.route;
    const answers = Object.entries(responses).map(
      ([status, response]) =>
        [Number(status), samplesOf(contentOf(response))] as const,
    );
    return [
      {
        method: method.toUpperCase(),
        path,
        body: samplesOf(contentOf(request?.body)),
        answers: new Map(answers),
      },
    ];
  });
}

/** Throws where an answer is none that its route says it gives: of another status, or of another shape. */
export function describedBy(api: Api): (answered: Answered) => void {
  const routes = routesOf(api).map((route) => ({
    ...route,
    pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, "[^/]+")}$`),
  }));
  return ({ method, path, status, headers, json }) => {
    const [pathname = ""] = path.split("?");
    // A fixed path goes before one with a parameter in its place.
    const fitting = routes
      .filter((r) => r.method === method && r.pattern.test(pathname))
      .toSorted((a, b) => parameters(a.path) - parameters(b.path));
    const [route] = fitting;
    if (route === undefined) return;
    const answer = route.answers.get(status);
    if (answer === undefined)
      throw new Error(
        `${method} ${route.path} answered ${status}, which its description does not name.`,
      );
    const type = headers.get("content-type")?.split(";")[0] ?? "";
    const sample = answer.find(([media]) => media === type)?.[1];
    if (sample === undefined)
      throw new Error(
        `${method} ${route.path} answered ${status} as ${type}, which its description does not name.`,
      );
    sample.schema.parse(json);
    if (type === "application/problem+json") Problem.parse(json);
  };
}

function parameters(path: string): number {
  return path.split("{").length;
}

function contentOf(described: unknown): unknown {
  return described !== null &&
    typeof described === "object" &&
    "content" in described
    ? described.content
    : {};
}

function samplesOf(content: unknown): readonly (readonly [string, Sample])[] {
  return Object.entries(content ?? {}).map(
    ([media, described]: [string, unknown]) => [media, sampleOf(described)],
  );
}

function sampleOf(described: unknown): Sample {
  if (
    described === null ||
    typeof described !== "object" ||
    !("schema" in described)
  )
    throw new Error("A description has no schema.");
  const { schema } = described;
  if (!isParser(schema)) throw new Error("A schema is none of zod's.");
  return { schema, example: "example" in described ? described.example : null };
}

function isParser(schema: unknown): schema is Parser {
  return (
    schema !== null &&
    typeof schema === "object" &&
    "parse" in schema &&
    typeof schema.parse === "function"
  );
}
