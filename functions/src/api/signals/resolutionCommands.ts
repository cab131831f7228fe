import { z } from "@hono/zod-openapi";
import { commandRoute, type Route } from "../http/route.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import { AccountId, type MessageId } from "../../domain/kernel/ids.ts";
import type { Resolution } from "../../domain/resolution/resolution.ts";
import { toItemDecisionRecord } from "../../domain/signals/decisionRecord.ts";
import { hasPermission } from "../../domain/people/roles.ts";
import { toMessageId } from "../../domain/messages/topics.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { body, redactText, json, toWire } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { findAccount } from "../accounts/accounts.ts";
import { missingPermission, memberAccess } from "../http/auth.ts";
import {
  type ApiContext,
  type ApiDeps,
  requestAuthor,
} from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { Refusal } from "../http/problem.ts";
import { addHint } from "../accounts/accountHint.ts";
import {
  findResolution,
  ResolutionParams,
  resolutionExample,
  ResolutionItem,
  toResolutionItem,
} from "./resolutions.ts";
import { Version } from "../http/versioned.ts";

const assignResolution = commandRoute(
  {
    ...memberAccess("resolutions", "resolution.work"),
    path: "/api/v1/resolutions/{id}/assign",
    operationId: "assignResolution",
    summary: "Assign a signal to an account",
    description:
      "With `remember`, the name or domain that came with the signal (`hint`) is added to the account and recognised from then on. This needs permission to change accounts.",
    request: {
      params: ResolutionParams,
      body: body(
        z.object({
          accountId: AccountId,
          version: Version,
          remember: z.boolean().default(false),
        }),
        { accountId: ids.account, version: 1, remember: true },
      ),
    },
    answer: json(ResolutionItem, "The signal, now assigned", {
      ...resolutionExample,
      state: "assigned",
      decidedBy: ids.member,
      assignedTo: ids.account,
      messageId: ids.message,
      decidedAt: moments.decided,
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { accountId, version, remember } = c.req.valid("json");
    const { actor } = c.get("caller");
    if (remember && !hasPermission(actor, "account.manage"))
      throw missingPermission(actor, "account.manage");
    const verdict = (read: Read<Resolution>) =>
      assign(c, { read, accountId, remember }, deps);
    return resolve(c, { id, version, verdict }, deps);
  },
);

const dismissResolution = commandRoute(
  {
    ...memberAccess("resolutions", "resolution.work"),
    path: "/api/v1/resolutions/{id}/dismiss",
    operationId: "dismissResolution",
    summary: "Dismiss a signal that is about none of the accounts",
    description:
      "Account managers may dismiss a signal only if all its candidates are their own accounts.",
    request: {
      params: ResolutionParams,
      body: body(
        z.object({
          version: Version,
          reason: z.string().trim().min(1).max(500),
        }),
        { version: 1, reason: "Another company of that name" },
      ),
    },
    answer: json(ResolutionItem, "The signal, now dismissed", {
      ...resolutionExample,
      state: "dismissed",
      decidedBy: ids.member,
      decidedAt: moments.decided,
      reason: "Another company of that name",
      version: 2,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { version, reason: given } = c.req.valid("json");
    const reason = redactText(given, deps).slice(0, 500);
    const verdict = (read: Read<Resolution>) =>
      dismiss(c, { read, reason }, deps);
    return resolve(c, { id, version, verdict }, deps);
  },
);

/** The routes for deciding which account a signal is about. */
export const resolutionCommandRoutes: readonly Route[] = [
  assignResolution,
  dismissResolution,
];

/** What a person decides on an open resolution. */
interface Verdict {
  readonly patch: Partial<Unstamped<Resolution>>;
  /** The reason, for the audit. */
  readonly reason: string;
  readonly outcome: Outcome;
}

async function assign(
  c: ApiContext,
  {
    read: { data },
    accountId,
    remember,
  }: {
    readonly read: Read<Resolution>;
    readonly accountId: AccountId;
    readonly remember: boolean;
  },
  deps: ApiDeps,
): Promise<Verdict> {
  const account = await findAccount(c, accountId, deps);
  const received = {
    ...data.received,
    accountId,
    resolvedBy: `assigned by ${c.get("caller").uid}`,
  };
  const learned = remember
    ? await addHint(c, { account, hint: data.hint }, deps)
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
}

async function dismiss(
  c: ApiContext,
  {
    read,
    reason,
  }: { readonly read: Read<Resolution>; readonly reason: string },
  deps: ApiDeps,
): Promise<Verdict> {
  const { actor } = c.get("caller");
  const whole = await deps.store.read(read.ref);
  if (whole?.data.candidates.length !== read.data.candidates.length)
    throw new Refusal(
      403,
      `It may be about an account that the role ${actor.role} does not let you see.`,
    );
  return {
    patch: { state: "dismissed", reason },
    reason,
    outcome: {
      decisions: [
        toItemDecisionRecord(read.data.received.item, null, {
          stage: "ingest",
          verdict: "dropped",
          reason: "unresolved",
          detail: `A person dismissed it: ${reason}`,
        }),
      ],
    },
  };
}

/** Decides on a resolution that is still open and has the version that the person saw; audited under the signal's own trace. */
async function resolve(
  c: ApiContext,
  {
    id,
    version,
    verdict,
  }: {
    readonly id: MessageId;
    readonly version: number;
    readonly verdict: (read: Read<Resolution>) => Promise<Verdict>;
  },
  deps: ApiDeps,
) {
  const decide = async () => {
    const read = await findResolution(c, id, deps);
    const { data } = read;
    if (data.state !== "open" || data.version !== version) {
      const detail = `It is now ${data.state}, in version ${data.version}.`;
      const current = { version: data.version, state: data.state };
      throw new Refusal(409, detail, { current });
    }
    const { patch, reason, outcome } = await verdict(read);
    const next = version + 1;
    const { uid: decidedBy } = c.get("caller");
    const decidedAt = deps.clock.now();
    const after = { ...patch, decidedBy, decidedAt, version: next };
    const { traceId, runId } = data;
    return {
      body: toWire(
        ResolutionItem,
        toResolutionItem({ id, data: { ...data, ...after } }),
      ),
      outcome: {
        ...outcome,
        writes: [update(read, after), ...(outcome.writes ?? [])],
        audit: [
          {
            action: "UPDATE" as const,
            entity: { kind: "resolution", id },
            before: { state: data.state, version },
            after: { ...patch, version: next },
            reason,
          },
          ...(outcome.audit ?? []),
        ],
      },
      author: {
        ...requestAuthor(c),
        origin: { traceId, runId, causedBy: null },
      },
    };
  };
  return carryOut(c, { decide }, deps);
}
