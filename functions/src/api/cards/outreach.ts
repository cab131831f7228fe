import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import { body, redactText, json } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { reviewCard, ReviewResult, versionField } from "./review.ts";
import { ids } from "../http/examples.ts";
import { findOpportunity, OpportunityParams } from "./opportunityView.ts";
import { badField } from "../http/problem.ts";

const Edit = z.object({
  ...versionField,
  index: z.int().min(0).max(1000).openapi({
    description: "The index of the draft, counted from 0.",
  }),
  subject: z.string().trim().max(300),
  body: z.string().trim().min(1).max(10_000),
});

const editOutreach = commandRoute(
  {
    method: "patch",
    ...memberAccess("opportunities", "opportunity.edit_outreach"),
    path: "/api/v1/opportunities/{id}/outreach",
    operationId: "editOutreach",
    summary: "Edit one of a card's drafts while the card is in review",
    description:
      "E-mail addresses and phone numbers are removed before the draft is stored. The review deadline does not change.",
    request: {
      params: OpportunityParams,
      body: body(Edit, {
        version: 1,
        index: 0,
        subject: "Your new role, Pat",
        body: "Dear Pat, congratulations on the new role.",
      }),
    },
    answer: json(ReviewResult, "The card's state now", {
      id: ids.opportunity,
      status: "in_review",
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, index, ...draft } = c.req.valid("json");
    const { data } = await findOpportunity(c, id, deps);
    const drafts = data.card.outreach.length;
    // A card of another version is refused because of its version.
    if (index >= drafts && data.version === version)
      throw badField(
        "index",
        `must be less than ${drafts}, the number of the card's drafts`,
      );
    const command = {
      kind: "edit",
      index,
      subject: redactText(draft.subject, deps),
      body: redactText(draft.body, deps),
    } as const;
    return reviewCard(c, { id, version, command }, deps);
  },
);

/** The route for editing outreach drafts. */
export const outreachRoutes: readonly Route[] = [editOutreach];
