import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import {
  Invitation,
  InvitationId,
  InvitationStatus,
  toInvitationId,
  toInvitation,
  maxPending,
  invitationStatus,
} from "../../domain/people/invitation.ts";
import type { Uid } from "../../domain/kernel/ids.ts";
import { minuteMs } from "../../domain/kernel/instant.ts";
import { InvitationForm } from "../../domain/people/members.ts";
import { create, type Read, update } from "../../ports/store.ts";
import { body, json, Moment, persistently, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import { haveInviters } from "./invitationEnds.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { findMember, standsActive } from "./membership.ts";
import {
  CursorMoment,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { commandProblems, queryProblems, Refused } from "../http/problem.ts";

/** Whether an invitation still has somebody's word behind it. */
export const HasInviter = z.boolean().openapi({
  description:
    "Whether who made it still is an active administrator. Else it is not accepted until another one renews it.",
});

/** An invitation as administrators see it. */
export const InvitationView = z
  .object({
    id: z.string(),
    ...Invitation.pick({
      email: true,
      name: true,
      role: true,
      isLead: true,
      teams: true,
      invitedBy: true,
      version: true,
    }).shape,
    state: InvitationStatus,
    hasInviter: HasInviter,
    invitedAt: Moment,
    expiresAt: Moment,
  })
  .openapi("Invitation");
const InvitationPage = pageOf(InvitationView).openapi("InvitationPage");

/** What the routes have in common by which administrators manage invitations. */
export const managingInvitations = permitted("invitations", "member.manage");

/** An invitation in examples. */
export const invitationExample = {
  id: "0f3c8a52b1d94e6789ab01cd23ef4567",
  email: "anna@acme.example",
  name: "Anna Berg",
  role: "ACCOUNT_MANAGER" as const,
  isLead: false,
  teams: ["north"],
  invitedBy: { uid: ids.member, name: "Ada Admin" },
  version: 1,
  state: "pending" as const,
  hasInviter: true,
  invitedAt: "2026-11-20T10:00:00.000Z",
  expiresAt: "2026-12-04T10:00:00.000Z",
};

const list = createRoute({
  method: "get",
  ...managingInvitations,
  path: "/api/v1/invitations",
  operationId: "listInvitations",
  summary: "The tenant's invitations, the newest first; those that ended too",
  request: { query: PageQuery },
  responses: {
    200: json(InvitationPage, "A page of invitations", {
      items: [invitationExample],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

const invite = createRoute({
  method: "post",
  ...managingInvitations,
  path: "/api/v1/invitations",
  operationId: "inviteMember",
  summary: "Invite a person by e-mail address",
  description:
    "Nothing changes for the person until they sign in with that address, proven to be theirs, and accept: within 14 days. Whether somebody with that address exists makes no difference to the answer. Inviting the same address again replaces its invitation. No mail is sent: tell them to open the console at `/invitations`.",
  request: {
    body: body(InvitationForm, {
      email: "anna@acme.example",
      name: "Anna Berg",
      role: "ACCOUNT_MANAGER",
      teams: ["north"],
    }),
  },
  responses: {
    201: json(InvitationView, "The pending invitation", invitationExample),
    ...commandProblems(404),
  },
});

/** The routes by which administrators see and make invitations. */
export function invitationRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const reads = await deps.store.query({
      collection: at.invitations(c.get("caller").tenantId),
      where: [],
      orderBy: [
        ["expiresAt", "desc"],
        ["__name__", "desc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorMoment, InvitationId])),
    });
    const { items, nextCursor } = page(reads, limit, ({ id, data }) => [
      data.expiresAt,
      id,
    ]);
    const { tenantId } = c.get("caller");
    const standing = await haveInviters(
      items.map(({ data }) => [tenantId, data]),
      deps,
    );
    const views = items.map(({ id, data }, n) =>
      invitationView(id, { ...data, hasInviter: standing[n] === true }, deps),
    );
    return c.json(shown(InvitationPage, { items: views, nextCursor }), 200);
  });

  api.openapi(invite, async (c) => {
    const form = c.req.valid("json");
    const view = await persistently(() => inviteOnce(c, form, deps));
    return c.json(shown(InvitationView, view), 201);
  });
}

/** An invitation as it is shown to administrators now. */
export function invitationView(
  id: string,
  data: Unstamped<Invitation> & { readonly hasInviter: boolean },
  { clock }: Pick<ApiDeps, "clock">,
) {
  const state = invitationStatus(data, clock.now());
  return shown(InvitationView, { ...data, id, state });
}

/** Makes an invitation, or one that there was already pending anew; null where somebody else was faster. */
async function inviteOnce(c: ApiContext, form: InvitationForm, deps: ApiDeps) {
  const { tenantId, uid } = c.get("caller");
  const id = toInvitationId(form.email);
  const [known, by] = await Promise.all([
    deps.store.read(at.invitation(tenantId, id)),
    findMember(c, uid, deps),
    refuseMember(c, form.email, deps),
    refuseTooMany(c, deps),
  ]);
  const invitedBy = { uid, name: by.data.name };
  const version = (known?.data.version ?? 0) + 1;
  const now = deps.clock.now();
  const after = { ...toInvitation(form, invitedBy, now), version };
  const view = invitationView(id, { ...after, hasInviter: true }, deps);
  if (known !== null && isAsWanted(known.data, { form, uid, now }))
    return invitationView(id, { ...known.data, hasInviter: true }, deps);
  const before = known === null ? null : auditOf(known);
  const done = await commitAnswered(
    c,
    {
      outcome: {
        writes: [
          known === null
            ? create(at.invitation(tenantId, id), after)
            : update(known, after),
        ],
        audit: [
          {
            action: known === null ? "CREATE" : "UPDATE",
            entity: { kind: "invitation", id },
            before,
            after: { ...form, version },
            reason: "invited",
          },
        ],
      },
      answer: { status: 201, body: view },
    },
    deps,
  );
  return done.kind === "conflict" ? null : view;
}

/** Whether the very invitation is pending already, of less than a minute ago: then it is the same request, sent again. */
function isAsWanted(
  data: Invitation,
  wanted: {
    readonly form: InvitationForm;
    readonly uid: Uid;
    readonly now: Date;
  },
): boolean {
  const { form, uid, now } = wanted;
  return (
    data.state === "pending" &&
    data.invitedBy.uid === uid &&
    now.getTime() - data.invitedAt.getTime() < minuteMs &&
    JSON.stringify(contentOf(data)) === JSON.stringify(contentOf(form))
  );
}

function contentOf({ email, name, role, isLead, teams }: InvitationForm) {
  return { email, name, role, isLead, teams };
}

function auditOf({ data }: Read<Invitation>) {
  const { role, isLead, teams, state, version } = data;
  return { role, isLead, teams, state, version };
}

/** Who its members are is the tenant's own knowledge. Whoever left may be invited again. */
export async function refuseMember(
  c: ApiContext,
  email: string,
  { store }: Pick<ApiDeps, "store">,
): Promise<void> {
  const [member] = await store.query({
    collection: at.members(c.get("caller").tenantId),
    where: [
      ["email", "==", email],
      ["active", "==", true],
    ],
    limit: 1,
  });
  if (member === undefined) return;
  const { uid, version } = member.data;
  const current = { uid, version, state: standsActive(member.data) };
  throw new Refused(409, `${email} is a member already.`, { current });
}

/** Refuses one more pending invitation than a tenant can have. */
export async function refuseTooMany(
  c: ApiContext,
  { store, clock }: Pick<ApiDeps, "store" | "clock">,
): Promise<void> {
  const pending = await store.count({
    collection: at.invitations(c.get("caller").tenantId),
    where: [
      ["state", "==", "pending"],
      ["expiresAt", ">", clock.now()],
    ],
    limit: maxPending,
  });
  if (pending < maxPending) return;
  throw new Refused(
    409,
    `${maxPending} invitations of this tenant are pending, and it can have no more. Withdraw some, or wait until they are answered.`,
  );
}
