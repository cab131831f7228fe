import * as at from "../../domain/collections.ts";
import { matchPlaybook } from "../../domain/cards/library.ts";
import { toOpportunityId } from "../../domain/cards/opportunity.ts";
import { SignalId, type TenantId } from "../../domain/kernel/ids.ts";
import { groupBy, toBatches } from "../../domain/kernel/lists.ts";
import type { Emission } from "../../domain/messages/message.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Read } from "../../ports/store.ts";

/** The most signals that one message may name. */
const signalsPerMessage = 20;

/**
 * One message per card that these signals create or add to; signals of the same playbook and cluster share a card.
 */
export async function toCardMessages(
  qualified: readonly Read<Signal>[],
  tenantId: TenantId,
  { recent }: Pick<Deps, "recent">,
): Promise<readonly Emission[]> {
  if (qualified.length === 0) return [];
  const categories = [...new Set(qualified.map(({ data }) => data.category))];
  const playbooks = await recent.query({
    collection: at.playbooks(tenantId),
    where: [
      ["active", "==", true],
      ["categories", "array-contains-any", categories],
    ],
    limit: 100,
  });
  const cards = groupBy(
    qualified.map(({ id, data }) => {
      const { accountId, clusterId, category, type } = data;
      const playbookId = matchPlaybook(category, type, playbooks)?.id ?? null;
      const opportunityId = toOpportunityId(accountId, playbookId, clusterId);
      const signalId = SignalId.parse(id);
      return { accountId, clusterId, playbookId, opportunityId, signalId };
    }),
    ({ opportunityId }) => opportunityId,
  );
  return [...cards.values()].flatMap((signals) =>
    toBatches(signals, signalsPerMessage).map((batch): Emission => {
      const [{ accountId, clusterId, playbookId, opportunityId }] = batch;
      const signalIds = batch.map(({ signalId }) => signalId);
      return {
        topic: "signal-qualified",
        payload: {
          accountId,
          opportunityId,
          playbookId,
          clusterId,
          refined: null,
          signalIds,
        },
      };
    }),
  );
}
