import { systemClock } from "../../../functions/src/adapters/clock.ts";
import { commitOutcome } from "../../../functions/src/delivery/commit.ts";
import { deliver } from "../../../functions/src/delivery/deliver.ts";
import { sweepDue } from "../../../functions/src/delivery/sweep.ts";
import { sweepEveryMs } from "../../../functions/src/delivery/tick.ts";
import {
  addMs,
  secondMs,
} from "../../../functions/src/domain/kernel/instant.ts";
import {
  decodeHandoff,
  encodeHandoff,
} from "../../../functions/src/domain/messages/handoff.ts";
import {
  type TopicName,
  toMessageId,
  topics,
} from "../../../functions/src/domain/messages/topics.ts";
import type { Deps } from "../../../functions/src/ports/deps.ts";
import type { Ring } from "../../../functions/src/ports/messaging.ts";
import type { AnyStage, Crew } from "../../../functions/src/ports/stage.ts";
import { update } from "../../../functions/src/ports/store.ts";
import { openHouse } from "../house.ts";
import {
  readLedger,
  seedRows,
  stepTopics,
  tenantId,
  toEmission,
  toRow,
} from "./documents.ts";
import { stepCount, toEffectId, toItemId } from "./protocol.ts";
import { serve } from "./serve.ts";

/** The product's own delivery of work, with stages that do nothing but the work. */
serve(async ({ database }, stepDone) => {
  const waiting = new Map<string, () => void>();
  const house = openHouse(systemClock, database);
  const deps: Deps = {
    ...house.deps,
    doorbell: {
      ring: async (rings) => {
        for (const ring of rings) void answer(ring, deps);
      },
      sweepAt: async () => undefined,
    },
    log: {
      write: (severity, message, facts) => {
        const { messageId } = facts;
        if (severity === "ERROR") console.error(message, facts);
        if (message !== "done") return;
        stepDone();
        if (typeof messageId === "string") waiting.get(messageId)?.();
      },
    },
  };
  sweepAgain(deps);
  return {
    seed: async (workflows) => seedRows(workflows, house.db),
    ledger: async () => readLedger(house.db),
    run: async (workflow) => {
      const [first, last] = [0, stepCount - 1].map((step) =>
        toEmission(workflow, step),
      );
      if (!first || !last) throw new Error("A workflow has steps.");
      const lastId = toMessageId(last.topic, last.payload);
      const done = new Promise<void>((resolve) => {
        waiting.set(lastId, resolve);
      });
      await commitOutcome({ outcome: { emits: [first] } }, starter, deps);
      await done;
      waiting.delete(lastId);
    },
  };
});

const starter = {
  tenantId,
  actor: "system:bench",
  origin: { traceId: "bench", runId: null, causedBy: null },
} as const;

/** All seven go on in one process, as the stages of a group do. */
const crew: Crew = {
  stageFor: toStage,
  together: new Set(stepTopics),
  budgetMs: stepTopics.reduce((sum, topic) => sum + topics[topic].timeoutMs, 0),
};

/** Reads two documents, raises the count of one, and asks for the next step. */
function toStage(topic: TopicName): AnyStage {
  const step = stepTopics.indexOf(topic);
  return {
    topic,
    run: async ({ message }, { store }) => {
      const workflow = message.accountId ?? "";
      const [item, effect] = await store.readAll([
        toRow(toItemId(workflow)),
        toRow(toEffectId(workflow, step)),
      ]);
      if (!item || !effect) throw new Error(`${workflow} has no rows.`);
      const next = toEmission(workflow, step + 1);
      return {
        writes: [update(effect, { count: effect.data.count + 1 })],
        emits: next === null ? [] : [next],
      };
    },
  };
}

/** What a ring carries comes as text, as over the wire. */
async function answer(
  { tenantId: tenant, messageId, handoff: carried, at }: Ring,
  deps: Deps,
): Promise<void> {
  const text = carried === undefined ? null : encodeHandoff(carried);
  const handoff = text === null ? null : decodeHandoff(text);
  const wanted = { tenantId: tenant, messageId, ...(handoff && { handoff }) };
  const ms = at.getTime() - deps.clock.now().getTime();
  if (ms > 0) setTimeout(() => void deliver(wanted, crew, deps), ms);
  else await deliver(wanted, crew, deps);
}

/** Sweeps at each multiple of five seconds, whenever this process was started, as the product's clock does. */
function sweepAgain(deps: Deps): void {
  const now = deps.clock.now();
  setTimeout(
    () => {
      void sweepDue(addMs(deps.clock.now(), 10 * secondMs), deps);
      sweepAgain(deps);
    },
    sweepEveryMs - (now.getTime() % sweepEveryMs),
  );
}
