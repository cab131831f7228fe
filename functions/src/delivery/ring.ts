import type { Ring } from "../ports/messaging.ts";
import type { Deps } from "../ports/deps.ts";
import { addMs, minuteMs } from "../domain/kernel/instant.ts";
import type { TenantId } from "../domain/kernel/ids.ts";
import type { Message, newMessage } from "../domain/messages/message.ts";
import type { Stamp } from "../ports/store.ts";

/** Rings for what is due within the minute; a failure is only logged, since the sweeper will ring again. */
export async function ring(
  rings: readonly Ring[],
  deps: Pick<Deps, "doorbell" | "clock" | "log">,
): Promise<void> {
  const soon = addMs(deps.clock.now(), minuteMs);
  const due = rings.filter(({ at: moment }) => moment <= soon);
  if (due.length === 0) return;
  try {
    await deps.doorbell.ring(due);
  } catch (error) {
    deps.log.write("WARNING", "a ring was lost; the sweeper will repeat it", {
      messages: due.map((r) => r.messageId),
      error: String(error),
    });
  }
}

/** The ring for a stored message, at the moment from which it may run. */
export function toRing(
  tenantId: TenantId,
  messageId: Ring["messageId"],
  {
    topic,
    traceId,
    runAt,
    starts,
  }: Pick<Message, "topic" | "traceId" | "runAt" | "starts">,
): Ring {
  return { topic, tenantId, messageId, traceId, at: runAt, starts };
}

/** The first ring for a message, which carries the message itself. */
export function toFirstRing(tenantId: TenantId, created: Created): Ring {
  const { handoff } = toHandoff(created);
  return { ...toRing(tenantId, created.id, created.data), handoff };
}

/** A message just written, as whoever works on it next needs it. */
export function toHandoff({ id, data, stamp, now }: Created) {
  const stamps = { schemaVersion: 1, createdAt: now, updatedAt: now } as const;
  return {
    messageId: id,
    handoff: { data: { ...data, ...stamps }, stamp },
  };
}

/** A message just written, with the stamp of that write. */
export type Created = ReturnType<typeof newMessage> & {
  readonly stamp: Stamp;
  readonly now: Date;
};
