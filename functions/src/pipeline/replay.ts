import * as at from "../domain/collections.ts";
import { addMs } from "../domain/instant.ts";
import { type Message, ringAfterMs } from "../domain/message.ts";
import type { TenantId } from "../domain/ids.ts";
import { type Opportunity } from "../domain/opportunity.ts";
import { move } from "../domain/transitions.ts";
import { type Activation } from "../domain/activation.ts";
import { messageIdOf } from "../domain/topics.ts";
import type { Outcome } from "./outcome.ts";
import { type Deps, type Read, update, type Write } from "./ports.ts";
import { changed } from "./review.ts";

/** A parked message opened again, its counters at zero. */
export function reopened(read: Read<Message>, now: Date): Write {
  return update(read, {
    state: "open",
    starts: 0,
    attempts: 0,
    turnAt: null,
    runAt: now,
    ringAt: addMs(now, ringAfterMs),
    lease: null,
    error: null,
  });
}

/** What replaying a parked message comes to, or null where it is not parked. */
export function replay(read: Read<Message>, now: Date): Outcome | null {
  if (read.data.state !== "parked") return null;
  const { topic, error } = read.data;
  return {
    writes: [reopened(read, now)],
    audit: [
      {
        action: "UPDATE",
        entity: { kind: "message", id: read.id },
        before: { state: "parked", error: error?.code ?? null },
        after: { state: "open", topic },
        reason: "replayed",
      },
    ],
  };
}

/** What trying a card's failed CRM writes again comes to; or why there is nothing to try. */
export async function retryActivation(
  {
    tenantId,
    read,
    by,
  }: {
    readonly tenantId: TenantId;
    readonly read: Read<Opportunity>;
    readonly by: string;
  },
  activations: readonly Read<Activation>[],
  deps: Pick<Deps, "store" | "clock">,
): Promise<
  | {
      readonly ok: true;
      readonly outcome: Outcome;
      readonly after: Opportunity;
      readonly messages: readonly Read<Message>[];
    }
  | { readonly ok: false; readonly why: string }
> {
  const now = deps.clock.now();
  const moved = move(read.data, { kind: "retry" }, now);
  if (!moved.ok) return moved;
  // Only those whose write waits to be replayed: another may have been opened again already.
  const refs = activations.map(
    ({ data: { accountId, opportunityId, approvedVersion, crm } }) =>
      at.message(
        tenantId,
        messageIdOf("crm-write", {
          accountId,
          opportunityId,
          version: approvedVersion,
          crm,
        }),
      ),
  );
  const messages = await deps.store.readAll(refs);
  const failed = activations.flatMap((activation, i) => {
    const message = messages[i];
    return activation.data.state === "failed" &&
      message?.data.state === "parked"
      ? [{ activation, message }]
      : [];
  });
  if (failed.length === 0)
    return { ok: false, why: "No write of this card has failed." };
  const after = { ...read.data, state: moved.state };
  const what = `retry_${failed.map(({ activation: { data } }) => `${data.crm}${data.revision}`).join("_")}`;
  const outcome: Outcome = {
    writes: [
      ...changed({ tenantId, read, after }, { by, what, note: null, now }),
      ...failed.map(({ activation }) =>
        update(activation, {
          state: "pending",
          error: null,
          revision: activation.data.revision + 1,
        }),
      ),
      ...failed.map(({ message }) => reopened(message, now)),
    ],
    audit: [
      {
        action: "ACTIVATE",
        entity: { kind: "opportunity", id: read.id },
        before: { status: read.data.state.status },
        after: {
          status: moved.state.status,
          crms: failed.map(({ activation }) => activation.data.crm),
        },
        reason: "tried again by hand",
      },
    ],
  };
  const reopening = failed.map(({ message }) => message);
  return { ok: true, outcome, after, messages: reopening };
}
