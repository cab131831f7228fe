import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import {
  Comment,
  maxComment,
  maxMentions,
} from "../../domain/cards/comment.ts";
import type { Audience, Unstamped } from "../../domain/kernel/document.ts";
import { CommentId, type OpportunityId, Uid } from "../../domain/kernel/ids.ts";
import { canSee } from "../../domain/people/roles.ts";
import type { Outcome } from "../../ports/stage.ts";
import { create, update } from "../../ports/store.ts";
import {
  body,
  cleaned,
  json,
  Moment,
  persistently,
  shown,
} from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { findOpportunity, OfOpportunity } from "./opportunityView.ts";
import {
  CursorMoment,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import {
  badField,
  commandProblems,
  queryProblems,
  Refused,
} from "../http/problem.ts";

const CommentView = z
  .object({
    id: z.string(),
    ...Comment.pick({ by: true, text: true, mentions: true }).shape,
    at: Moment,
    deletedAt: Moment.nullable().openapi({
      description: "When it was deleted; its text is empty from then on.",
    }),
  })
  .openapi("Comment");
const Comments = pageOf(CommentView).openapi("CommentPage");
const OfComment = OfOpportunity.extend({ commentId: CommentId });

const example = {
  id: "0b9e2c4a-6d1f-4f0e-9a58-3c7d2e1b8f60",
  at: moments.decided,
  by: ids.member,
  text: "Bob, did they not mention this at the fair?",
  mentions: ["bob"],
  deletedAt: null,
};

const add = createRoute({
  method: "post",
  ...permitted("opportunities", "opportunity.comment"),
  path: "/api/v1/opportunities/{id}/comments",
  operationId: "addComment",
  summary: "Say something beside a card, and to whom",
  description:
    "E-mail addresses and phone numbers are removed before anything is kept. Whoever sees the card sees it.",
  request: {
    params: OfOpportunity,
    body: body(
      z.object({
        text: z.string().trim().min(1).max(maxComment),
        mentions: z.array(Uid).max(maxMentions).default([]).openapi({
          description: "Active members who see the card.",
        }),
      }),
      { text: example.text, mentions: example.mentions },
    ),
  },
  responses: {
    201: json(CommentView, "The comment", example),
    ...commandProblems(404),
  },
});

const list = createRoute({
  method: "get",
  ...permitted("opportunities", "opportunity.read"),
  path: "/api/v1/opportunities/{id}/comments",
  operationId: "listComments",
  summary: "What people said beside a card, the newest first",
  request: { params: OfOpportunity, query: PageQuery },
  responses: {
    200: json(Comments, "A page of comments", {
      items: [example],
      nextCursor: null,
    }),
    ...queryProblems(404),
  },
});

const remove = createRoute({
  method: "delete",
  ...permitted("opportunities", "opportunity.comment"),
  path: "/api/v1/opportunities/{id}/comments/{commentId}",
  operationId: "deleteComment",
  summary: "Delete a comment of your own; an administrator anybody's",
  description: "Its place stays. Asked for twice, it changes nothing more.",
  request: { params: OfComment },
  responses: {
    200: json(CommentView, "What is left of it", {
      ...example,
      text: "",
      mentions: [],
      deletedAt: moments.undoUntil,
    }),
    ...commandProblems(404),
  },
});

/** The routes of what people say beside a card. */
export function commentRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(add, async (c) => {
    const { id } = c.req.valid("param");
    const { text, mentions } = c.req.valid("json");
    const { data: card } = await findOpportunity(c, id, deps);
    const named = [...new Set(mentions)];
    await assertAddressees(c, named, card.audience, deps);
    const said = { text: cleaned(text, deps), mentions: named };
    return c.json(await added(c, id, said, deps), 201);
  });

  api.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    await findOpportunity(c, id, deps);
    const reads = await deps.store.query({
      collection: at.comments(c.get("caller").tenantId, id),
      where: [],
      orderBy: [
        ["at", "desc"],
        ["__name__", "desc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorMoment, CommentId])),
    });
    const { items, ...rest } = page(reads, limit, (last) => [
      last.data.at,
      last.id,
    ]);
    const comments = items.map((read) => ({ id: read.id, ...read.data }));
    return c.json(shown(Comments, { items: comments, ...rest }), 200);
  });

  api.openapi(remove, async (c) => {
    const { id, commentId } = c.req.valid("param");
    await findOpportunity(c, id, deps);
    return c.json(await removed(c, { id, commentId }, deps), 200);
  });
}

/** Refuses people who would not find what they are named in. */
async function assertAddressees(
  c: ApiContext,
  mentions: readonly Uid[],
  audience: Audience,
  deps: ApiDeps,
): Promise<void> {
  const { tenantId } = c.get("caller");
  const members = await deps.store.readAll(
    mentions.map((uid) => at.member(tenantId, uid)),
    "leave-out",
  );
  for (const [i, member] of members.entries()) {
    if (member === null || !canSee(member.data, audience))
      throw badField(
        `mentions.${i}`,
        "must be an active member who sees this card",
      );
  }
}

async function added(
  c: ApiContext,
  id: OpportunityId,
  said: Pick<Comment, "text" | "mentions">,
  deps: ApiDeps,
) {
  const { tenantId, uid } = c.get("caller");
  return persistently(async () => {
    const commentId = CommentId.parse(deps.chance.id());
    const comment: Unstamped<Comment> = {
      at: deps.clock.now(),
      by: uid,
      ...said,
      deletedAt: null,
    };
    const view = shown(CommentView, { id: commentId, ...comment });
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
    const answer = { status: 201, body: view };
    const done = await commitAnswered(c, { outcome, answer }, deps);
    return done.kind === "conflict" ? null : view;
  });
}

async function removed(
  c: ApiContext,
  { id, commentId }: z.infer<typeof OfComment>,
  deps: ApiDeps,
) {
  const { tenantId, uid, actor } = c.get("caller");
  return persistently(async () => {
    const read = await deps.store.read(at.comment(tenantId, id, commentId));
    if (read === null) throw new Refused(404, "There is no such comment.");
    const { by, at: saidAt, deletedAt } = read.data;
    if (by !== uid && actor.role !== "ADMIN")
      throw new Refused(
        403,
        "Only who wrote a comment, or an administrator, may delete it.",
      );
    if (deletedAt !== null)
      return shown(CommentView, { id: commentId, ...read.data });
    const left = { text: "", mentions: [], deletedAt: deps.clock.now() };
    const view = shown(CommentView, { id: commentId, ...read.data, ...left });
    const outcome: Outcome = {
      writes: [update(read, left)],
      audit: [
        {
          action: "DELETE",
          entity: { kind: "comment", id: commentId },
          before: { opportunityId: id, by, at: saidAt },
          after: null,
          reason: null,
        },
      ],
    };
    const answer = { status: 200, body: view };
    const done = await commitAnswered(c, { outcome, answer }, deps);
    return done.kind === "conflict" ? null : view;
  });
}
