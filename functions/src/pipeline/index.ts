import type { TopicName } from "../domain/messages/topics.ts";
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
import type { AnyStage, Stage } from "../ports/stage.ts";
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
