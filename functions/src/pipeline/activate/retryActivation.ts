import { type Activation, isConnected } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import { move } from "../../domain/cards/transitions.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Message } from "../../domain/messages/message.ts";
import { toMessageId } from "../../domain/messages/topics.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { writeChange } from "../review/review.ts";
import { reopen } from "../upkeep/replay.ts";

/** A card whose CRM writes a person retries. */
interface Retry {
  readonly tenantId: TenantId;
  readonly read: Read<Opportunity>;
  readonly by: string;
  readonly activations: readonly Read<Activation>[];
}

/** A CRM write to retry. */
interface RetriedWrite {
  readonly activation: Read<Activation>;
  readonly payload: ReturnType<typeof toPayload>;
  /** Its parked message; null where none was ever sent. */
  readonly message: Read<Message> | null;
}

/**
 * Retries a card's CRM writes, both those that failed and those that had no CRM until now; or says why there is
 * nothing to retry.
 */
export async function retryActivation(
  retry: Retry,
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
  const { tenantId, read, by, activations } = retry;
  const now = deps.clock.now();
  const moved = move(read.data, { kind: "retry" }, now);
  if (!moved.ok) return moved;
  const retried = await findRetriable(tenantId, activations, deps);
  if (retried.length === 0) return { ok: false, why: whyNothing(activations) };

  const after = { ...read.data, state: moved.state };
  const messages = retried.flatMap(({ message }) => message ?? []);
  const crms = retried.map(({ activation: { data } }) => data.crm);
  const revisions = retried.map(
    ({ activation: { data } }) => `${data.crm}${data.revision}`,
  );
  const outcome: Outcome = {
    writes: [
      ...writeChange(
        { tenantId, read, after },
        { by, what: `retry_${revisions.join("_")}`, note: null, now },
      ),
      ...retried.map(({ activation }) =>
        update(activation, {
          state: "pending",
          error: null,
          revision: activation.data.revision + 1,
        }),
      ),
      ...messages.map((message) => reopen(message, now)),
    ],
    emits: retried
      .filter(({ message }) => message === null)
      .map(({ payload }) => ({ topic: "crm-write", payload })),
    audit: [
      {
        action: "ACTIVATE",
        entity: { kind: "opportunity", id: read.id },
        before: { status: read.data.state.status },
        after: { status: moved.state.status, crms },
        reason: "retried by hand",
      },
    ],
  };
  return { ok: true, outcome, after, messages };
}

/** Only writes that wait for a replay or were never requested: somebody may have reopened another already. */
async function findRetriable(
  tenantId: TenantId,
  activations: readonly Read<Activation>[],
  { store, crmOwners }: Pick<Deps, "store" | "crmOwners">,
): Promise<readonly RetriedWrite[]> {
  const payloads = activations.map(({ data }) => toPayload(data));
  const messages = await store.readAll(
    payloads.map((payload) =>
      at.message(tenantId, toMessageId("crm-write", payload)),
    ),
  );
  return activations
    .map((activation, i) => ({
      activation,
      payload: toPayload(activation.data),
      message: messages[i] ?? null,
    }))
    .filter(({ activation: { data }, message }) => {
      if (!isConnected(crmOwners[data.crm], tenantId)) return false;
      const isWaiting = message?.data.state === "parked";
      if (data.state === "failed") return isWaiting;
      if (data.state === "not_connected") return isWaiting || message === null;
      return false;
    });
}

function toPayload({
  accountId,
  opportunityId,
  approvedVersion: version,
  crm,
}: Activation) {
  return { accountId, opportunityId, version, crm };
}

function whyNothing(activations: readonly Read<Activation>[]): string {
  const states = activations.map(({ data }) => data.state);
  return states.includes("not_connected") && !states.includes("failed")
    ? "No CRM is connected for this workspace; an administrator of the deployment can connect one."
    : "No write of this card has failed.";
}
