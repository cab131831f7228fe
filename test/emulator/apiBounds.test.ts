import { expect, it } from "vitest";
import { z } from "zod";
import { sharedApi } from "../support/api.ts";

type Schema = { readonly [key: string]: unknown };

const Schemas = z.record(z.string(), z.record(z.string(), z.unknown()));
const Described = z.looseObject({
  components: z.looseObject({ schemas: Schemas }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        parameters: z
          .array(
            z.looseObject({
              name: z.string().optional(),
              schema: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .default([]),
        requestBody: z
          .looseObject({
            content: z.record(
              z.string(),
              z.looseObject({ schema: z.record(z.string(), z.unknown()) }),
            ),
          })
          .optional(),
      }),
    ),
  ),
});

const api = await sharedApi();
const { components, paths } = Described.parse(
  (await api.send("/api/openapi.json")).json,
);

/** Why a value of a schema could be of any size; each with where in it. */
function unbounded(schema: Schema, path: string): readonly string[] {
  const ref =
    typeof schema["$ref"] === "string"
      ? schema["$ref"].split("/").at(-1)
      : undefined;
  if (ref !== undefined) return unbounded(components.schemas[ref] ?? {}, path);
  if ("enum" in schema || "const" in schema) return [];
  const types = [schema["type"]].flat();
  const has = (...names: readonly string[]) =>
    names.some((name) => name in schema);
  const faults = [
    types.some((t) => t === "number" || t === "integer") &&
      // Of fractions there are some as near to an open end as can be.
      !(
        (has("minimum") ||
          (types.includes("integer") && has("exclusiveMinimum"))) &&
        has("maximum", "exclusiveMaximum")
      ) &&
      "has no minimum or no maximum",
    types.includes("string") &&
      !has("maxLength") &&
      !isBoundedPattern(schema["pattern"]) &&
      "has no maxLength",
    types.includes("array") && !has("maxItems") && "has no maxItems",
  ].filter((fault) => fault !== false);
  return [
    ...faults.map((fault) => `${path} ${fault}`),
    ...partsOf(schema, path),
  ];
}

function partsOf(schema: Schema, path: string): readonly string[] {
  const Inner = z.record(z.string(), z.unknown());
  const each = (value: unknown, name: string) => {
    const inner = Inner.safeParse(value);
    return inner.success ? unbounded(inner.data, `${path}${name}`) : [];
  };
  const parts = (value: unknown) =>
    Array.isArray(value) ? value.map((inner: unknown) => inner) : [];
  return [
    ...["anyOf", "oneOf"].flatMap((key) =>
      parts(schema[key]).flatMap((inner) => each(inner, "")),
    ),
    // Of what has to fit all of them, one with a bound is enough.
    ...(parts(schema["allOf"]).some((inner) => each(inner, "").length === 0)
      ? []
      : parts(schema["allOf"]).flatMap((inner) => each(inner, ""))),
    ...Object.entries(Inner.parse(schema["properties"] ?? {})).flatMap(
      ([name, inner]) => each(inner, `.${name}`),
    ),
    ...each(schema["items"], "[]"),
    ...each(schema["additionalProperties"], ".*"),
    ...each(schema["propertyNames"], ".<name>"),
  ];
}

/** From its first sign to its last, and nothing in it as often as one likes. */
function isBoundedPattern(pattern: unknown): boolean {
  return (
    typeof pattern === "string" &&
    /^\/?\^.*\$(?:\/\w*)?$/u.test(pattern) &&
    !/[*+]|\{\d+,\}/u.test(pattern.replace(/\[[^\]]*\]/gu, "x"))
  );
}

it("knows a schema without bounds", () => {
  expect(
    unbounded(
      {
        type: "object",
        properties: {
          n: { type: "number", minimum: 0 },
          t: { type: ["string", "null"] },
          l: {
            type: "array",
            items: { type: "integer", minimum: 1, maximum: 2 },
          },
        },
      },
      "x",
    ),
  ).toEqual([
    "x.n has no minimum or no maximum",
    "x.t has no maxLength",
    "x.l has no maxItems",
  ]);
  expect(unbounded({ type: "string", pattern: "^\\w+$" }, "x")).toHaveLength(1);
  expect(
    unbounded({ type: "string", pattern: "^[\\w.*-]{1,20}$" }, "x"),
  ).toEqual([]);
});

it("takes no number, text or list without bounds, of any route", () => {
  const faults = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap(({ operationId, parameters, requestBody }) => [
      ...parameters.flatMap(({ name, schema }) =>
        schema === undefined ? [] : unbounded(schema, `${operationId} ${name}`),
      ),
      ...Object.entries(requestBody?.content ?? {}).flatMap(
        ([media, { schema }]) => unbounded(schema, `${operationId} ${media}`),
      ),
    ]),
  );
  expect(faults).toEqual([]);
});
