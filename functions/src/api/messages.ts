import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { MessageId } from "../domain/ids.ts";
import { Message } from "../domain/message.ts";
import { TopicName } from "../domain/topics.ts";
import { commitOutcome, ring, ringOf } from "../pipeline/commit.ts";
import { replay } from "../pipeline/replay.ts";
import { body, json, Moment, persistently, shown } from "./answer.ts";
import { permitted } from "./auth.ts";
import {
  type Api,
  type ApiContext,
  type ApiDeps,
  authorOf,
} from "./context.ts";
import { CursorMoment, page, pageOf, PageQuery, startAfter } from "./page.ts";
import { problems, Refused } from "./problem.ts";

const Item = z
  .object({
    id: z.string(),
    ...Message.pick({
      topic: true,
      state: true,
      starts: true,
      attempts: true,
      runId: true,
      causedBy: true,
      traceId: true,
      accountId: true,
      skipped: true,
    }).shape,
    runAt: Moment,
    ringAt: Moment,
    createdAt: Moment,
    updatedAt: Moment,
    error: z
      .object({ code: z.string(), message: z.string(), at: Moment })
      .nullable(),
  })
  .openapi("MessageItem");

const Detail = Item.extend({
  payload: z.record(z.string(), z.unknown()),
}).openapi("Message");

const Items = pageOf(Item).openapi("MessagePage");
const OfMessage = z.object({ id: MessageId });
const Replayed = z.object({ id: z.string(), state: z.literal("open") });
const Results = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        result: z.enum(["replayed", "not-found", "not-parked", "conflict"]),
      }),
    ),
  })
  .openapi("ReplayResults");
type Result = z.infer<typeof Results>["items"][number]["result"];

const list = createRoute({
  method: "get",
  ...permitted("messages", "message.read"),
  path: "/api/v1/messages",
  summary: "Work that is parked, the latest first, or still open, by id",
  request: {
    query: PageQuery.extend({
      state: z.enum(["parked", "open"]).default("parked"),
      topic: TopicName.optional(),
    }),
  },
  responses: {
    200: json(Items, "A page of messages"),
    ...problems(400, 401, 403),
  },
});

const one = createRoute({
  method: "get",
  ...permitted("messages", "message.read"),
  path: "/api/v1/messages/{id}",
  summary: "A piece of work with its payload",
  request: { params: OfMessage },
  responses: {
    200: json(Detail, "The message"),
    ...problems(400, 401, 403, 404),
  },
});

const replayOne = createRoute({
  method: "post",
  ...permitted("messages", "message.replay"),
  path: "/api/v1/messages/{id}/replay",
  summary: "Try a parked message again, its counters at zero",
  request: { params: OfMessage },
  responses: {
    200: json(Replayed, "It is open again"),
    ...problems(400, 401, 403, 404, 409),
  },
});

const replayMany = createRoute({
  method: "post",
  ...permitted("messages", "message.replay"),
  path: "/api/v1/messages/replay",
  summary: "Try up to a hundred parked messages again",
  request: {
    body: body(z.object({ ids: z.array(MessageId).min(1).max(100) })),
  },
  responses: {
    200: json(Results, "What became of each"),
    ...problems(400, 401, 403, 413, 415),
  },
});

/** The routes of those who keep the work going. */
export function messageRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor, state, topic } = c.req.valid("query");
    const parked = state === "parked";
    const reads = await deps.store.query({
      collection: at.messages(c.get("caller").tenantId),
      where: [
        ["state", "==", state],
        ...(topic === undefined ? [] : [["topic", "==", topic] as const]),
      ],
      // What is open has no order that an index could keep without becoming hot.
      orderBy: parked
        ? [
            ["error.at", "desc"],
            ["__name__", "desc"],
          ]
        : [["__name__", "asc"]],
      limit: limit + 1,
      ...(parked
        ? startAfter(cursor, z.tuple([CursorMoment, MessageId]))
        : startAfter(cursor, z.tuple([MessageId]))),
    });
    const { items, nextCursor } = page(reads, limit, ({ id, data }) =>
      parked ? [data.error?.at ?? data.updatedAt, id] : [id],
    );
    const messages = items.map(({ id, data }) => ({ id, ...data }));
    return c.json(shown(Items, { items: messages, nextCursor }), 200);
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const read = await deps.store.read(
      at.message(c.get("caller").tenantId, id),
    );
    if (read === null) throw new Refused(404, "There is no such message.");
    return c.json(shown(Detail, { id, ...read.data }), 200);
  });

  api.openapi(replayOne, async (c) => {
    const { id } = c.req.valid("param");
    const result = await replayed(c, id, deps);
    if (result === "replayed")
      return c.json({ id, state: "open" as const }, 200);
    if (result === "not-found") {
      throw new Refused(404, "There is no such message.");
    }
    const { tenantId } = c.get("caller");
    const current = await deps.store.read(at.message(tenantId, id));
    throw new Refused(409, "Only what is parked can be tried again.", {
      current: { state: current?.data.state ?? "gone" },
    });
  });

  api.openapi(replayMany, async (c) => {
    const ids = [...new Set(c.req.valid("json").ids)];
    const items: { id: string; result: Result }[] = [];
    for (const id of ids) {
      items.push({ id, result: await replayed(c, id, deps) });
    }
    return c.json(shown(Results, { items }), 200);
  });
}

async function replayed(
  c: ApiContext,
  id: MessageId,
  deps: ApiDeps,
): Promise<Result> {
  const { tenantId } = c.get("caller");
  return persistently(async () => {
    const read = await deps.store.read(at.message(tenantId, id));
    if (read === null) return "not-found";
    const runAt = deps.clock.now();
    const outcome = replay(read, runAt);
    if (outcome === null) return "not-parked";
    const done = await commitOutcome(outcome, authorOf(c), [], deps);
    if (done.kind === "conflict") return null;
    const reopened = { ...read.data, runAt, starts: 0 };
    await ring([ringOf(tenantId, id, reopened)], deps);
    return "replayed";
  });
}
