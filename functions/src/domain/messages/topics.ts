import { z } from "zod";
import { CrmName } from "../crm/activation.ts";
import { idFrom } from "../kernel/hash.ts";
import {
  AccountId,
  MessageId,
  OpportunityId,
  SignalId,
} from "../kernel/ids.ts";
import { dayMs, hourMs, secondMs } from "../kernel/instant.ts";
import { ReceivedSignal } from "../resolution/receivedSignal.ts";

const AccountDue = z.object({
  accountId: AccountId,
  /** The due time that the clock saw, or the request that asked for the run by hand. */
  occasion: z.string().min(1).max(200),
  /** The only source to poll; null: request a poll of each of the account's sources. */
  sourceKey: z.string().nullable(),
  /** Increases where a poll brings more than fits into one commit. */
  part: z.int().nonnegative(),
});

const OfSignal = z.object({
  accountId: AccountId,
  signalId: SignalId,
  embeddingModel: z.string().min(1),
});

const AccountAssess = z.object({
  accountId: AccountId,
  slot: z.int().nonnegative(),
});

const SignalQualified = z.object({
  accountId: AccountId,
  opportunityId: OpportunityId,
  playbookId: z.string().nullable(),
  clusterId: z.string(),
  signalIds: z.array(SignalId).min(1).max(20),
  /** Set when a person asked for a new draft: the version that they refined. */
  refined: z.object({ version: z.int().positive() }).nullable(),
});

const OfVersion = z.object({
  accountId: AccountId,
  opportunityId: OpportunityId,
  version: z.int().positive(),
});

const CrmWrite = OfVersion.extend({ crm: CrmName });

const ActivationSettled = CrmWrite.extend({ revision: z.int().positive() });

const AudienceChanged = z.object({
  accountId: AccountId,
  /** The version of the account that changed its owners or teams. */
  version: z.int().positive(),
  /** The second round covers what runs from before the change wrote after the first. */
  round: z.union([z.literal(1), z.literal(2)]),
  /** The last document of the previous page; null at the start. */
  after: z.object({ collection: z.string(), id: z.string() }).nullable(),
});

const AssetChanged = z.object({
  assetId: z.string().min(1).max(200),
  version: z.int().positive(),
});

const SignalsReembed = z.object({
  /** The model to embed everything with. */
  model: z.string().min(1),
  /** What triggered it: a new occasion goes through everything again. */
  occasion: z.string().min(1).max(200),
  collection: z.enum(["signals", "assets"]),
  /** The last document of the previous page; null at the start of a collection. */
  after: z.string().nullable(),
});

const DashboardDue = z.object({
  /** The minute, since 1970, in which it was requested. */
  slot: z.int().nonnegative(),
  /** The last change of the previous page; null at the start. */
  after: z
    .object({ updatedAt: z.int(), id: z.string().min(1).max(200) })
    .nullable(),
});

const DashboardDayDue = z.object({
  /** The UTC day since 1970 to recount. */
  day: z.int().nonnegative(),
  slot: z.int().nonnegative(),
});

interface Topic<T> {
  readonly payload: z.ZodType<T>;
  /** What makes two emissions the same work. */
  readonly key: (payload: T) => readonly (string | number)[];
  /** The number of failed runs after which it is parked. */
  readonly maxAttempts: number;
  /** How long one run may take, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * How long after a message's creation a vendor's "too many requests" is waited out instead of counted as a failed
   * run; 0 where absent.
   */
  readonly busyMs?: number;
}

/** How long a run may take that only reads, computes and writes. */
const computingMs = 20 * secondMs;

function topic<T>(definition: Topic<T>): Topic<T> {
  return definition;
}

/** Every kind of work, with its payload's schema, what makes it the same work, and its limits. */
export const topics = {
  "account-due": topic({
    payload: AccountDue,
    key: (p) => [p.accountId, p.occasion, p.sourceKey ?? "", p.part],
    maxAttempts: 5,
    timeoutMs: 120 * secondMs,
    busyMs: hourMs,
  }),
  /**
   * A poll that needs a vendor's key. It has a function of its own, so that the function that reads the open web
   * holds no keys.
   */
  "vendor-due": topic({
    payload: AccountDue,
    key: (p) => [p.accountId, p.occasion, p.sourceKey ?? "", p.part],
    maxAttempts: 5,
    timeoutMs: 120 * secondMs,
    busyMs: dayMs,
  }),
  "signal-received": topic({
    payload: ReceivedSignal,
    key: (p) => [
      p.accountId ?? "",
      p.sourceKey,
      p.item.source,
      p.item.itemId,
      p.item.revision,
    ],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
  }),
  "signal-ingested": topic({
    payload: OfSignal,
    key: (p) => [p.signalId, p.embeddingModel],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
  }),
  "account-assess": topic({
    payload: AccountAssess,
    key: (p) => [p.accountId, p.slot],
    maxAttempts: 5,
    timeoutMs: computingMs,
  }),
  "signal-qualified": topic({
    payload: SignalQualified,
    key: (p) => [
      p.opportunityId,
      ...[...p.signalIds].sort(),
      p.refined?.version ?? 0,
    ],
    maxAttempts: 5,
    timeoutMs: 300 * secondMs,
  }),
  "review-deadline": topic({
    payload: OfVersion,
    key: (p) => [p.opportunityId, p.version],
    maxAttempts: 5,
    timeoutMs: computingMs,
  }),
  "snooze-end": topic({
    payload: OfVersion,
    key: (p) => [p.opportunityId, p.version],
    maxAttempts: 5,
    timeoutMs: computingMs,
  }),
  "opportunity-approved": topic({
    payload: OfVersion,
    key: (p) => [p.opportunityId, p.version],
    maxAttempts: 5,
    timeoutMs: computingMs,
  }),
  "crm-write": topic({
    payload: CrmWrite,
    key: (p) => [p.opportunityId, p.version, p.crm],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
    busyMs: dayMs,
  }),
  "activation-settled": topic({
    payload: ActivationSettled,
    key: (p) => [p.opportunityId, p.version, p.crm, p.revision],
    maxAttempts: 5,
    timeoutMs: computingMs,
  }),
  "audience-changed": topic({
    payload: AudienceChanged,
    key: (p) => [
      p.accountId,
      p.version,
      p.round,
      p.after?.collection ?? "",
      p.after?.id ?? "",
    ],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
  }),
  "asset-changed": topic({
    payload: AssetChanged,
    key: (p) => [p.assetId, p.version],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
  }),
  "signals-reembed": topic({
    payload: SignalsReembed,
    key: (p) => [p.model, p.occasion, p.collection, p.after ?? ""],
    maxAttempts: 5,
    timeoutMs: 300 * secondMs,
  }),
  "dashboard-due": topic({
    payload: DashboardDue,
    key: (p) => [p.slot, p.after?.updatedAt ?? 0, p.after?.id ?? ""],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
  }),
  "dashboard-day": topic({
    payload: DashboardDayDue,
    key: (p) => [p.day, p.slot],
    maxAttempts: 5,
    timeoutMs: 60 * secondMs,
  }),
} as const;

export type TopicName = keyof typeof topics;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names of its keys.
const topicNames = Object.keys(topics) as TopicName[];
export const TopicName = z.enum(topicNames);
export type Payload<T extends TopicName> = z.infer<
  (typeof topics)[T]["payload"]
>;

/** How long a run's lease outlasts its timeout, so that one run is over before another begins. */
export const leaseSlackMs = 15 * secondMs;

/** How long a lease lasts at most before its slack; longer work renews it. */
const longestLeaseMs = 30 * secondMs;

/** How often the lease of long work is renewed: two renewals may fail before it is lost. */
export const renewEveryMs = 15 * secondMs;

/** Whether the lease of a topic's work is renewed. */
export function isRenewed(name: TopicName): boolean {
  return topics[name].timeoutMs > longestLeaseMs;
}

/** How long a lease lasts, in milliseconds: as long as one run may take, or until it is renewed. */
export function leaseMs(name: TopicName): number {
  return Math.min(topics[name].timeoutMs, longestLeaseMs) + leaseSlackMs;
}

/** The id of a piece of work: it says what to do, never which delivery asks for it. */
export function toMessageId<T extends TopicName>(
  name: T,
  payload: Payload<T>,
): MessageId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a payload of T fits the key of T, which the compiler cannot see through the index.
  const { key } = topics[name] as unknown as Topic<Payload<T>>;
  return MessageId.parse(`${name}_${idFrom(...key(payload))}`);
}
