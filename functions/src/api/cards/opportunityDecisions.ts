import { createRoute, z } from "@hono/zod-openapi";
import { body, cleaned, json } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import {
  type Asked,
  commandOf,
  Decided,
  decided,
  Note,
  permissionFor,
  rejecting,
  reviewHoursOf,
  snoozing,
  withVersion,
} from "./cardDecision.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { OfOpportunity, type Status } from "./opportunityView.ts";
import { commandProblems } from "../http/problem.ts";

const Plain = z.object(withVersion);

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
  ...permitted("opportunities", permissionFor.approve),
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
  ...permitted("opportunities", permissionFor.withdraw),
  path: "/api/v1/opportunities/{id}/withdraw",
  operationId: "withdrawApproval",
  summary: "Take an approval back while it has not been carried out",
  request: { params: OfOpportunity, body: body(Plain, { version: 1 }) },
  responses: responses("in_review"),
});

const reject = createRoute({
  method: "post",
  ...permitted("opportunities", permissionFor.reject),
  path: "/api/v1/opportunities/{id}/reject",
  operationId: "rejectOpportunity",
  summary: "Reject a card, with the reason",
  request: {
    params: OfOpportunity,
    body: body(z.object(rejecting), {
      version: 1,
      reason: "already_known",
      note: "They told us at the fair.",
    }),
  },
  responses: responses("rejected"),
});

const snooze = createRoute({
  method: "post",
  ...permitted("opportunities", permissionFor.snooze),
  path: "/api/v1/opportunities/{id}/snooze",
  operationId: "snoozeOpportunity",
  summary: "Put a card aside until a moment",
  description:
    "It comes back by itself at that moment, earlier with new evidence, or when somebody wakes it.",
  request: {
    params: OfOpportunity,
    body: body(z.object(snoozing), {
      version: 1,
      until: "2027-01-11T08:00:00Z",
      reason: "Their budget is decided in January.",
    }),
  },
  responses: responses("snoozed"),
});

const wake = createRoute({
  method: "post",
  ...permitted("opportunities", permissionFor.wake),
  path: "/api/v1/opportunities/{id}/wake",
  operationId: "wakeOpportunity",
  summary: "Bring a snoozed card back before its time",
  request: { params: OfOpportunity, body: body(Plain, { version: 2 }) },
  responses: responses("in_review"),
});

const reopen = createRoute({
  method: "post",
  ...permitted("opportunities", permissionFor.reopen),
  path: "/api/v1/opportunities/{id}/reopen",
  operationId: "reopenOpportunity",
  summary: "Take a rejection back, into a review with a deadline of its own",
  request: { params: OfOpportunity, body: body(Plain, { version: 2 }) },
  responses: responses("in_review"),
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

/** The routes by which people decide on cards, one at a time. */
export function decisionRoutes(api: Api, deps: ApiDeps): void {
  const plain = [
    [approve, "approve"],
    [withdraw, "withdraw"],
    [wake, "wake"],
    [reopen, "reopen"],
  ] as const;
  for (const [route, decision] of plain) {
    api.openapi(route, async (c) => {
      const wanted = { ...c.req.valid("param"), ...c.req.valid("json") };
      return c.json(await carriedOut(c, wanted, { decision }, deps), 200);
    });
  }

  api.openapi(reject, async (c) => {
    const { version, ...rest } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    const asked = { decision: "reject", ...rest } as const;
    return c.json(await carriedOut(c, wanted, asked, deps), 200);
  });

  api.openapi(snooze, async (c) => {
    const { version, ...rest } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    const asked = { decision: "snooze", ...rest } as const;
    return c.json(await carriedOut(c, wanted, asked, deps), 200);
  });

  api.openapi(refine, async (c) => {
    const { version, note } = c.req.valid("json");
    const wanted = { ...c.req.valid("param"), version };
    const command = { kind: "refine", note: cleaned(note, deps) } as const;
    return c.json(await decided(c, wanted, command, deps), 200);
  });
}

async function carriedOut(
  c: ApiContext,
  wanted: Parameters<typeof decided>[1],
  asked: Asked,
  deps: ApiDeps,
) {
  const hours = () => reviewHoursOf(c, deps);
  return decided(c, wanted, await commandOf(asked, hours, deps), deps);
}
