import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import {
  Comment,
  maxComment,
  maxMentions,
} from "../../domain/cards/comment.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { CommentId, type OpportunityId, Uid } from "../../domain/kernel/ids.ts";
import { canSee } from "../../domain/people/roles.ts";
import type { Opportunity } from "../../domain/cards/opportunity.ts";
import type { DocumentRef } from "../../domain/kernel/references.ts";
import { readOr404 } from "../http/documents.ts";
import type { Outcome } from "../../ports/stage.ts";
import { create, update } from "../../ports/store.ts";
import { body, redactText, json, Moment, toWire } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { findOpportunity, OpportunityParams } from "./opportunityView.ts";
import {
  CursorMoment,
  pageSchema,
  PageQuery,
  readEntries,
} from "../http/page.ts";
import { badField, Refusal } from "../http/problem.ts";

const CommentView = z
  .object({
    id: z.string(),
    ...Comment.pick({ by: true, text: true, mentions: true }).shape,
    at: Moment,
    deletedAt: Moment.nullable().openapi({
      description: "When it was deleted; its text has been empty since.",
    }),
  })
  .openapi("Comment");
const Comments = pageSchema(CommentView).openapi("CommentPage");
const CommentParams = OpportunityParams.extend({ commentId: CommentId });

const example = {
  id: "0b9e2c4a-6d1f-4f0e-9a58-3c7d2e1b8f60",
  at: moments.decided,
  by: ids.member,
  text: "Bob, did they not mention this at the fair?",
  mentions: ["bob"],
  deletedAt: null,
};

const addComment = commandRoute(
  {
    status: 201,
    ...memberAccess("opportunities", "opportunity.comment"),
    path: "/api/v1/opportunities/{id}/comments",
    operationId: "addComment",
    summary: "Comment on a card",
    description:
      "E-mail addresses and phone numbers are removed before the comment is stored. Everyone who sees the card sees it.",
    request: {
      params: OpportunityParams,
      body: body(
        z.object({
          text: z.string().trim().min(1).max(maxComment),
          mentions: z.array(Uid).max(maxMentions).default([]).openapi({
            description: "Active members who may see the card.",
          }),
        }),
        { text: example.text, mentions: example.mentions },
      ),
    },
    answer: json(CommentView, "The comment", example),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { text, mentions } = c.req.valid("json");
    const { data: card } = await findOpportunity(c, id, deps);
    const named = [...new Set(mentions)];
    await assertAddressees(c, { mentions: named, card }, deps);
    const said = { text: redactText(text, deps), mentions: named };
    return createComment(c, { id, ...said }, deps);
  },
);

const listComments = queryRoute(
  {
    ...memberAccess("opportunities", "opportunity.read"),
    path: "/api/v1/opportunities/{id}/comments",
    operationId: "listComments",
    summary: "A card's comments, newest first",
    request: { params: OpportunityParams, query: PageQuery },
    answer: json(Comments, "A page of comments", {
      items: [example],
      nextCursor: null,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    await findOpportunity(c, id, deps);
    const { tenantId } = c.get("caller");
    const listing = {
      collection: at.comments(tenantId, id),
      by: ["at", "desc"],
      cursor: z.tuple([CursorMoment, CommentId]),
    } as const;
    return readEntries(c.req.valid("query"), listing, deps);
  },
);

const deleteComment = commandRoute(
  {
    method: "delete",
    ...memberAccess("opportunities", "opportunity.comment"),
    path: "/api/v1/opportunities/{id}/comments/{commentId}",
    operationId: "deleteComment",
    summary: "Delete your own comment, or any comment as an administrator",
    description:
      "The comment stays in the list without its text. Repeating the request changes nothing.",
    request: { params: CommentParams },
    answer: json(CommentView, "What is left of the comment", {
      ...example,
      text: "",
      mentions: [],
      deletedAt: moments.undoUntil,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id, commentId } = c.req.valid("param");
    await findOpportunity(c, id, deps);
    const { tenantId } = c.get("caller");
    const ref = at.comment(tenantId, id, commentId);
    return removeComment(c, { id, ref }, deps);
  },
);

/** The routes for comments on a card. */
export const commentRoutes: readonly Route[] = [
  addComment,
  listComments,
  deleteComment,
];

/** Refuses mentions of people who cannot see the card. */
async function assertAddressees(
  c: ApiContext,
  {
    mentions,
    card,
  }: { readonly mentions: readonly Uid[]; readonly card: Opportunity },
  deps: ApiDeps,
): Promise<void> {
  const { tenantId } = c.get("caller");
  const members = await deps.store.readAll(
    mentions.map((uid) => at.member(tenantId, uid)),
    "leave-out",
  );
  for (const [i, member] of members.entries()) {
    if (member === null || !canSee(member.data, card.audience))
      throw badField(
        `mentions.${i}`,
        "must be an active member who may see this card",
      );
  }
}

async function createComment(
  c: ApiContext,
  {
    id,
    ...said
  }: Pick<Comment, "text" | "mentions"> & { readonly id: OpportunityId },
  deps: ApiDeps,
) {
  const { tenantId, uid } = c.get("caller");
  const decide = async () => {
    const commentId = CommentId.parse(deps.chance.id());
    const comment: Unstamped<Comment> = {
      at: deps.clock.now(),
      by: uid,
      ...said,
      deletedAt: null,
    };
    const outcome: Outcome = {
      writes: [create(at.comment(tenantId, id, commentId), comment)],
      audit: [
        {
          action: "CREATE",
          entity: { kind: "comment", id: commentId },
          before: null,
          after: { opportunityId: id, mentions: said.mentions },
          reason: null,
        },
      ],
    };
    const body = toWire(CommentView, { id: commentId, ...comment });
    return Promise.resolve({ body, outcome });
  };
  return carryOut(c, { decide }, deps);
}

async function removeComment(
  c: ApiContext,
  {
    id,
    ref,
  }: { readonly id: OpportunityId; readonly ref: DocumentRef<Comment> },
  deps: ApiDeps,
) {
  const { uid, actor } = c.get("caller");
  const decide = async () => {
    const read = await readOr404(ref, "comment", deps);
    const { by, at: saidAt, deletedAt } = read.data;
    if (by !== uid && actor.role !== "ADMIN")
      throw new Refusal(
        403,
        "Only the author of a comment or an administrator may delete it.",
      );
    const toView = (data: Unstamped<Comment>) =>
      toWire(CommentView, { id: read.id, ...data });
    if (deletedAt !== null) return { body: toView(read.data) };
    const emptied = { text: "", mentions: [], deletedAt: deps.clock.now() };
    const outcome: Outcome = {
      writes: [update(read, emptied)],
      audit: [
        {
          action: "DELETE",
          entity: { kind: "comment", id: read.id },
          before: { opportunityId: id, by, at: saidAt },
          after: null,
          reason: null,
        },
      ],
    };
    return { body: toView({ ...read.data, ...emptied }), outcome };
  };
  return carryOut(c, { decide }, deps);
}
