import type { PersonCommand } from "../../functions/src/domain/cards/transitions.ts";
import { expect } from "vitest";
import {
  type AuditEntry,
  auditMonth,
} from "../../functions/src/domain/requests/audit.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type {
  CollectionRef,
  DocumentRef,
} from "../../functions/src/domain/kernel/references.ts";
import type { DecisionRecord } from "../../functions/src/domain/signals/decisionRecord.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import {
  OpportunityId,
  type TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import type {
  Opportunity,
  OpportunityStatus,
} from "../../functions/src/domain/cards/opportunity.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import type { Connector } from "../../functions/src/ports/sources.ts";
import type { Read } from "../../functions/src/ports/store.ts";
import { decide } from "../../functions/src/pipeline/review/review.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import { aUid } from "./builders.ts";
import { seeded } from "./seeded.ts";
import type { World } from "./world.ts";

/** Every document of a collection, parsed, in the order of ids. */
export async function all<T>(
  { database }: Pick<World, "database">,
  collection: CollectionRef<T>,
): Promise<readonly Read<T>[]> {
  const refs = await database.db.collection(collection.path).listDocuments();
  const reads = await database.store.readAll(
    refs.map(({ path }): DocumentRef<T> => ({
      path,
      schema: collection.schema,
    })),
  );
  return reads.filter((read) => read !== null);
}

/** The one card that a tenant has. */
export async function theCard(
  world: Pick<World, "database">,
  tenantId: TenantId,
): Promise<Read<Opportunity> & { readonly opportunityId: OpportunityId }> {
  const cards = await all(world, at.opportunities(tenantId));
  expect(cards).toHaveLength(1);
  const [card] = cards;
  if (card === undefined) throw new Error("There is no card.");
  return { ...card, opportunityId: OpportunityId.parse(card.id) };
}

/** Anna decides on a card, as the API lets her; returns whether it held. */
export async function decides(
  world: World,
  tenantId: TenantId,
  read: Read<Opportunity>,
  command: Without<PersonCommand, "by">,
): Promise<"committed" | "conflict" | "refused"> {
  const decided = decide(
    { tenantId, read },
    { ...command, by: aUid("anna") },
    world.clock.now(),
  );
  if (!decided.ok) return "refused";
  const origin = { traceId: read.data.traceId, runId: null, causedBy: null };
  const author = { tenantId, actor: "anna", origin };
  return (await commitOutcome({ outcome: decided.outcome }, author, world.deps))
    .kind;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Where the tenant's one card stands, in the card itself and in the inbox. */
export async function standing(
  world: World,
  tenantId: TenantId,
): Promise<readonly [OpportunityStatus, string | undefined]> {
  const card = await theCard(world, tenantId);
  const item = await world.database.store.read(
    at.inboxItem(tenantId, card.opportunityId),
  );
  return [card.data.state.status, item?.data.status];
}

/** The audit entries of this month, of one action. */
export async function audited(
  world: World,
  tenantId: TenantId,
  action: AuditEntry["action"],
): Promise<readonly AuditEntry[]> {
  const month = auditMonth(world.clock.now());
  const entries = await all(world, at.audit(tenantId, month));
  return entries
    .map(({ data }) => data)
    .filter((entry) => entry.action === action);
}

/** Every decision record of a tenant. */
export async function decisions(
  world: World,
  tenantId: TenantId,
): Promise<readonly DecisionRecord[]> {
  return (await all(world, at.decisions(tenantId))).map(({ data }) => data);
}

/** Messages that are parked, each with its topic and the code of its error. */
export async function parked(world: World): Promise<readonly string[]> {
  return (await world.messages())
    .filter(({ data }) => data.state === "parked")
    .map(({ data }) => `${data.topic} ${data.error?.code}`)
    .sort();
}

/** A story about an account that no other is like: so many words, drawn by its name. */
export function aStoryOf(account: string, name: string): string {
  const chance = seeded(parseInt(sha256(name).slice(0, 8), 16));
  const syllables = "ba ke lo mi nu ra se ti vo zu dal fen gor hit jur".split(
    " ",
  );
  const word = () =>
    Array.from(
      { length: 2 + Math.floor(chance() * 2) },
      () => syllables[Math.floor(chance() * syllables.length)] ?? "",
    ).join("");
  const words = (count: number) =>
    Array.from({ length: count }, word).join(" ");
  return [
    `${account} appointed ${words(2)} ${name} as chief information officer, ${words(8)}.`,
    `The chief financial officer ${words(2)} resigned ${words(9)}.`,
    `${words(24)}.`,
  ].join(" ");
}

/** A page of a feed, as a connector finds it. */
export function aPage(
  id: string,
  changes: Partial<SourceItem> = {},
): SourceItem {
  return {
    source: "rss",
    itemId: id,
    revision: "",
    url: `https://news.example/${id}`,
    title: `Globex appoints a chief information officer, ${id}`,
    publisher: "Example News",
    publishedAt: null,
    facts: {},
    ...changes,
  };
}

/** A feed of plain texts; its bookmark counts what it has listed. `look` is asked anew each time. */
export function aFeed(feed: {
  readonly look: (key: string) => readonly SourceItem[];
  readonly fetch: (item: SourceItem) => string | Uint8Array | null;
}): Connector {
  return {
    kind: "rss",
    poll: async (source, cursor) => {
      const listed = feed.look(source.key);
      const seen = new Set((cursor?.["seen"] ?? "").split(" "));
      return {
        items: listed.filter(({ itemId }) => !seen.has(itemId)),
        cursor: {
          seen: [...seen, ...listed.map(({ itemId }) => itemId)].join(" "),
        },
      };
    },
    fetch: async (item) => {
      const body = feed.fetch(item);
      if (body === null) return null;
      return {
        body: typeof body === "string" ? new TextEncoder().encode(body) : body,
        contentType:
          typeof body === "string" ? "text/plain; charset=utf-8" : "image/png",
        url: item.url ?? "https://news.example",
        licence: "CC0",
      };
    },
  };
}

/** The source of such a feed on an account. */
export function aFeedSource(key: string) {
  return {
    kind: "rss",
    key,
    url: `https://news.example/${key}.xml`,
    publisher: "Example News",
    reliability: 0.8,
    licence: "CC0",
  } as const;
}

/** A posting of Globex's in a place, on its job board. */
export function aPosting(place: string): SourceItem {
  return aPage(place, {
    source: "greenhouse",
    publishedAt: new Date("2026-11-02T07:00:00Z"),
    title: `Globex is hiring a data engineer (${place})`,
  });
}

/** A job board with these postings; those of one month are one card. */
export function aBoard(postings: () => readonly SourceItem[]): Connector {
  const feed = aFeed({
    look: postings,
    fetch: ({ itemId: place }) =>
      `Globex is hiring a data engineer for its new team in ${place}. The team will build the reporting of the whole company within a year.`,
  });
  return { ...feed, kind: "greenhouse" };
}
