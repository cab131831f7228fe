import * as at from "../../domain/collections.ts";
import { addMs } from "../../domain/kernel/instant.ts";
import { type Message, ringAfterMs } from "../../domain/messages/message.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import { type Opportunity } from "../../domain/cards/opportunity.ts";
import { move } from "../../domain/cards/transitions.ts";
import { type Activation, isConnected } from "../../domain/crm/activation.ts";
import { messageIdOf } from "../../domain/messages/topics.ts";
import type { Outcome } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import { type Read, update, type Write } from "../../ports/store.ts";
import { changed } from "../review/review.ts";

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

/** What trying a card's CRM writes again comes to, those that failed and those that had no CRM until now; or why there is nothing to try. */
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
  deps: Pick<Deps, "store" | "clock" | "crmOwners">,
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
  const payloads = activations.map(
    ({
      data: { accountId, opportunityId, approvedVersion: version, crm },
    }) => ({
      accountId,
      opportunityId,
      version,
      crm,
    }),
  );
  const messages = await deps.store.readAll(
    payloads.map((payload) =>
      at.message(tenantId, messageIdOf("crm-write", payload)),
    ),
  );
  const tried = activations.flatMap((activation, i) => {
    const { state, crm } = activation.data;
    const message = messages[i] ?? null;
    const payload = payloads[i];
    if (payload === undefined || !isConnected(deps.crmOwners[crm], tenantId))
      return [];
    // Only what waits to be replayed, or was never asked for: another may have been opened again already.
    const waits = message?.data.state === "parked";
    const neverAsked = state === "not_connected" && message === null;
    return (state === "failed" || state === "not_connected") &&
      (waits || neverAsked)
      ? [{ activation, message, payload }]
      : [];
  });
  if (tried.length === 0) return { ok: false, why: whyNothing(activations) };
  const reopening = tried.flatMap(({ message }) =>
    message === null ? [] : [message],
  );
  const after = { ...read.data, state: moved.state };
  const what = `retry_${tried.map(({ activation: { data } }) => `${data.crm}${data.revision}`).join("_")}`;
  const outcome: Outcome = {
    writes: [
      ...changed({ tenantId, read, after }, { by, what, note: null, now }),
      ...tried.map(({ activation }) =>
        update(activation, {
          state: "pending",
          error: null,
          revision: activation.data.revision + 1,
        }),
      ),
      ...reopening.map((message) => reopened(message, now)),
    ],
    emits: tried.flatMap(({ message, payload }) =>
      message === null ? [{ topic: "crm-write" as const, payload }] : [],
    ),
    audit: [
      {
        action: "ACTIVATE",
        entity: { kind: "opportunity", id: read.id },
        before: { status: read.data.state.status },
        after: {
          status: moved.state.status,
          crms: tried.map(({ activation }) => activation.data.crm),
        },
        reason: "tried again by hand",
      },
    ],
  };
  return { ok: true, outcome, after, messages: reopening };
}

function whyNothing(activations: readonly Read<Activation>[]): string {
  const states = activations.map(({ data }) => data.state);
  return states.includes("not_connected") && !states.includes("failed")
    ? "No CRM is connected for this workspace; an administrator of the deployment can connect one."
    : "No write of this card has failed.";
}
