import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import { OpportunityId } from "../../domain/kernel/ids.ts";
import { hasPermission } from "../../domain/people/roles.ts";
import { body, json } from "../http/answer.ts";
import { missingPermission, memberAccess } from "../http/auth.ts";
import {
  permissionFor,
  readReviewHours,
  rejectFields,
  reviewCard,
  ReviewResult,
  snoozeFields,
  toCommand,
  versionField,
} from "./review.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { Problem, toProblem } from "../http/problem.ts";

/** How many cards are reviewed at the same time. */
const atOnce = 5;

const of = { id: OpportunityId };
const Decision = z.discriminatedUnion("decision", [
  z.object({ ...of, decision: z.literal("approve"), ...versionField }),
  z.object({ ...of, decision: z.literal("withdraw"), ...versionField }),
  z.object({ ...of, decision: z.literal("reject"), ...rejectFields }),
  z.object({ ...of, decision: z.literal("reopen"), ...versionField }),
  z.object({ ...of, decision: z.literal("snooze"), ...snoozeFields }),
  z.object({ ...of, decision: z.literal("wake"), ...versionField }),
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
      "must name each card only once",
    ),
});

const Result = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ...ReviewResult.shape }),
  z.object({
    ok: z.literal(false),
    id: z.string(),
    status: z.int().openapi({
      description:
        "The status that this review alone would have been answered with.",
    }),
    problem: Problem.pick({ title: true, detail: true, current: true }),
  }),
]);
type Result = z.infer<typeof Result>;

const Results = z
  .object({ results: z.array(Result) })
  .openapi("BulkDecisionResults");

const decideOnOpportunities = commandRoute(
  {
    ...memberAccess("opportunities", "opportunity.bulk_decide"),
    path: "/api/v1/opportunities/bulk-decisions",
    operationId: "decideOnOpportunities",
    summary: "Review up to 50 cards, each on its own",
    description:
      "If one card's review is refused, the others are not affected. After a crash, send the request again with the same Idempotency-Key: it continues where it stopped.",
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
    answer: json(Results, "The result for each card, in the order requested", {
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
            title: "This has changed in the meantime",
            detail: "Its version is now 4.",
            current: { version: 4, status: "approved" },
          },
        },
      ],
    }),
  },
  async (c, deps) => {
    const { decisions } = c.req.valid("json");
    let asked: Promise<number | undefined> | undefined;
    const hours = () => (asked ??= readReviewHours(c, deps));
    const results: Result[] = [];
    for (let i = 0; i < decisions.length; i += atOnce) {
      const some = decisions.slice(i, i + atOnce);
      results.push(
        ...(await Promise.all(
          some.map((decision) => reviewOne(c, { decision, hours }, deps)),
        )),
      );
    }
    return { results };
  },
);

/** The route for reviewing many cards at once. */
export const bulkReviewRoutes: readonly Route[] = [decideOnOpportunities];

async function reviewOne(
  c: ApiContext,
  {
    decision,
    hours,
  }: {
    readonly decision: Decision;
    readonly hours: () => Promise<number | undefined>;
  },
  deps: ApiDeps,
): Promise<Result> {
  const { id, version } = decision;
  try {
    const { actor } = c.get("caller");
    const permission = permissionFor[decision.decision];
    if (!hasPermission(actor, permission))
      throw missingPermission(actor, permission);
    const command = await toCommand(decision, hours, deps);
    const review = { id, version, isPart: true, command };
    return { ok: true, ...(await reviewCard(c, review, deps)) };
  } catch (error) {
    // A failure that may pass is not an answer to keep: the whole request is sent again and continues from here.
    if (!(error instanceof Error) || error instanceof RetryableError)
      throw error;
    const { problem } = toProblem(error, c, deps);
    const { status, title, detail, current } = problem;
    return {
      ok: false,
      id,
      status,
      problem: { title, detail, ...(current && { current }) },
    };
  }
}
