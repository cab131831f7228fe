import type { TopicName } from "../domain/messages/topics.ts";
import type { TenantId, MessageId } from "../domain/kernel/ids.ts";
import type { Handoff } from "../domain/messages/handoff.ts";

/** A ring for a message: at the given moment, the function of its topic is told to handle it. */
export interface Ring {
  readonly topic: TopicName;
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  readonly traceId: string;
  readonly at: Date;
  readonly starts: number;
  /**
   * The message as just created, so that the first function to answer need not read it. If it has been touched since,
   * the claim finds out.
   */
  readonly handoff?: Handoff;
}

/**
 * The fast path to the stages: it may lose a ring but never invents one. A ring may be up to a minute in the future.
 */
export interface Doorbell {
  readonly ring: (rings: readonly Ring[]) => Promise<void>;
  /**
   * Requests one more sweep of what is due at that moment, at most a minute ahead; two requests lead to one sweep.
   */
  readonly sweepAt: (at: Date) => Promise<void>;
}
