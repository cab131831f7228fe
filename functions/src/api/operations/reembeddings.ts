import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { startReembedding } from "../../pipeline/upkeep/reembed.ts";
import { json } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { memberAccess } from "../http/auth.ts";
import { type ApiDeps, requestAuthor } from "../http/context.ts";
import { countMessages } from "./messageCounts.ts";
import type { Query } from "../../ports/store.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import { PlainId, type TenantId } from "../../domain/kernel/ids.ts";
import { ids } from "../http/examples.ts";
import { Refusal } from "../http/problem.ts";

const topic = "signals-reembed";
const countLimit = 100_000;

const ReembeddingStarted = z
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
        description: "How many already have vectors of this model.",
      }),
    }),
    pages: z
      .object({ open: z.int(), done: z.int(), parked: z.int() })
      .openapi({ description: "At most 50 documents per page." }),
    finished: z.boolean().openapi({
      description:
        "True when nothing is open any more; parked work waits for a person.",
    }),
  })
  .openapi("Reembedding");

const startRoute = commandRoute(
  {
    status: 202,
    ...memberAccess("reembeddings", "tenant.manage"),
    path: "/api/v1/reembeddings",
    operationId: "startReembedding",
    summary: "Re-embed everything with the current model",
    description:
      "Needed after the embedding model changes; until it is done, cards find few assets and similar signals. What already has vectors of this model costs nothing. While one is running, another request answers 409 with its id.",
    answer: json(ReembeddingStarted, "The re-embedding has begun", {
      id: ids.run,
      model: "gemini-embedding-001/768",
      links: { self: `/api/v1/reembeddings/${ids.run}` },
    }),
  },
  async (c, deps) => {
    const { tenantId } = c.get("caller");
    const id = deps.chance.id();
    const { model } = deps.embedder;
    const links = { self: `/api/v1/reembeddings/${id}` };
    const author = requestAuthor(c);
    const origin = { ...author.origin, runId: id };
    const decide = async () => {
      await assertNoneRunning(tenantId, deps);
      const audit = {
        action: "CREATE" as const,
        entity: { kind: "reembedding", id },
        before: null,
        after: { model },
        reason: "re-embedded by hand",
      };
      return {
        body: { id, model, links },
        outcome: { emits: [startReembedding(model, id)], audit: [audit] },
        author: { ...author, origin },
      };
    };
    return carryOut(c, { decide }, deps);
  },
);

const progressRoute = queryRoute(
  {
    ...memberAccess("reembeddings", "tenant.manage"),
    path: "/api/v1/reembeddings/{id}",
    operationId: "getReembedding",
    summary: "The progress of a re-embedding",
    request: { params: z.object({ id: PlainId }) },
    answer: json(Progress, "What is done and what is left", {
      id: ids.run,
      model: "gemini-embedding-001/768",
      signals: { total: 1200, embedded: 350 },
      pages: { open: 1, done: 7, parked: 0 },
      finished: false,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const model = await findModel(tenantId, id, deps);
    const signals = (where: Query<Signal>["where"]) =>
      deps.store.count({
        collection: at.signals(tenantId),
        where,
        limit: countLimit,
      });
    const [pages, total, embedded] = await Promise.all([
      countMessages(
        tenantId,
        { where: [["runId", "==", id]], limit: countLimit },
        deps,
      ),
      signals([]),
      signals([["embeddedWith", "==", model]]),
    ]);
    const finished = pages.open === 0;
    return { id, model, signals: { total, embedded }, pages, finished };
  },
);

/** The routes for re-embedding everything. */
export const reembeddingRoutes: readonly Route[] = [startRoute, progressRoute];

/** Refuses to start a second re-embedding while one is running. */
async function assertNoneRunning(
  tenantId: TenantId,
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  const [running] = await store.query({
    collection: at.messages(tenantId),
    where: [
      ["state", "==", "open"],
      ["topic", "==", topic],
    ],
    limit: 1,
  });
  if (running === undefined) return;
  const { runId } = running.data;
  throw new Refusal(409, "A re-embedding is already running.", {
    current: { id: runId ?? running.id, state: "open" },
  });
}

/** The model of a re-embedding, from its messages; 404 if it has none. */
async function findModel(
  tenantId: TenantId,
  id: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<string> {
  const [any] = await store.query({
    collection: at.messages(tenantId),
    where: [
      ["runId", "==", id],
      ["topic", "==", topic],
    ],
    limit: 1,
  });
  const model = any?.data.payload["model"];
  if (typeof model === "string") return model;
  throw new Refusal(404, "There is no such re-embedding.");
}
