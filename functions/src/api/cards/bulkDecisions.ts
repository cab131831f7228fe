import { createRoute, z } from "@hono/zod-openapi";
import { RetryableError } from "../../domain/kernel/errors.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import { hasPermission } from "../../domain/people/roles.ts";
import { body, json } from "../http/answer.ts";
import { lacking, permitted } from "../http/auth.ts";
import {
  commandOf,
  Decided,
  decided,
  permissionFor,
  rejecting,
  reviewHoursOf,
  snoozing,
  withVersion,
} from "./cardDecision.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { commandProblems, Problem, problemOf } from "../http/problem.ts";

/** How many cards are decided on at the same time. */
const atOnce = 5;

const of = { id: OpportunityId };
const Decision = z.discriminatedUnion("decision", [
  z.object({ ...of, decision: z.literal("approve"), ...withVersion }),
  z.object({ ...of, decision: z.literal("withdraw"), ...withVersion }),
  z.object({ ...of, decision: z.literal("reject"), ...rejecting }),
  z.object({ ...of, decision: z.literal("reopen"), ...withVersion }),
  z.object({ ...of, decision: z.literal("snooze"), ...snoozing }),
  z.object({ ...of, decision: z.literal("wake"), ...withVersion }),
]);
type Decision = z.infer<typeof Decision>;

const Decisions = z.object({
  decisions: z
    .array(Decision)
    .min(1)
    .max(50)
    .refine(
      (decisions) =>
        new Set(decisions.map(({ id }) => id)).size === decisions.length,
      "must name each card once",
    ),
});

const Result = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ...Decided.shape }),
  z.object({
    ok: z.literal(false),
    id: z.string(),
    status: z.int().openapi({
      description: "What the decision alone would have been answered with.",
    }),
    problem: Problem.pick({ title: true, detail: true, current: true }),
  }),
]);
type Result = z.infer<typeof Result>;

const Results = z
  .object({ results: z.array(Result) })
  .openapi("BulkDecisionResults");

const bulk = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.bulk_decide"),
  path: "/api/v1/opportunities/bulk-decisions",
  operationId: "decideOnOpportunities",
  summary: "Decide on up to fifty cards, each by itself",
  description:
    "What one card refuses changes nothing for the others. Sent again with its Idempotency-Key after it died, it goes on where it died.",
  request: {
    body: body(Decisions, {
      decisions: [
        { id: ids.opportunity, version: 1, decision: "approve" },
        {
          id: "8f2e6b0c9d1a4e7fb3c5d6e7f8091a2b",
          version: 3,
          decision: "reject",
          reason: "old_news",
        },
      ],
    }),
  },
  responses: {
    200: json(Results, "What became of each, in the order asked", {
      results: [
        {
          id: ids.opportunity,
          ok: true,
          status: "approved",
          version: 2,
          undoUntil: moments.undoUntil,
        },
        {
          id: "8f2e6b0c9d1a4e7fb3c5d6e7f8091a2b",
          ok: false,
          status: 409,
          problem: {
            title: "The thing stands otherwise by now",
            detail: "Its version is 4 now.",
            current: { version: 4, status: "approved" },
          },
        },
      ],
    }),
    ...commandProblems(),
  },
});

/** The route by which people decide on many cards. */
export function bulkDecisionRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(bulk, async (c) => {
    const { decisions } = c.req.valid("json");
    let asked: Promise<number | undefined> | undefined;
    const hours = () => (asked ??= reviewHoursOf(c, deps));
    const results: Result[] = [];
    for (let i = 0; i < decisions.length; i += atOnce) {
      const some = decisions.slice(i, i + atOnce);
      results.push(
        ...(await Promise.all(
          some.map((decision) => resultOf(c, decision, hours, deps)),
        )),
      );
    }
    return c.json({ results }, 200);
  });
}

async function resultOf(
  c: ApiContext,
  decision: Decision,
  hours: () => Promise<number | undefined>,
  deps: ApiDeps,
): Promise<Result> {
  const { id, version } = decision;
  try {
    const { actor } = c.get("caller");
    const permission = permissionFor[decision.decision];
    if (!hasPermission(actor, permission)) throw lacking(actor, permission);
    const command = await commandOf(decision, hours, deps);
    const wanted = { id, version, isPart: true };
    return { ok: true, ...(await decided(c, wanted, command, deps)) };
  } catch (error) {
    // What may be otherwise in a moment is no answer to keep: the whole is sent again, and goes on from here.
    if (!(error instanceof Error) || error instanceof RetryableError)
      throw error;
    const { problem } = problemOf(error, c, deps);
    const { status, title, detail, current } = problem;
    return {
      ok: false,
      id,
      status,
      problem: { title, detail, ...(current && { current }) },
    };
  }
}
