import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isPersonalPath } from "../../functions/src/api/http/personalPaths.ts";
import { Problem } from "../../functions/src/api/http/problem.ts";
import { bodyOf, sharedApi } from "../support/api.ts";
import { routesOf } from "../support/described.ts";

const Content = z.record(
  z.string(),
  z.object({ schema: z.unknown(), example: z.unknown() }),
);
const Operation = z.object({
  operationId: z.string(),
  summary: z.string().min(3),
  tags: z.tuple([z.string()]),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.record(z.string(), z.unknown())).default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().min(3), content: Content }),
  ),
});
const Document = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({
    title: z.string(),
    version: z.string(),
    description: z.string(),
  }),
  tags: z.array(z.object({ name: z.string(), description: z.string().min(5) })),
  components: z.object({
    securitySchemes: z.record(z.string(), z.object({ type: z.string() })),
    schemas: z.record(z.string(), z.unknown()),
    parameters: z.record(z.string(), z.unknown()),
  }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

const api = await sharedApi();
const answer = await api.send("/api/openapi.json");
const document = bodyOf(answer, 200, Document);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => {
    const name = `${method.toUpperCase()} ${path}`;
    return { name, path, method, ...operation };
  }),
);
const routes = routesOf(api.app);

describe("the document", () => {
  it("has every route, each operation under an id of its own", () => {
    expect(operations.map(({ name }) => name).toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const path of [
      "/api/signals",
      "/api/v1/opportunities/{id}/approve",
      "/api/v1/reembeddings",
      "/api/integrations/salesforce/webhook",
      "/health",
    ])
      expect(Object.keys(document.paths)).toContain(path);
  });

  it("explains every tag that is used, and none besides", () => {
    const used = new Set(operations.flatMap(({ tags }) => tags));
    const explained = new Set(document.tags.map(({ name }) => name));
    expect(explained).toEqual(used);
  });

  it("has whatever it refers to", () => {
    const refs = [...answer.text.matchAll(/"\$ref":"([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(50);
    for (const [, ref = ""] of refs) {
      const found = ref
        .replace(/^#\//, "")
        .split("/")
        .reduce<unknown>(
          (at, key) =>
            at !== null && typeof at === "object"
              ? Reflect.get(at, decodeURIComponent(key))
              : undefined,
          answer.json,
        );
      expect(found, ref).toBeTypeOf("object");
    }
  });

  it("names for each path parameter where it is", () => {
    for (const { name, path, parameters } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key);
      const inPath = parameters.filter((p) => p["in"] === "path");
      expect(
        inPath.map((p) => p["name"]),
        name,
      ).toEqual(wanted);
    }
  });
});

describe.each(operations)("$name", ({ path, method, ...operation }) => {
  const route = routes.find(
    (r) => r.path === path && r.method === method.toUpperCase(),
  );
  const isPublic = operation.security.length === 0;
  const refs = operation.parameters.map((p) => p["$ref"]);

  it("says who may call it, and which headers it takes", () => {
    if (isPublic) expect(path).toMatch(/^\/(?:health|api\/integrations\/.*)$/);
    else expect(operation.security).toEqual([{ bearer: [] }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual([
      "bearer",
    ]);
    expect(refs).toContain("#/components/parameters/X-Request-ID");
    const isCommand = !isPublic && method !== "get";
    expect(refs.includes("#/components/parameters/X-Tenant-ID")).toBe(
      !isPublic && !isPersonalPath(path),
    );
    expect(refs.includes("#/components/parameters/Idempotency-Key")).toBe(
      isCommand,
    );
  });

  it("shows a body that it would take", () => {
    const shown = Object.entries(operation.requestBody?.content ?? {});
    expect(shown).toHaveLength(route?.body.length ?? 0);
    for (const [media, { schema }] of route?.body ?? []) {
      const example = operation.requestBody?.content[media]?.example;
      expect(example).toBeDefined();
      expect(() => schema.parse(example)).not.toThrow();
    }
  });

  it("shows each answer that it may give, in the shape that it has", () => {
    const statuses = [...(route?.answers.keys() ?? [])];
    expect(Object.keys(operation.responses).map(Number)).toEqual(statuses);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    for (const [status, samples] of route?.answers ?? []) {
      expect(samples).toHaveLength(1);
      for (const [media, { schema }] of samples) {
        const shown = operation.responses[status]?.content[media];
        expect(shown?.example, `${status} has no example`).toBeDefined();
        expect(() => schema.parse(shown?.example)).not.toThrow();
        if (media !== "application/problem+json") continue;
        const problem = Problem.parse(shown?.example);
        expect(problem.status).toBe(status);
        expect(problem.detail).not.toBe("");
      }
    }
  });

  it("names the refusals that all such routes have", () => {
    const always = isPublic
      ? [429, 500]
      : [400, 401, 403, 429, 500, 503].concat(
          method === "get" ? [] : [409, 413, 415, 422],
        );
    for (const status of always)
      expect(operation.responses, String(status)).toHaveProperty(
        String(status),
      );
    // A webhook does not tell strangers which tenants there are.
    if (path.includes("{") && !isPublic)
      expect(operation.responses).toHaveProperty("404");
  });
});
