import * as at from "../domain/collections.ts";
import { LeaseLostError } from "../domain/kernel/errors.ts";
import type { MessageId, TenantId } from "../domain/kernel/ids.ts";
import { addMs } from "../domain/kernel/instant.ts";
import type { Message } from "../domain/messages/message.ts";
import { leaseMs } from "../domain/messages/topics.ts";
import type { Author } from "./commit.ts";
import type { AnyStage } from "../ports/stage.ts";
import type { Deps } from "../ports/deps.ts";
import { type Read, update } from "../ports/store.ts";

/** A message that a delivery works on. */
export interface Claim {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  /** The message as claimed; its stamp is the fencing token for everything that this run commits. */
  readonly read: Read<Message>;
  readonly owner: string;
  readonly stage: AnyStage;
}

/** The message under this delivery's own lease; null where another delivery was faster. */
export async function claim(wanted: Claim, deps: Deps): Promise<Claim | null> {
  const now = deps.clock.now();
  const expiresAt = addMs(now, leaseMs(wanted.stage.topic));
  const patch = {
    lease: { owner: wanted.owner, expiresAt },
    starts: wanted.read.data.starts + 1,
    ringAt: expiresAt,
  };
  const taken = await deps.store.commit([update(wanted.read, patch)], now);
  if (taken.kind === "conflict") return null;
  return {
    ...wanted,
    read: {
      ...wanted.read,
      data: { ...wanted.read.data, ...patch },
      stamp: taken.stamp,
    },
  };
}

/** Throws LeaseLostError unless the message is still open and leased to this run. */
export async function assertLease(claim: Claim, deps: Deps): Promise<void> {
  const { tenantId, messageId, owner } = claim;
  const current = await deps.store.read(at.message(tenantId, messageId));
  const lease = current?.data.lease ?? null;
  const mine =
    current?.data.state === "open" &&
    lease?.owner === owner &&
    lease.expiresAt > deps.clock.now();
  if (!mine) throw leaseLost(claim);
}

/** What a run is told whose message another has taken. */
export function leaseLost({ messageId }: Claim): LeaseLostError {
  return new LeaseLostError(`${messageId} no longer belongs to this run.`);
}

/** On whose behalf a run commits. */
export function toAuthor({ tenantId, messageId, read, stage }: Claim): Author {
  const { traceId, runId } = read.data;
  return {
    tenantId,
    actor: `system:${stage.topic}`,
    origin: { traceId, runId, causedBy: messageId },
  };
}

/** What a log line says about a claim. */
export function logFacts(
  { tenantId, messageId, stage, read }: Claim,
  facts: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { traceId, runId, starts } = read.data;
  return {
    tenantId,
    messageId,
    topic: stage.topic,
    traceId,
    runId,
    starts,
    ...facts,
  };
}
