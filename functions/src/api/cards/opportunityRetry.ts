import { createRoute } from "@hono/zod-openapi";
import { CrmName } from "../../domain/crm/activation.ts";
import * as at from "../../domain/collections.ts";
import { MessageId, type OpportunityId } from "../../domain/kernel/ids.ts";
import { ring, toRing } from "../../delivery/ring.ts";
import { retryActivation } from "../../pipeline/activate/retryActivation.ts";
import { json, persistently } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import { Decided, standing, standsOtherwise, viewOf } from "./cardDecision.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { findOpportunity, OfOpportunity } from "./opportunityView.ts";
import { commandProblems } from "../http/problem.ts";

const retry = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.retry_activation"),
  path: "/api/v1/opportunities/{id}/retry-activation",
  operationId: "retryActivation",
  summary:
    "Try the CRM writes again that failed, or had no CRM connected until now",
  request: { params: OfOpportunity },
  responses: {
    200: json(Decided, "How the card stands now", {
      id: ids.opportunity,
      status: "activating",
      version: 2,
    }),
    ...commandProblems(404),
  },
});

/** The route by which what a CRM refused is tried again. */
export function retryRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(retry, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await retried(c, id, deps), 200);
  });
}

async function retried(c: ApiContext, id: OpportunityId, deps: ApiDeps) {
  const { tenantId, uid } = c.get("caller");
  return persistently(
    async () => {
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
      if (!result.ok) throw standsOtherwise(read, result.why);
      const body = viewOf(id, result.after);
      const answer = { status: 200, body };
      const { outcome } = result;
      const done = await commitAnswered(c, { outcome, answer }, deps);
      if (done.kind === "conflict") return null;
      const runAt = deps.clock.now();
      const rings = result.messages.map((message) =>
        toRing(tenantId, MessageId.parse(message.id), {
          ...message.data,
          runAt,
          starts: 0,
        }),
      );
      await ring(rings, deps);
      return body;
    },
    standing(c, id, deps),
  );
}
