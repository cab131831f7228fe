import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { startReembedding } from "../../pipeline/upkeep/reembed.ts";
import { json, persistently, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import { type Api, type ApiDeps, authorOf } from "../http/context.ts";
import { PlainId } from "../../domain/kernel/ids.ts";
import { ids } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { commandProblems, queryProblems, Refused } from "../http/problem.ts";

const topic = "signals-reembed";
const countLimit = 100_000;

const Started = z
  .object({
    id: z.string(),
    model: z.string(),
    links: z.object({ self: z.string() }),
  })
  .openapi("ReembeddingStarted");

const Progress = z
  .object({
    id: z.string(),
    model: z.string(),
    signals: z.object({
      total: z.int(),
      embedded: z.int().openapi({
        description: "How many have the vectors of this model by now.",
      }),
    }),
    pages: z
      .object({ open: z.int(), done: z.int(), parked: z.int() })
      .openapi({ description: "Of at most fifty documents each." }),
    finished: z.boolean().openapi({
      description: "Nothing of it is open; what is parked waits for a person.",
    }),
  })
  .openapi("Reembedding");

const start = createRoute({
  method: "post",
  ...permitted("reembeddings", "tenant.manage"),
  path: "/api/v1/reembeddings",
  operationId: "startReembedding",
  summary: "Embed everything anew with the model that is set now",
  description:
    "For after a change of the embedding model: until it is done, cards find little. What has its vectors already costs nothing. While one is under way, another answers 409 with its id.",
  responses: {
    202: json(Started, "It has begun", {
      id: ids.run,
      model: "gemini-embedding-001/768",
      links: { self: `/api/v1/reembeddings/${ids.run}` },
    }),
    ...commandProblems(),
  },
});

const progress = createRoute({
  method: "get",
  ...permitted("reembeddings", "tenant.manage"),
  path: "/api/v1/reembeddings/{id}",
  operationId: "getReembedding",
  summary: "How far embedding anew has come",
  request: { params: z.object({ id: PlainId }) },
  responses: {
    200: json(Progress, "What is done and what is left", {
      id: ids.run,
      model: "gemini-embedding-001/768",
      signals: { total: 1200, embedded: 350 },
      pages: { open: 1, done: 7, parked: 0 },
      finished: false,
    }),
    ...queryProblems(404),
  },
});

/** The routes by which an administrator has everything embedded anew. */
export function reembeddingRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(start, async (c) => {
    const { tenantId } = c.get("caller");
    const id = deps.chance.id();
    const { model } = deps.embedder;
    const links = { self: `/api/v1/reembeddings/${id}` };
    const answer = shown(Started, { id, model, links });
    await persistently(async () => {
      const [running] = await deps.store.query({
        collection: at.messages(tenantId),
        where: [
          ["state", "==", "open"],
          ["topic", "==", topic],
        ],
        limit: 1,
      });
      if (running !== undefined) {
        const { runId } = running.data;
        throw new Refused(409, "Everything is being embedded anew already.", {
          current: { id: runId ?? running.id, state: "open" },
        });
      }
      const author = authorOf(c);
      const done = await commitAnswered(
        c,
        {
          outcome: {
            emits: [startReembedding(model, id)],
            audit: [
              {
                action: "CREATE",
                entity: { kind: "reembedding", id },
                before: null,
                after: { model },
                reason: "embedded anew by hand",
              },
            ],
          },
          answer: { status: 202, body: answer },
          author: { ...author, origin: { ...author.origin, runId: id } },
        },
        deps,
      );
      return done.kind === "conflict" ? null : done;
    });
    return c.json(answer, 202);
  });

  api.openapi(progress, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const [any] = await deps.store.query({
      collection: at.messages(tenantId),
      where: [
        ["runId", "==", id],
        ["topic", "==", topic],
      ],
      limit: 1,
    });
    const model = any?.data.payload["model"];
    if (typeof model !== "string")
      throw new Refused(404, "There is no such re-embedding.");
    const pages = (state: "open" | "done" | "parked") =>
      deps.store.count({
        collection: at.messages(tenantId),
        where: [
          ["runId", "==", id],
          ["state", "==", state],
        ],
        limit: countLimit,
      });
    const signals = (where: readonly (readonly [string, "==", string])[]) =>
      deps.store.count({
        collection: at.signals(tenantId),
        where,
        limit: countLimit,
      });
    const [open, done, parked, total, embedded] = await Promise.all([
      pages("open"),
      pages("done"),
      pages("parked"),
      signals([]),
      signals([["embeddedWith", "==", model]]),
    ]);
    const answer = {
      id,
      model,
      signals: { total, embedded },
      pages: { open, done, parked },
      finished: open === 0,
    };
    return c.json(shown(Progress, answer), 200);
  });
}
