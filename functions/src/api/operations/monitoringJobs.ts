import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import { Run } from "../../domain/messages/run.ts";
import type { TopicName } from "../../domain/messages/topics.ts";
import type { Outcome } from "../../ports/stage.ts";
import { create } from "../../ports/store.ts";
import { json, Moment, persistently, shown } from "../http/answer.ts";
import { findAccount, OfAccount } from "../accounts/accounts.ts";
import { permitted } from "../http/auth.ts";
import { type Api, type ApiDeps, authorOf } from "../http/context.ts";
import { PlainId } from "../../domain/kernel/ids.ts";
import { ids, moments } from "../http/examples.ts";
import { commitAnswered } from "../http/idempotency.ts";
import { commandProblems, queryProblems, Refused } from "../http/problem.ts";

/** What belongs to a look at an account; deadlines and CRM writes go on long after it. */
const lookTopics: readonly TopicName[] = [
  "account-due",
  "vendor-due",
  "signal-received",
  "signal-ingested",
  "account-assess",
  "signal-qualified",
];

const countLimit = 10_000;

const Started = z
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
      description: "Nothing of it is open; what is parked waits for a person.",
    }),
  })
  .openapi("Run");

const execute = createRoute({
  method: "post",
  ...permitted("monitoring", "account.monitor"),
  path: "/api/v1/monitoring-jobs/execute-for-client/{id}",
  operationId: "lookAtAccount",
  summary: "Look at an account's sources now",
  description:
    "The same X-Request-ID sent twice by the same person is one run.",
  request: { params: OfAccount },
  responses: {
    202: json(Started, "The run, and where its progress is found", {
      runId: ids.run,
      links: { run: `/api/v1/runs/${ids.run}` },
    }),
    ...commandProblems(404),
  },
});

const progress = createRoute({
  method: "get",
  ...permitted("monitoring", "account.read"),
  path: "/api/v1/runs/{id}",
  operationId: "getRun",
  summary: "How far a look at an account has come",
  request: { params: z.object({ id: PlainId }) },
  responses: {
    200: json(Progress, "The run's work, counted", {
      id: ids.run,
      accountId: ids.account,
      trigger: "by_hand",
      startedBy: ids.member,
      traceId: ids.trace,
      startedAt: moments.received,
      progress: { open: 2, done: 5, parked: 0 },
      finished: false,
    }),
    ...queryProblems(404),
  },
});

/** The routes that start a look at an account and tell how far it is. */
export function monitoringRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(execute, async (c) => {
    const { id: accountId } = c.req.valid("param");
    const { tenantId, uid } = c.get("caller");
    await findAccount(c, accountId, deps);
    const traceId = c.get("requestId");
    const runId = idFrom("by-hand", accountId, uid, traceId);
    const ref = at.run(tenantId, runId);
    const links = { run: `/api/v1/runs/${runId}` };
    const body = shown(Started, { runId, links });
    await persistently(async () => {
      if ((await deps.store.read(ref)) !== null) return runId;
      const occasion = `by-hand_${runId}`;
      const payload = { accountId, occasion, sourceKey: null, part: 0 };
      const outcome: Outcome = {
        writes: [
          create(ref, {
            accountId,
            trigger: "by_hand",
            startedBy: uid,
            startedAt: deps.clock.now(),
            traceId,
          }),
        ],
        audit: [
          {
            action: "CREATE",
            entity: { kind: "run", id: runId },
            before: null,
            after: { accountId },
            reason: "looked at by hand",
          },
        ],
        emits: [{ topic: "account-due", payload }],
      };
      const origin = { traceId, runId, causedBy: null };
      const author = { ...authorOf(c), origin };
      const answer = { status: 202, body };
      const committed = await commitAnswered(
        c,
        { outcome, answer, author },
        deps,
      );
      return committed.kind === "conflict" ? null : runId;
    });
    return c.json(body, 202);
  });

  api.openapi(progress, async (c) => {
    const { id } = c.req.valid("param");
    const { tenantId } = c.get("caller");
    const read = await deps.store.read(at.run(tenantId, id));
    if (read === null) throw new Refused(404, "There is no such run.");
    await findAccount(c, read.data.accountId, deps);
    const count = (state: "open" | "done" | "parked") =>
      deps.store.count({
        collection: at.messages(tenantId),
        where: [
          ["runId", "==", id],
          ["state", "==", state],
          ["topic", "in", lookTopics],
        ],
        limit: countLimit,
      });
    const [open, done, parked] = await Promise.all([
      count("open"),
      count("done"),
      count("parked"),
    ]);
    const run = {
      id,
      ...read.data,
      progress: { open, done, parked },
      finished: open === 0 && done + parked > 0,
    };
    return c.json(shown(Progress, run), 200);
  });
}
