import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
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
import type { Query, Read } from "../../ports/store.ts";
import { readOr404 } from "../http/documents.ts";
import { ring, toRing } from "../../delivery/ring.ts";
import { replay } from "../../pipeline/upkeep/replay.ts";
import { body, json, Moment } from "../http/answer.ts";
import { retryOnConflict } from "../http/command.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import {
  CursorMoment,
  pageSchema,
  PageQuery,
  startAfter,
  toPage,
} from "../http/page.ts";
import { Refusal } from "../http/problem.ts";

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
      description:
        "Which fields do not fit their schema, and what they should be.",
    }),
    state: z.string().nullable(),
    topic: z.string().nullable(),
    error: z
      .object({ code: z.string(), message: z.string(), at: Moment })
      .nullable(),
    document: z.record(z.string(), z.unknown()).nullable().openapi({
      description: "The stored document; null in a list if it is long.",
    }),
  })
  .openapi("UnreadableMessage");

const Items = pageSchema(z.union([Item, UnreadableItem])).openapi(
  "MessagePage",
);
const MessageParams = z.object({ id: MessageId });
const Reopened = z.object({ id: z.string(), state: z.literal("open") });
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

const listMessages = queryRoute(
  {
    ...memberAccess("messages", "message.read"),
    path: "/api/v1/messages",
    operationId: "listMessages",
    summary: "Parked messages, latest first, or open messages, by id",
    request: {
      query: PageQuery.extend({
        state: z
          .enum(["parked", "unreadable", "open", "retrying"])
          .default("parked")
          .openapi({
            description:
              "`unreadable`: parked because it could not be read. `retrying`: open after a failed run.",
          }),
        topic: TopicName.optional(),
        account: AccountId.optional(),
      }),
    },
    answer: json(Items, "A page of messages", {
      items: [example],
      nextCursor: null,
    }),
  },
  async (c, deps) => {
    const { state, topic, account, ...asked } = c.req.valid("query");
    const isParked = state === "parked" || state === "unreadable";
    const where: Query<Raw>["where"] = [
      ["state", "==", isParked ? "parked" : "open"],
      ...(state === "unreadable"
        ? [["error.code", "==", "unreadable"] as const]
        : []),
      // As a list of values: a range would need an ordered index.
      ...(state === "retrying"
        ? [["attempts", "in", failedRuns] as const]
        : []),
      ...(topic === undefined ? [] : [["topic", "==", topic] as const]),
      ...(account === undefined ? [] : [["accountId", "==", account] as const]),
    ];
    // Read raw: unreadable messages are the very ones that operators must see.
    const collection = asRaw(at.messages(c.get("caller").tenantId));
    const { items, nextCursor } = await (isParked ? readParked : readOpen)(
      asked,
      { collection, where },
      deps,
    );
    const messages = items.map((read) => toView(read, maxListedCharacters));
    return { items: messages, nextCursor };
  },
);

const getMessage = queryRoute(
  {
    ...memberAccess("messages", "message.read"),
    path: "/api/v1/messages/{id}",
    operationId: "getMessage",
    summary: "A message with its payload",
    request: { params: MessageParams },
    answer: json(z.union([Detail, UnreadableItem]), "The message", {
      ...example,
      payload: { accountId: ids.account, sourceKey: "newsroom" },
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const ref = asRaw(at.message(c.get("caller").tenantId, id));
    return toView(await readOr404(ref, "message", deps), Infinity);
  },
);

const replayMessage = commandRoute(
  {
    ...memberAccess("messages", "message.replay"),
    path: "/api/v1/messages/{id}/replay",
    operationId: "replayMessage",
    summary: "Replay a parked message, with its counters reset",
    request: { params: MessageParams },
    answer: json(Reopened, "The message is open again", {
      id: ids.message,
      state: "open",
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const answer = { id, state: "open" };
    const result = await replayOnce(c, { id, answer }, deps);
    if (result === "replayed") return answer;
    throw await toReplayRefusal(c, { id, result }, deps);
  },
);

const replayMessages = commandRoute(
  {
    ...memberAccess("messages", "message.replay"),
    path: "/api/v1/messages/replay",
    operationId: "replayMessages",
    summary: "Replay up to 100 parked messages",
    request: {
      body: body(z.object({ ids: z.array(MessageId).min(1).max(100) }), {
        ids: [ids.message],
      }),
    },
    answer: json(Results, "The result for each message", {
      items: [{ id: ids.message, result: "replayed" }],
    }),
  },
  async (c, deps) => {
    const wanted = [...new Set(c.req.valid("json").ids)];
    const items: { id: string; result: Result }[] = [];
    // One by one: if the request is repeated, messages that are no longer parked are left as they are.
    for (const id of wanted) {
      const result = await replayOnce(c, { id, answer: null }, deps);
      items.push({ id, result });
    }
    return { items };
  },
);

/** The failed runs that an open message can have; one more parks it. */
const failedRuns = Array.from(
  { length: Math.max(...Object.values(topics).map((t) => t.maxAttempts)) },
  (_, i) => i + 1,
);

/** Documents longer than this are left out of lists. */
const maxListedCharacters = 20_000;

/** When a message was parked, in a cursor: a moment, or whatever an unreadable document has in its place. */
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

/** A stored message as the API shows it: its fields, or the raw document if it cannot be read. */
function toView({ id, data }: Pick<Read<Raw>, "id" | "data">, most: number) {
  const parsed = Message.safeParse(data);
  if (parsed.success) return { id, ...parsed.data };
  const document = toJson(data);
  const { error } = Message.pick({ error: true }).safeParse(data).data ?? {};
  return {
    id,
    unreadable: true,
    reason: explainMisfit(parsed.error),
    state: textOrNull(data["state"]),
    topic: textOrNull(data["topic"]),
    error: error ?? null,
    document: JSON.stringify(document).length > most ? null : document,
  } as const;
}

function explainUnreadable(data: Raw): string {
  const { error } = Message.safeParse(data);
  return error === undefined ? "" : explainMisfit(error);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The routes for operators: reading and replaying messages. */
export const messageRoutes: readonly Route[] = [
  listMessages,
  getMessage,
  replayMessage,
  replayMessages,
];

/** Parked messages, latest first. */
async function readParked(
  { limit, cursor }: z.infer<typeof PageQuery>,
  query: Pick<Query<Raw>, "collection" | "where">,
  { store }: Pick<ApiDeps, "store">,
) {
  const reads = await store.query({
    ...query,
    orderBy: [
      ["error.at", "desc"],
      ["__name__", "desc"],
    ],
    limit: limit + 1,
    ...startAfter(cursor, z.tuple([ParkedAt, MessageId])),
  });
  return toPage(reads, limit, ({ id, data }) => [parkedAt(data), id]);
}

/** Open messages, by id: any index that ordered them would become a hot spot. */
async function readOpen(
  { limit, cursor }: z.infer<typeof PageQuery>,
  query: Pick<Query<Raw>, "collection" | "where">,
  { store }: Pick<ApiDeps, "store">,
) {
  const reads = await store.query({
    ...query,
    orderBy: [["__name__", "asc"]],
    limit: limit + 1,
    ...startAfter(cursor, z.tuple([MessageId])),
  });
  return toPage(reads, limit, ({ id }) => [id]);
}

async function replayOnce(
  c: ApiContext,
  { id, answer }: { readonly id: MessageId; readonly answer: object | null },
  deps: ApiDeps,
): Promise<Result> {
  const { tenantId } = c.get("caller");
  const ref = at.message(tenantId, id);
  return retryOnConflict(async () => {
    const raw = await deps.store.read(asRaw(ref));
    if (raw === null) return "not-found";
    const { success, data } = Message.safeParse(raw.data);
    if (!success) return "unreadable";
    const runAt = deps.clock.now();
    const outcome = replay({ ...raw, ref, data }, runAt);
    if (outcome === null) return "not-parked";
    const commit = await commitAnswered(c, { outcome, answer }, deps);
    if (commit.kind === "conflict") return null;
    await ring([toRing(tenantId, id, { ...data, runAt, starts: 0 })], deps);
    return "replayed";
  });
}

/** The refusal for a message that was not replayed. */
async function toReplayRefusal(
  c: ApiContext,
  { id, result }: { readonly id: MessageId; readonly result: Result },
  deps: ApiDeps,
): Promise<Refusal> {
  if (result === "not-found")
    return new Refusal(404, "There is no such message.");
  const ref = asRaw(at.message(c.get("caller").tenantId, id));
  const current = await deps.store.read(ref);
  if (current !== null && result === "unreadable")
    return new Refusal(
      409,
      `This release cannot read it either: ${explainUnreadable(current.data)}`,
      { current: { state: "unreadable" } },
    );
  return new Refusal(409, "Only a parked message can be replayed.", {
    current: { state: textOrNull(current?.data["state"]) ?? "gone" },
  });
}
