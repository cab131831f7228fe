import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { AccountId, MessageId } from "../../domain/kernel/ids.ts";
import { Message } from "../../domain/messages/message.ts";
import { TopicName, topics } from "../../domain/messages/topics.ts";
import {
  asRaw,
  explainMisfit,
  Raw,
  toJson,
} from "../../domain/messages/unreadable.ts";
import type { Read } from "../../ports/store.ts";
import { ring, toRing } from "../../delivery/ring.ts";
import { replay } from "../../pipeline/upkeep/replay.ts";
import { body, json, Moment, persistently, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import {
  CursorMoment,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { commandProblems, queryProblems, Refused } from "../http/problem.ts";

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

const UnreadableItem = z
  .object({
    id: z.string(),
    unreadable: z.literal(true),
    reason: z.string().openapi({
      description: "Which fields do not fit, and what they should be.",
    }),
    state: z.string().nullable(),
    topic: z.string().nullable(),
    error: z
      .object({ code: z.string(), message: z.string(), at: Moment })
      .nullable(),
    document: z.record(z.string(), z.unknown()).nullable().openapi({
      description:
        "The document as it is stored; null in a list where it is long.",
    }),
  })
  .openapi("UnreadableMessage");

const Items = pageOf(z.union([Item, UnreadableItem])).openapi("MessagePage");
const OfMessage = z.object({ id: MessageId });
const Replayed = z.object({ id: z.string(), state: z.literal("open") });
const Results = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        result: z.enum([
          "replayed",
          "not-found",
          "not-parked",
          "unreadable",
          "conflict",
        ]),
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
      state: z
        .enum(["parked", "unreadable", "open", "retrying"])
        .default("parked")
        .openapi({
          description:
            "`unreadable`: parked because it could not be read. `retrying`: open, after a run that failed.",
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
    200: json(z.union([Detail, UnreadableItem]), "The message", {
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

/** What is longer is left out of a list. */
const mostInList = 20_000;

/** When it was parked, as a cursor carries it: a moment, or what stands in its place in a document that cannot be read. */
const ParkedAt = z.union([
  CursorMoment,
  z
    .object({ is: z.union([z.string(), z.number(), z.boolean(), z.null()]) })
    .transform(({ is }) => is),
]);

function parkedAt({ error }: Raw): unknown {
  const at = Raw.safeParse(error).data?.["at"] ?? null;
  return at instanceof Date ? at : { is: at };
}

/** A stored message as it is shown: with its fields, or as it is where they cannot be read. */
function viewOf({ id, data }: Pick<Read<Raw>, "id" | "data">, most: number) {
  const parsed = Message.safeParse(data);
  if (parsed.success) return { id, ...parsed.data };
  const document = toJson(data);
  const { error } = Message.pick({ error: true }).safeParse(data).data ?? {};
  return {
    id,
    unreadable: true,
    reason: explainMisfit(parsed.error),
    state: textOf(data["state"]),
    topic: textOf(data["topic"]),
    error: error ?? null,
    document: JSON.stringify(document).length > most ? null : document,
  } as const;
}

function reasonOf(data: Raw): string {
  const { error } = Message.safeParse(data);
  return error === undefined ? "" : explainMisfit(error);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The routes of those who keep the work going. */
export function messageRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor, state, topic, account } = c.req.valid("query");
    const parked = state === "parked" || state === "unreadable";
    const reads = await deps.store.query({
      // As they are: those that cannot be read are what somebody has to see.
      collection: asRaw(at.messages(c.get("caller").tenantId)),
      where: [
        ["state", "==", parked ? "parked" : "open"],
        ...(state === "unreadable"
          ? [["error.code", "==", "unreadable"] as const]
          : []),
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
        ? startAfter(cursor, z.tuple([ParkedAt, MessageId]))
        : startAfter(cursor, z.tuple([MessageId]))),
    });
    const { items, nextCursor } = page(reads, limit, (last) =>
      parked ? [parkedAt(last.data), last.id] : [last.id],
    );
    const messages = items.map((read) => viewOf(read, mostInList));
    return c.json(shown(Items, { items: messages, nextCursor }), 200);
  });

  api.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const read = await deps.store.read(
      asRaw(at.message(c.get("caller").tenantId, id)),
    );
    if (read === null) throw new Refused(404, "There is no such message.");
    const view = viewOf(read, Infinity);
    const answer =
      "unreadable" in view ? shown(UnreadableItem, view) : shown(Detail, view);
    return c.json(answer, 200);
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
    const current = await deps.store.read(asRaw(at.message(tenantId, id)));
    if (current !== null && result === "unreadable")
      throw new Refused(
        409,
        `This release cannot read it either: ${reasonOf(current.data)}`,
        { current: { state: "unreadable" } },
      );
    throw new Refused(409, "Only what is parked can be tried again.", {
      current: { state: textOf(current?.data["state"]) ?? "gone" },
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
    const ref = at.message(tenantId, id);
    const raw = await deps.store.read(asRaw(ref));
    if (raw === null) return "not-found";
    const { success, data } = Message.safeParse(raw.data);
    if (!success) return "unreadable";
    const read = { ...raw, ref, data };
    const runAt = deps.clock.now();
    const outcome = replay(read, runAt);
    if (outcome === null) return "not-parked";
    const done = await commitAnswered(c, { outcome, answer }, deps);
    if (done.kind === "conflict") return null;
    const reopened = { ...read.data, runAt, starts: 0 };
    await ring([toRing(tenantId, id, reopened)], deps);
    return "replayed";
  });
}
