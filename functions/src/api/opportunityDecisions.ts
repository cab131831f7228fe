import { createRoute, z } from "@hono/zod-openapi";
import { CrmName } from "../domain/activation.ts";
import * as at from "../domain/collections.ts";
import type { OpportunityId } from "../domain/ids.ts";
import { MessageId } from "../domain/ids.ts";
import { type Opportunity, RejectReason } from "../domain/opportunity.ts";
import { ring, ringOf } from "../pipeline/commit.ts";
import type { Read } from "../pipeline/ports.ts";
import { retryActivation } from "../pipeline/replay.ts";
import { type Decide, decide } from "../pipeline/review.ts";
import {
  body,
  json,
  Moment,
  persistently,
  shown,
  wellFormed,
} from "./answer.ts";
import { permitted } from "./auth.ts";
import type { Api, ApiContext, ApiDeps } from "./context.ts";
import { ids, moments } from "./examples.ts";
import { commitAnswered } from "./idempotency.ts";
import { findOpportunity, OfOpportunity, Status } from "./opportunityView.ts";
import { commandProblems, Refused } from "./problem.ts";
import { Version } from "./versioned.ts";

const Note = z.string().trim().min(1).max(2000);
const Plain = z.object({ version: Version });

const Decided = z
  .object({
    id: z.string(),
    status: Status,
    version: z.int(),
    undoUntil: Moment.optional().openapi({
      description: "Until when an approval can be withdrawn.",
    }),
  })
  .openapi("Decided");

const responses = (status: z.infer<typeof Status>, undo = {}) => ({
  200: json(Decided, "How the card stands now", {
    id: ids.opportunity,
    status,
    version: 2,
    ...undo,
  }),
  ...commandProblems(404),
});

const approve = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.approve"),
  path: "/api/v1/opportunities/{id}/approve",
  operationId: "approveOpportunity",
  summary: "Approve a card; ten seconds later it goes to the CRMs",
  description:
    "Approving what is approved already answers 409 with the card's current status and version.",
  request: { params: OfOpportunity, body: body(Plain, { version: 1 }) },
  responses: responses("approved", { undoUntil: moments.undoUntil }),
});

const withdraw = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.approve"),
  path: "/api/v1/opportunities/{id}/withdraw",
  operationId: "withdrawApproval",
  summary: "Take an approval back while it has not been carried out",
  request: { params: OfOpportunity, body: body(Plain, { version: 1 }) },
  responses: responses("in_review"),
});

const reject = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.reject"),
  path: "/api/v1/opportunities/{id}/reject",
  operationId: "rejectOpportunity",
  summary: "Reject a card, with the reason",
  request: {
    params: OfOpportunity,
    body: body(Plain.extend({ reason: RejectReason, note: Note.optional() }), {
      version: 1,
      reason: "already_known",
      note: "They told us at the fair.",
    }),
  },
  responses: responses("rejected"),
});

const refine = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.refine"),
  path: "/api/v1/opportunities/{id}/refine",
  operationId: "refineOpportunity",
  summary: "Ask for a new draft, written with your note",
  request: {
    params: OfOpportunity,
    body: body(Plain.extend({ note: Note }), {
      version: 1,
      note: "Shorter, and name the plant in Linz.",
    }),
  },
  responses: responses("draft"),
});

const retry = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.retry_activation"),
  path: "/api/v1/opportunities/{id}/retry-activation",
  operationId: "retryActivation",
  summary: "Try the CRM writes that failed once more",
  request: { params: OfOpportunity },
  responses: responses("activating"),
});

/** The routes by which people decide on cards. */
export function decisionRoutes(api: Api, deps: ApiDeps): void {
  /** A note goes to the writer and into the history: without anybody's address or number. */
  const clean = (note: string) => deps.redactor.redact(wellFormed(note));

  api.openapi(approve, async (c) => {
    const { version } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    return c.json(await decided(c, wanted, { kind: "approve" }, deps), 200);
  });

  api.openapi(withdraw, async (c) => {
    const { version } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    const tenant = await deps.store.read(at.tenant(c.get("caller").tenantId));
    const hours = tenant?.data.reviewHours;
    const command = {
      kind: "withdraw",
      ...(hours === undefined ? {} : { reviewHours: hours }),
    } as const;
    return c.json(await decided(c, wanted, command, deps), 200);
  });

  api.openapi(reject, async (c) => {
    const { version, reason, note = "" } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    const command = { kind: "reject", reason, note: clean(note) } as const;
    return c.json(await decided(c, wanted, command, deps), 200);
  });

  api.openapi(refine, async (c) => {
    const { version, note } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    const command = { kind: "refine", note: clean(note) } as const;
    return c.json(await decided(c, wanted, command, deps), 200);
  });

  api.openapi(retry, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await retried(c, id, deps), 200);
  });
}

type WithoutBy<T> = T extends unknown ? Omit<T, "by"> : never;

async function decided(
  c: ApiContext,
  { id, version }: { id: OpportunityId; version: number },
  command: WithoutBy<Decide>,
  deps: ApiDeps,
) {
  const { tenantId, uid } = c.get("caller");
  return persistently(
    async () => {
      const read = await findOpportunity(c, id, deps);
      if (read.data.version !== version) {
        throw standsOtherwise(read, `Its version is ${read.data.version} now.`);
      }
      const now = deps.clock.now();
      const result = decide({ tenantId, read }, { ...command, by: uid }, now);
      if (!result.ok) throw standsOtherwise(read, result.why);
      const body = viewOf(id, result.after);
      const answer = { status: 200, body };
      const { outcome } = result;
      const done = await commitAnswered(c, { outcome, answer }, deps);
      return done.kind === "conflict" ? null : body;
    },
    standing(c, id, deps),
  );
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
        { tenantId, read, by: uid },
        activations.filter((activation) => activation !== null),
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
        ringOf(tenantId, MessageId.parse(message.id), {
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

function viewOf(id: OpportunityId, { state, version }: Opportunity) {
  return shown(Decided, { id, version, ...pickState(state) });
}

function pickState(state: Opportunity["state"]) {
  const { status } = state;
  return status === "approved"
    ? { status, undoUntil: state.undoUntil }
    : { status };
}

function standsOtherwise({ data }: Read<Opportunity>, why: string): Refused {
  return new Refused(409, why, { current: currentOf(data) });
}

/** How a card stands at the moment that it is asked. */
function standing(c: ApiContext, id: OpportunityId, deps: ApiDeps) {
  return async () => currentOf((await findOpportunity(c, id, deps)).data);
}

function currentOf({ version, state }: Opportunity) {
  return { version, status: state.status };
}
