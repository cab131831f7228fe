import type { TopicName } from "../domain/topics.ts";
import { activate, crmWrite, settle } from "./activate.ts";
import { assess } from "./assess.ts";
import { discover } from "./discover.ts";
import { embed } from "./embed.ts";
import { indexAsset } from "./indexAsset.ts";
import { ingest } from "./ingest.ts";
import { monitor } from "./monitor.ts";
import { monitorVendor } from "./monitorVendor.ts";
import type { AnyStage, Stage } from "./outcome.ts";
import { reassign } from "./reassign.ts";
import { reembed } from "./reembed.ts";
import { escalate } from "./review.ts";
import { tally, tallyDay } from "./tally.ts";
import { wake } from "./wake.ts";

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

/** The stage that works on a topic's messages. */
export function stageOf(topic: TopicName): AnyStage {
  return stages[topic];
}
