import { z } from "zod";
import { Message } from "../../../../../functions/src/domain/messages/message.ts";
import {
  type TopicName,
  topics,
} from "../../../../../functions/src/domain/messages/topics.ts";
import {
  explainMisfit,
  Raw,
} from "../../../../../functions/src/domain/messages/unreadable.ts";
import type { ListQuery } from "../../../lib/firestore/listQuery.ts";
import type { MessageState } from "../search.ts";

/** How many runs of open work may have failed; one more, and it is parked. */
const failedRuns = Array.from(
  { length: Math.max(...Object.values(topics).map((t) => t.maxAttempts)) },
  (_, i) => i + 1,
);

/** A message that this release cannot read, as it is stored. */
export interface Unreadable {
  readonly isUnreadable: true;
  readonly reason: string;
  readonly state: string;
  readonly topic: string;
  readonly error: unknown;
  readonly document: Raw;
}

/** Every message: parsed where it can be, else as it is stored. */
export const DisplayedMessage: z.ZodType<Message | Unreadable> = z.union([
  Message,
  Raw.transform((document) => ({
    isUnreadable: true as const,
    reason: misfitReason(document),
    state: textOrEmpty(document["state"]),
    topic: textOrEmpty(document["topic"]),
    error: document["error"],
    document,
  })),
]);

/** Whether a message could be parsed. */
export function isReadable<T extends Message | Unreadable>(
  message: T,
): message is Exclude<T, Unreadable> {
  return !("isUnreadable" in message);
}

function misfitReason(document: Raw): string {
  const { error } = Message.safeParse(document);
  return error === undefined ? "" : explainMisfit(error);
}

function textOrEmpty(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Whether the listed messages wait for a person. */
export function isParked(state: MessageState): boolean {
  return state === "parked" || state === "unreadable";
}

/** The conditions of a list of messages; equalities only, so that no index has to keep an order for them. */
export function listConditions(
  state: MessageState,
  topic: TopicName | undefined,
): NonNullable<ListQuery["where"]> {
  return [
    ["state", "==", isParked(state) ? "parked" : "open"],
    ...(state === "unreadable"
      ? ([["error.code", "==", "unreadable"]] as const)
      : []),
    ...(state === "retrying"
      ? ([["attempts", "in", failedRuns]] as const)
      : []),
    ...(topic === undefined ? [] : ([["topic", "==", topic]] as const)),
  ];
}

/** The latest failure first; what is open by its id. */
export function listOrder(state: MessageState): ListQuery["orderBy"] {
  return isParked(state)
    ? [
        ["error.at", "desc"],
        ["__name__", "desc"],
      ]
    : [["__name__", "asc"]];
}

const About = z.object({
  opportunityId: z.string().optional().catch(undefined),
  signalId: z.string().optional().catch(undefined),
  signalIds: z.array(z.string()).optional().catch(undefined),
  sourceKey: z.string().optional().catch(undefined),
  item: z
    .object({
      title: z.string(),
      url: z.string().nullable(),
      source: z.string(),
      itemId: z.string(),
      revision: z.string(),
    })
    .optional()
    .catch(undefined),
});

/** What a message is about. */
export interface Subject {
  readonly accountId: string | null;
  readonly opportunityId: string | null;
  readonly signalIds: readonly string[];
  readonly sourceKey: string | null;
  readonly title: string | null;
  /** What to ask for to learn what became of the document; null where it is about none. */
  readonly find: string | null;
}

/** What a message is about, as far as its payload says. */
export function messageSubject({
  accountId,
  payload,
}: Pick<Message, "accountId" | "payload">): Subject {
  const about = About.parse(payload);
  const { item } = about;
  return {
    accountId,
    opportunityId: about.opportunityId ?? null,
    signalIds: [
      ...(about.signalId === undefined ? [] : [about.signalId]),
      ...(about.signalIds ?? []),
    ],
    sourceKey: about.sourceKey ?? null,
    title: item?.title || item?.url || null,
    find:
      item === undefined
        ? null
        : (item.url ?? `${item.source}:${item.itemId}:${item.revision}`),
  };
}

/** The items in chunks of at most `most`. */
export function chunk<T>(
  all: readonly T[],
  most: number,
): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) =>
    all.slice(most * i, most * (i + 1)),
  );
}
