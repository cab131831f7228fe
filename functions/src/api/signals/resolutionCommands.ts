import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { AccountId, type MessageId } from "../../domain/kernel/ids.ts";
import type { Resolution } from "../../domain/resolution/resolution.ts";
import { toItemDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import { hasPermission } from "../../domain/people/roles.ts";
import { toMessageId } from "../../domain/messages/topics.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { body, cleaned, json, persistently, shown } from "../http/answer.ts";
import { findAccount } from "../accounts/accounts.ts";
import { lacking, permitted } from "../http/auth.ts";
import {
  type Api,
  type ApiContext,
  type ApiDeps,
  authorOf,
} from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { commandProblems, Refused } from "../http/problem.ts";
import { remembered } from "../accounts/remembered.ts";
import {
  findResolution,
  OfResolution,
  resolutionExample,
  ResolutionItem,
  viewOf,
} from "./resolutions.ts";
import { Version } from "../http/versioned.ts";

const assign = createRoute({
  method: "post",
  ...permitted("resolutions", "resolution.work"),
  path: "/api/v1/resolutions/{id}/assign",
  operationId: "assignResolution",
  summary: "Say whose a signal is; it goes on as that account's",
  description:
    "With `remember`, the account is known from then on by the name or domain that the signal came with (`hint`); that is a change of the account, for whoever may make one.",
  request: {
    params: OfResolution,
    body: body(
      z.object({
        accountId: AccountId,
        version: Version,
        remember: z.boolean().default(false),
      }),
      { accountId: ids.account, version: 1, remember: true },
    ),
  },
  responses: {
    200: json(ResolutionItem, "The signal, which has gone on", {
      ...resolutionExample,
      state: "assigned",
      decidedBy: ids.member,
      assignedTo: ids.account,
      messageId: ids.message,
      decidedAt: moments.decided,
      version: 2,
    }),
    ...commandProblems(404),
  },
});

const dismiss = createRoute({
  method: "post",
  ...permitted("resolutions", "resolution.work"),
  path: "/api/v1/resolutions/{id}/dismiss",
  operationId: "dismissResolution",
  summary: "Say that a signal is no account's; it ends there",
  description:
    "An account manager may dismiss what may be of accounts of theirs alone.",
  request: {
    params: OfResolution,
    body: body(
      z.object({ version: Version, reason: z.string().trim().min(1).max(500) }),
      { version: 1, reason: "Another company of that name" },
    ),
  },
  responses: {
    200: json(ResolutionItem, "The signal, which has ended", {
      ...resolutionExample,
      state: "dismissed",
      decidedBy: ids.member,
      decidedAt: moments.decided,
      reason: "Another company of that name",
      version: 2,
    }),
    ...commandProblems(404),
  },
});

/** The routes by which people decide whose a signal is. */
export function resolutionCommandRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(assign, async (c) => {
    const { id } = c.req.valid("param");
    const { accountId, version, remember } = c.req.valid("json");
    const { actor, tenantId } = c.get("caller");
    if (remember && !hasPermission(actor, "account.manage"))
      throw lacking(actor, "account.manage");
    const done = await decide(c, { id, version }, deps, async ({ data }) => {
      const account = await findAccount(c, accountId, deps);
      const received = {
        ...data.received,
        accountId,
        resolvedBy: `assigned by ${actor.uid}`,
      };
      const learned = remember
        ? await remembered(tenantId, account, { hint: data.hint }, deps)
        : {};
      return {
        patch: {
          state: "assigned",
          assignedTo: accountId,
          messageId: toMessageId("signal-received", received),
        },
        reason: "assigned by hand",
        outcome: {
          ...learned,
          emits: [{ topic: "signal-received", payload: received }],
          decisions: [
            toItemDecisionRecord(data.received.item, null, {
              stage: "ingest",
              verdict: "kept",
              reason: "unresolved",
              detail: `A person assigned it to ${account.data.name}.`,
            }),
          ],
        },
      };
    });
    return c.json(done, 200);
  });

  api.openapi(dismiss, async (c) => {
    const { id } = c.req.valid("param");
    const { version, reason: given } = c.req.valid("json");
    const reason = cleaned(given, deps).slice(0, 500);
    const done = await decide(c, { id, version }, deps, async (seen) => {
      const { tenantId, actor } = c.get("caller");
      const whole = await deps.store.read(at.resolution(tenantId, id));
      if (whole?.data.candidates.length !== seen.data.candidates.length)
        throw new Refused(
          403,
          `It may be of an account that the role ${actor.role} does not let you see.`,
        );
      return {
        patch: { state: "dismissed", reason },
        reason,
        outcome: {
          decisions: [
            toItemDecisionRecord(seen.data.received.item, null, {
              stage: "ingest",
              verdict: "dropped",
              reason: "unresolved",
              detail: `A person dismissed it: ${reason}`,
            }),
          ],
        },
      };
    });
    return c.json(done, 200);
  });
}

interface Decided {
  readonly patch: Partial<Unstamped<Resolution>>;
  /** Why, as the audit has it. */
  readonly reason: string;
  readonly outcome: Outcome;
}

/** Decides on an open one of the version that was looked at, audited, as the origin of its own trace. */
async function decide(
  c: ApiContext,
  { id, version }: { readonly id: MessageId; readonly version: number },
  deps: ApiDeps,
  how: (seen: Read<Resolution>) => Promise<Decided>,
) {
  return persistently(async () => {
    const seen = await findResolution(c, id, deps);
    const { data } = seen;
    if (data.state !== "open" || data.version !== version)
      throw new Refused(
        409,
        `It is ${data.state}, of version ${data.version}.`,
        {
          current: { version: data.version, state: data.state },
        },
      );
    const { patch, reason, outcome } = await how(seen);
    const next = version + 1;
    const { uid } = c.get("caller");
    const decidedAt = deps.clock.now();
    const after = { ...patch, decidedBy: uid, decidedAt, version: next };
    const view = shown(
      ResolutionItem,
      viewOf({ id, data: { ...data, ...after } }),
    );
    const { traceId, runId } = data;
    const committed = await commitAnswered(
      c,
      {
        outcome: {
          ...outcome,
          writes: [update(seen, after), ...(outcome.writes ?? [])],
          audit: [
            {
              action: "UPDATE",
              entity: { kind: "resolution", id },
              before: { state: data.state, version },
              after: { ...patch, version: next },
              reason,
            },
            ...(outcome.audit ?? []),
          ],
        },
        answer: { status: 200, body: view },
        author: { ...authorOf(c), origin: { traceId, runId, causedBy: null } },
      },
      deps,
    );
    return committed.kind === "conflict" ? null : view;
  });
}
