import type { TopicName } from "../domain/messages/topics.ts";
import type { TenantId, MessageId } from "../domain/kernel/ids.ts";
import type { Handoff } from "../domain/messages/handoff.ts";

/** A message to be rung for: the function of its topic is told, at that moment, to look at it. */
export interface Ring {
  readonly topic: TopicName;
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  readonly traceId: string;
  readonly at: Date;
  readonly starts: number;
  /** The message as it was just created: whoever answers first need not read it. One that was touched since is found out at the claim. */
  readonly handoff?: Handoff;
}

/** The fast path to the stages: may lose a ring, never invents one. A ring in the future is for its moment, a minute ahead at most. */
export interface Doorbell {
  readonly ring: (rings: readonly Ring[]) => Promise<void>;
  /** Has what is due swept once more at that moment, a minute ahead at most; asked for twice, it is done once. */
  readonly sweepAt: (at: Date) => Promise<void>;
}
