import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../domain/collections.ts";
import { AccountId, MessageId } from "../domain/ids.ts";
import { Message } from "../domain/message.ts";
import { TopicName, topics } from "../domain/topics.ts";
import { ring, ringOf } from "../pipeline/commit.ts";
import { replay } from "../pipeline/replay.ts";
import { body, json, Moment, persistently, shown } from "./answer.ts";
import { permitted } from "./auth.ts";
import type { Api, ApiContext, ApiDeps } from "./context.ts";
import { ids, moments } from "./examples.ts";
import { commitAnswered } from "./idempotency.ts";
import { CursorMoment, page, pageOf, PageQuery, startAfter } from "./page.ts";
import { commandProblems, queryProblems, Refused } from "./problem.ts";

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

const example = {
  id: ids.message,
  topic: "signal-received" as const,
  state: "parked" as const,
  starts: 5,
  attempts: 5,
  runId: null,
  causedBy: null,
  traceId: ids.trace,
  accountId: ids.account,
  skipped: null,
  runAt: moments.received,
  ringAt: moments.received,
  createdAt: moments.received,
  updatedAt: moments.decided,
  error: {
    code: "bad-answer",
    message: "The feed is not XML.",
    at: moments.decided,
  },
};

const list = createRoute({
  method: "get",
  ...permitted("messages", "message.read"),
  path: "/api/v1/messages",
  operationId: "listMessages",
  summary: "Work that is parked, the latest first, or still open, by id",
  request: {
    query: PageQuery.extend({
      state: z.enum(["parked", "open", "retrying"]).default("parked").openapi({
        description: "`retrying`: open, after a run that failed.",
      }),
      topic: TopicName.optional(),
      account: AccountId.optional(),
    }),
  },
  responses: {
    200: json(Items, "A page of messages", {
      items: [example],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

const one = createRoute({
  method: "get",
  ...permitted("messages", "message.read"),
  path: "/api/v1/messages/{id}",
  operationId: "getMessage",
  summary: "A piece of work with its payload",
  request: { params: OfMessage },
  responses: {
    200: json(Detail, "The message", {
      ...example,
      payload: { accountId: ids.account, sourceKey: "newsroom" },
    }),
    ...queryProblems(404),
  },
});

const replayOne = createRoute({
  method: "post",
  ...permitted("messages", "message.replay"),
  path: "/api/v1/messages/{id}/replay",
  operationId: "replayMessage",
  summary: "Try a parked message again, its counters at zero",
  request: { params: OfMessage },
  responses: {
    200: json(Replayed, "It is open again", {
      id: ids.message,
      state: "open",
    }),
    ...commandProblems(404),
  },
});

const replayMany = createRoute({
  method: "post",
  ...permitted("messages", "message.replay"),
  path: "/api/v1/messages/replay",
  operationId: "replayMessages",
  summary: "Try up to a hundred parked messages again",
  request: {
    body: body(z.object({ ids: z.array(MessageId).min(1).max(100) }), {
      ids: [ids.message],
    }),
  },
  responses: {
    200: json(Results, "What became of each", {
      items: [{ id: ids.message, result: "replayed" }],
    }),
    ...commandProblems(),
  },
});

/** How many runs of open work may have failed; one more, and it is parked. */
const failedRuns = Array.from(
  { length: Math.max(...Object.values(topics).map((t) => t.maxAttempts)) },
  (_, i) => i + 1,
);

/** The routes of those who keep the work going. */
export function messageRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor, state, topic, account } = c.req.valid("query");
    const parked = state === "parked";
    const reads = await deps.store.query({
      collection: at.messages(c.get("caller").tenantId),
      where: [
        ["state", "==", parked ? "parked" : "open"],
        // As equals, for an index of this would have an order to keep.
        ...(state === "retrying"
          ? [["attempts", "in", failedRuns] as const]
          : []),
        ...(topic === undefined ? [] : [["topic", "==", topic] as const]),
        ...(account === undefined
          ? []
          : [["accountId", "==", account] as const]),
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
    const body = { id, state: "open" as const };
    const asked = { id, answer: { status: 200, body } };
    const result = await replayed(c, asked, deps);
    if (result === "replayed") return c.json(body, 200);
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
    const wanted = [...new Set(c.req.valid("json").ids)];
    const items: { id: string; result: Result }[] = [];
    // Each on its own: what is no longer parked when the request comes twice stays as it is.
    for (const id of wanted) {
      const result = await replayed(c, { id, answer: null }, deps);
      items.push({ id, result });
    }
    return c.json(shown(Results, { items }), 200);
  });
}

async function replayed(
  c: ApiContext,
  {
    id,
    answer,
  }: {
    readonly id: MessageId;
    readonly answer: { readonly status: number; readonly body: object } | null;
  },
  deps: ApiDeps,
): Promise<Result> {
  const { tenantId } = c.get("caller");
  return persistently(async () => {
    const read = await deps.store.read(at.message(tenantId, id));
    if (read === null) return "not-found";
    const runAt = deps.clock.now();
    const outcome = replay(read, runAt);
    if (outcome === null) return "not-parked";
    const done = await commitAnswered(c, { outcome, answer }, deps);
    if (done.kind === "conflict") return null;
    const reopened = { ...read.data, runAt, starts: 0 };
    await ring([ringOf(tenantId, id, reopened)], deps);
    return "replayed";
  });
}
