import { createRoute, z } from "@hono/zod-openapi";
import { body, cleaned, json } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import { Decided, decided, withVersion } from "./cardDecision.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { findOpportunity, OfOpportunity } from "./opportunityView.ts";
import { badField, commandProblems } from "../http/problem.ts";

const Edit = z.object({
  ...withVersion,
  index: z.int().min(0).max(1000).openapi({
    description: "Which of the card's drafts, counted from 0.",
  }),
  subject: z.string().trim().max(300),
  body: z.string().trim().min(1).max(10_000),
});

const change = createRoute({
  method: "patch",
  ...permitted("opportunities", "opportunity.edit_outreach"),
  path: "/api/v1/opportunities/{id}/outreach",
  operationId: "editOutreach",
  summary: "Rewrite one of a card's drafts, while the card is in review",
  description:
    "E-mail addresses and phone numbers are removed before anything is kept. The deadline of the review stays.",
  request: {
    params: OfOpportunity,
    body: body(Edit, {
      version: 1,
      index: 0,
      subject: "Your new role, Pat",
      body: "Dear Pat, congratulations on the new role.",
    }),
  },
  responses: {
    200: json(Decided, "How the card stands now", {
      id: ids.opportunity,
      status: "in_review",
      version: 2,
    }),
    ...commandProblems(404),
  },
});

/** The route by which people word what goes out. */
export function outreachRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const { version, index, ...draft } = c.req.valid("json");
    const { data } = await findOpportunity(c, id, deps);
    const drafts = data.card.outreach.length;
    // Of another version it is refused for that.
    if (index >= drafts && data.version === version)
      throw badField("index", `must be less than ${drafts}, the card's drafts`);
    const command = {
      kind: "edit",
      index,
      subject: cleaned(draft.subject, deps),
      body: cleaned(draft.body, deps),
    } as const;
    return c.json(await decided(c, { id, version }, command, deps), 200);
  });
}
