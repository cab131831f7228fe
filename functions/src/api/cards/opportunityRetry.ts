import { commandRoute, type Route } from "../http/route.ts";
import { CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import {
  MessageId,
  type OpportunityId,
  type TenantId,
} from "../../domain/kernel/ids.ts";
import type { Message } from "../../domain/messages/message.ts";
import type { Read } from "../../ports/store.ts";
import { ring, toRing } from "../../delivery/ring.ts";
import { retryActivation } from "../../pipeline/activate/retryActivation.ts";
import { json } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { memberAccess } from "../http/auth.ts";
import {
  currentState,
  ReviewResult,
  reviewConflict,
  toReviewResult,
} from "./review.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { findOpportunity, OpportunityParams } from "./opportunityView.ts";

const retryRoute = commandRoute(
  {
    ...memberAccess("opportunities", "opportunity.retry_activation"),
    path: "/api/v1/opportunities/{id}/retry-activation",
    operationId: "retryActivation",
    summary: "Retry CRM writes that failed or had no CRM connected",
    request: { params: OpportunityParams },
    answer: json(ReviewResult, "The card's state now", {
      id: ids.opportunity,
      status: "activating",
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    return retryCard(c, id, deps);
  },
);

/** The route for retrying what a CRM refused. */
export const retryRoutes: readonly Route[] = [retryRoute];

async function retryCard(c: ApiContext, id: OpportunityId, deps: ApiDeps) {
  const { tenantId, uid } = c.get("caller");
  const decide = async () => {
    const read = await findOpportunity(c, id, deps);
    const activations = await deps.store.readAll(
      CrmName.options.map((crm) => at.activation(tenantId, id, crm)),
    );
    const result = await retryActivation(
      {
        tenantId,
        read,
        by: uid,
        activations: activations.filter((activation) => activation !== null),
      },
      deps,
    );
    if (!result.ok) throw reviewConflict(read, result.why);
    const { outcome, messages } = result;
    const after = () => ringAgain(tenantId, messages, deps);
    return { body: toReviewResult(id, result.after), outcome, after };
  };
  return carryOut(c, { decide, current: currentState(c, id, deps) }, deps);
}

/** Rings for reopened messages. */
async function ringAgain(
  tenantId: TenantId,
  messages: readonly Read<Message>[],
  deps: ApiDeps,
): Promise<void> {
  const runAt = deps.clock.now();
  const rings = messages.map(({ id, data }) =>
    toRing(tenantId, MessageId.parse(id), { ...data, runAt, starts: 0 }),
  );
  await ring(rings, deps);
}
