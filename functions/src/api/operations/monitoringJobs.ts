import { z } from "@hono/zod-openapi";
import { commandRoute, queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import { Run } from "../../domain/messages/run.ts";
import type { TopicName } from "../../domain/messages/topics.ts";
import type { Outcome } from "../../ports/stage.ts";
import { create } from "../../ports/store.ts";
import { json, Moment } from "../http/answer.ts";
import { carryOut } from "../http/command.ts";
import { findAccount, AccountParams } from "../accounts/accounts.ts";
import { memberAccess } from "../http/auth.ts";
import {
  type ApiContext,
  type ApiDeps,
  requestAuthor,
} from "../http/context.ts";
import { readOr404 } from "../http/documents.ts";
import { countMessages } from "./messageCounts.ts";
import { type AccountId, PlainId } from "../../domain/kernel/ids.ts";
import { ids, moments } from "../http/examples.ts";

/** The topics that belong to a monitoring run; deadlines and CRM writes continue long after it. */
const runTopics: readonly TopicName[] = [
  "account-due",
  "vendor-due",
  "signal-received",
  "signal-ingested",
  "account-assess",
  "signal-qualified",
];

const countLimit = 10_000;

const RunStarted = z
  .object({ runId: z.string(), links: z.object({ run: z.string() }) })
  .openapi("RunStarted");

const Progress = z
  .object({
    id: z.string(),
    ...Run.pick({
      accountId: true,
      trigger: true,
      startedBy: true,
      traceId: true,
    }).shape,
    startedAt: Moment,
    progress: z.object({ open: z.int(), done: z.int(), parked: z.int() }),
    finished: z.boolean().openapi({
      description:
        "True when nothing is open any more; parked work waits for a person.",
    }),
  })
  .openapi("Run");

const monitorAccount = commandRoute(
  {
    status: 202,
    ...memberAccess("monitoring", "account.monitor"),
    path: "/api/v1/monitoring-jobs/execute-for-client/{id}",
    operationId: "lookAtAccount",
    summary: "Poll an account's sources now",
    description:
      "The same X-Request-ID sent twice by the same person starts one run.",
    request: { params: AccountParams },
    answer: json(RunStarted, "The run, and a link to its progress", {
      runId: ids.run,
      links: { run: `/api/v1/runs/${ids.run}` },
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id: accountId } = c.req.valid("param");
    await findAccount(c, accountId, deps);
    return startRun(c, accountId, deps);
  },
);

const getRun = queryRoute(
  {
    ...memberAccess("monitoring", "account.read"),
    path: "/api/v1/runs/{id}",
    operationId: "getRun",
    summary: "The progress of a monitoring run",
    request: { params: z.object({ id: PlainId }) },
    answer: json(Progress, "The run's messages, counted by state", {
      id: ids.run,
      accountId: ids.account,
      trigger: "by_hand",
      startedBy: ids.member,
      traceId: ids.trace,
      startedAt: moments.received,
      progress: { open: 2, done: 5, parked: 0 },
      finished: false,
    }),
    refusals: [404],
  },
  async (c, deps) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const { data } = await readOr404(at.run(tenantId, id), "run", deps);
    await findAccount(c, data.accountId, deps);
    const progress = await countMessages(
      tenantId,
      {
        where: [
          ["runId", "==", id],
          ["topic", "in", runTopics],
        ],
        limit: countLimit,
      },
      deps,
    );
    const { open, done, parked } = progress;
    const finished = open === 0 && done + parked > 0;
    return { id, ...data, progress, finished };
  },
);

/** The routes that start a monitoring run and report its progress. */
export const monitoringRoutes: readonly Route[] = [monitorAccount, getRun];

async function startRun(c: ApiContext, accountId: AccountId, deps: ApiDeps) {
  const { tenantId, uid } = c.get("caller");
  const traceId = c.get("requestId");
  const runId = idFrom("by-hand", accountId, uid, traceId);
  const ref = at.run(tenantId, runId);
  const body = { runId, links: { run: `/api/v1/runs/${runId}` } };
  const decide = async () => {
    if ((await deps.store.read(ref)) !== null) return { body };
    const occasion = `by-hand_${runId}`;
    const payload = { accountId, occasion, sourceKey: null, part: 0 };
    const run = {
      accountId,
      trigger: "by_hand" as const,
      startedBy: uid,
      startedAt: deps.clock.now(),
      traceId,
    };
    const outcome: Outcome = {
      writes: [create(ref, run)],
      audit: [
        {
          action: "CREATE",
          entity: { kind: "run", id: runId },
          before: null,
          after: { accountId },
          reason: "polled by hand",
        },
      ],
      emits: [{ topic: "account-due", payload }],
    };
    const origin = { traceId, runId, causedBy: null };
    return { body, outcome, author: { ...requestAuthor(c), origin } };
  };
  return carryOut(c, { decide }, deps);
}
