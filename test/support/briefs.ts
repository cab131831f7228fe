import { noAnnotations } from "../../functions/src/domain/signals/annotations.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import { SignalId, SnapshotId } from "../../functions/src/domain/kernel/ids.ts";
import type { ModelCall } from "../../functions/src/domain/prompts/modelCall.ts";
import { toKnownLinks } from "../../functions/src/domain/text/links.ts";
import { Signal } from "../../functions/src/domain/signals/signal.ts";
import type { Answers, Brief } from "../../functions/src/ports/writing.ts";
import { aPlaybook, aTenantId, anAccountId, anAsset } from "./builders.ts";

const now = new Date("2026-11-02T08:00:00Z");
const stamps = { schemaVersion: 1, createdAt: now, updatedAt: now } as const;

export const anArticle =
  "Globex said on Monday that Pat Doe will join as chief information officer on March 3, 2026. " +
  "The new officer will review all 40 supplier contracts within 90 days. " +
  "Globex raised its technology budget from $80 million to $100 million.";

/** A document of a brief, with its text archived. */
export function aSource(
  text: string = anArticle,
  changes: Partial<Signal> = {},
): Brief["signals"][number] {
  return {
    id: SignalId.parse(`globex_${sha256(text).slice(0, 12)}`),
    text,
    data: Signal.parse({
      ...stamps,
      accountId: anAccountId("globex"),
      audience: ["u:anna"],
      provenance: "live",
      source: "rss",
      type: "news",
      category: "leadership_change",
      title: "Globex appoints a chief information officer",
      publisher: "Example News",
      url: "https://news.example/globex",
      language: "en",
      occurredAt: now,
      fetchedAt: now,
      licence: "CC0",
      relevance: 0.9,
      reliability: 0.8,
      snapshotId: SnapshotId.parse(sha256(text)),
      clusterId: "c",
      facts: {},
      author: null,
      keys: [],
      annotations: noAnnotations,
      themes: [],
      sketch: null,
      duplicateOf: null,
      status: "qualified",
      embeddedWith: "m1",
      unfoldedAt: null,
      receivedAt: now,
      traceId: "t",
      runId: null,
      ...changes,
    }),
  };
}

/** What a card about Globex is written from. */
export function aBrief(changes: Partial<Brief> = {}): Brief {
  return {
    tenantId: aTenantId("north"),
    account: { name: "Globex", aliases: ["Globex Corporation"] },
    signals: [aSource()],
    playbook: { id: "welcome", data: { ...aPlaybook(), ...stamps } },
    assets: [{ id: "transition", data: { ...anAsset(), ...stamps } }],
    note: null,
    links: toKnownLinks({
      domains: [],
      urls: ["https://news.example/globex", anAsset().url],
      texts: ["Globex"],
    }),
    faults: [],
    ...changes,
  };
}

/** Answers kept for as long as the test lasts; the first one stands. */
export function answersInMemory(): Answers & {
  readonly kept: ReadonlyMap<string, ModelCall>;
} {
  const kept = new Map<string, ModelCall>();
  return {
    kept,
    read: async (tenantId, hash) => kept.get(`${tenantId}/${hash}`) ?? null,
    keep: async (tenantId, call) => {
      const key = `${tenantId}/${call.inputHash}`;
      const standing = kept.get(key) ?? { ...call, ...stamps };
      kept.set(key, standing);
      return standing;
    },
  };
}
