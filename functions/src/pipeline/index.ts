import { type TopicName, topics } from "../domain/messages/topics.ts";
import { activate } from "./activate/activate.ts";
import { crmWrite } from "./activate/crmWrite.ts";
import { settle } from "./activate/settle.ts";
import { assess } from "./assess/assess.ts";
import { discover } from "./discover/discover.ts";
import { embed } from "./embed/embed.ts";
import { indexAsset } from "./upkeep/indexAsset.ts";
import { ingest } from "./ingest/ingest.ts";
import { monitor } from "./find/monitor.ts";
import { monitorVendor } from "./find/monitorVendor.ts";
import type { AnyStage, Crew, Stage } from "../ports/stage.ts";
import { reassign } from "./upkeep/reassign.ts";
import { reembed } from "./upkeep/reembed.ts";
import { escalate } from "./review/review.ts";
import { tally, tallyDay } from "./upkeep/tally.ts";
import { wake } from "./review/wake.ts";

/** The stage of every topic, in the order in which a signal meets them. */
const stages = {
  "account-due": monitor,
  "vendor-due": monitorVendor,
  "signal-received": ingest,
  "signal-ingested": embed,
  "account-assess": assess,
  "signal-qualified": discover,
  "review-deadline": escalate,
  "snooze-end": wake,
  "opportunity-approved": activate,
  "crm-write": crmWrite,
  "activation-settled": settle,
  "audience-changed": reassign,
  "asset-changed": indexAsset,
  "signals-reembed": reembed,
  "dashboard-due": tally,
  "dashboard-day": tallyDay,
} satisfies { readonly [T in TopicName]: Stage<T> };

/** The stage that handles a topic's messages. */
export function stageFor(topic: TopicName): AnyStage {
  return stages[topic];
}

/**
 * Stages of which each may go on with the next in the same process: their functions are deployed alike, with the
 * same identity, secrets and memory.
 */
const groups: readonly ReadonlySet<TopicName>[] = [
  new Set(["signal-ingested", "account-assess", "signal-qualified"]),
];

/** Who works on a topic's messages: its function, and what that may go on with. */
export function crewFor(topic: TopicName): Crew {
  const together = groups.find((group) => group.has(topic)) ?? new Set();
  return { stageFor, together, budgetMs: budgetFor(topic) };
}

/** How long a topic's function may work on one ring, in milliseconds: its own run and those that it goes on with. */
export function budgetFor(topic: TopicName): number {
  const group = groups.find((each) => each.has(topic)) ?? [topic];
  return [...group].reduce((sum, each) => sum + topics[each].timeoutMs, 0);
}
