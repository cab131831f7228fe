import { z } from "@hono/zod-openapi";
import type { Permission } from "../../domain/people/roles.ts";
import { body, json, redactText } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { commandRoute, type Route } from "../http/route.ts";
import {
  Note,
  permissionFor,
  readReviewHours,
  rejectFields,
  type Review,
  reviewCard,
  ReviewResult,
  snoozeFields,
  toCommand,
  versionField,
} from "./review.ts";
import { OpportunityParams, type Status } from "./opportunityView.ts";

interface About<B extends z.ZodObject> {
  readonly operationId: string;
  readonly permission: Permission;
  readonly summary: string;
  readonly description?: string;
  readonly fields: B;
  readonly example: z.input<B>;
  /** The card's status afterwards, for the example. */
  readonly leadsTo: z.infer<typeof Status>;
}

/** What the routes of all reviews share. */
function reviewAbout<V extends string, B extends z.ZodObject>(
  verb: V,
  { permission, fields, example, leadsTo, ...about }: About<B>,
) {
  return {
    ...memberAccess("opportunities", permission),
    path: `/api/v1/opportunities/{id}/${verb}`,
    ...about,
    request: { params: OpportunityParams, body: body(fields, example) },
    answer: json(ReviewResult, "The card's state now", {
      id: ids.opportunity,
      status: leadsTo,
      version: 2,
      ...(leadsTo === "approved" && { undoUntil: moments.undoUntil }),
    }),
    refusals: [404],
  } as const;
}

const Plain = z.object(versionField);

/** A review without further fields. */
function plainReview(
  decision: "approve" | "withdraw" | "wake" | "reopen",
  about: Omit<About<typeof Plain>, "permission" | "fields" | "example"> & {
    readonly version: number;
  },
): Route {
  const { version, ...rest } = about;
  const permission = permissionFor[decision];
  const example = { version };
  return commandRoute(
    reviewAbout(decision, { ...rest, permission, fields: Plain, example }),
    async (c, deps) => {
      const { id } = c.req.valid("param");
      const { version } = c.req.valid("json");
      return carryOutReview(c, { id, version, review: { decision } }, deps);
    },
  );
}

const approve = plainReview("approve", {
  operationId: "approveOpportunity",
  summary: "Approve a card; it is written to the CRMs ten seconds later",
  description:
    "Approving an approved card answers 409 with its current status and version.",
  version: 1,
  leadsTo: "approved",
});

const withdraw = plainReview("withdraw", {
  operationId: "withdrawApproval",
  summary: "Withdraw an approval before it is carried out",
  version: 1,
  leadsTo: "in_review",
});

const reject = commandRoute(
  reviewAbout("reject", {
    operationId: "rejectOpportunity",
    permission: permissionFor.reject,
    summary: "Reject a card, with a reason",
    fields: z.object(rejectFields),
    example: {
      version: 1,
      reason: "already_known",
      note: "They told us at the fair.",
    },
    leadsTo: "rejected",
  }),
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, ...rest } = c.req.valid("json");
    const asked = { decision: "reject", ...rest } as const;
    return carryOutReview(c, { id, version, review: asked }, deps);
  },
);

const snooze = commandRoute(
  reviewAbout("snooze", {
    operationId: "snoozeOpportunity",
    permission: permissionFor.snooze,
    summary: "Snooze a card until a given time",
    description:
      "The card returns at that time, or earlier if there is new evidence or somebody wakes it.",
    fields: z.object(snoozeFields),
    example: {
      version: 1,
      until: "2027-01-11T08:00:00Z",
      reason: "Their budget is decided in January.",
    },
    leadsTo: "snoozed",
  }),
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, ...rest } = c.req.valid("json");
    const asked = { decision: "snooze", ...rest } as const;
    return carryOutReview(c, { id, version, review: asked }, deps);
  },
);

const wake = plainReview("wake", {
  operationId: "wakeOpportunity",
  summary: "Wake a snoozed card early",
  version: 2,
  leadsTo: "in_review",
});

const reopen = plainReview("reopen", {
  operationId: "reopenOpportunity",
  summary: "Undo a rejection; the card is reviewed again with a new deadline",
  version: 2,
  leadsTo: "in_review",
});

const refine = commandRoute(
  reviewAbout("refine", {
    operationId: "refineOpportunity",
    permission: "opportunity.refine",
    summary: "Ask for a new draft that follows your note",
    fields: Plain.extend({ note: Note }),
    example: { version: 1, note: "Shorter, and name the plant in Linz." },
    leadsTo: "draft",
  }),
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, note } = c.req.valid("json");
    const command = { kind: "refine", note: redactText(note, deps) } as const;
    return reviewCard(c, { id, version, command }, deps);
  },
);

/** The routes for reviewing one card. */
export const reviewRoutes: readonly Route[] = [
  approve,
  withdraw,
  reject,
  snooze,
  wake,
  reopen,
  refine,
];

async function carryOutReview(
  c: ApiContext,
  {
    review,
    ...wanted
  }: Omit<Parameters<typeof reviewCard>[1], "command"> & {
    readonly review: Review;
  },
  deps: ApiDeps,
) {
  const hours = () => readReviewHours(c, deps);
  const command = await toCommand(review, hours, deps);
  return reviewCard(c, { ...wanted, command }, deps);
}
