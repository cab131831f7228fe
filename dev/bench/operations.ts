import { noAnnotations } from "../../functions/src/domain/signals/annotations.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import { SignalId, SnapshotId } from "../../functions/src/domain/kernel/ids.ts";
import type { Emission } from "../../functions/src/domain/messages/message.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import type { Signal } from "../../functions/src/domain/signals/signal.ts";
import { crewFor } from "../../functions/src/pipeline/index.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import { create, type Write } from "../../functions/src/ports/store.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../../test/support/builders.ts";
import { aStoryOf } from "../../test/support/stories.ts";
import {
  type VirtualClock,
  virtualClock,
} from "../../test/support/virtualClock.ts";
import { demoAssets, demoPlaybooks } from "../demoLibrary.ts";
import { type House, openHouse, type Operation } from "./house.ts";
import { type Figure, table } from "./report.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

/** How many signals are there already when those of one step are counted. */
const steps = [100, 1_000, 10_000, 100_000];
const measuredPerStep = 10;
/** The emulator has no index of keys: it holds each key of a story against each signal, which takes a quarter of a minute among 100,000. */
const storiesPerStep = 2;

const cardLimit = 36;
const duplicateLimit = 6;

interface Measured extends House {
  readonly clock: VirtualClock;
}

/** What one signal cost, from its message to the card in the inbox, or to the record that drops it. */
interface Cost {
  readonly total: number;
  readonly points: { readonly written: number; readonly read: number };
  /** By stage, and within it by collection, as "4 r 2 w". */
  readonly byStage: ReadonlyMap<string, readonly Operation[]>;
}

/** What signals of each kind cost. */
interface Costs {
  readonly cards: Cost[];
  readonly duplicates: Cost[];
  readonly stories: Cost[];
  readonly nearDuplicates: Cost[];
}

const noCosts = (): Costs => ({
  cards: [],
  duplicates: [],
  stories: [],
  nearDuplicates: [],
});

/** P4: Firestore operations of a signal that becomes a card and of one that is dropped as a duplicate, while the account's history grows. */
export async function countOperations(
  sizes: readonly number[] = steps,
): Promise<Figure> {
  const clock = virtualClock();
  const house: Measured = { ...openHouse(clock), clock };
  const lines: string[][] = [];
  const all = noCosts();
  try {
    await furnish(house);
    let there = 0;
    let n = 0;
    for (const size of sizes) {
      // The measured ones are a part of the account's history too.
      await addHistory(house, there, size - there);
      there = size;
      const { cards, duplicates, stories, nearDuplicates } = await measureStep(
        house,
        () => n++,
      );
      const columns = [cards, duplicates, stories, nearDuplicates].map(spread);
      lines.push([size.toLocaleString("en"), ...columns]);
      all.cards.push(...cards);
      all.duplicates.push(...duplicates);
      all.stories.push(...stories);
      all.nearDuplicates.push(...nearDuplicates);
      console.log(`P4 ${lines.at(-1)?.join(" | ")}`);
    }
    await assertCarded(all.cards.length + all.stories.length, house);
    await assertNearDuplicatesKept(all.nearDuplicates.length, house);
  } finally {
    await house.close();
  }
  return figure(all, lines);
}

async function measureStep(
  house: Measured,
  next: () => number,
): Promise<Costs> {
  // Those that make the vector index answer with what is related.
  for (let i = 0; i < 3; i++)
    await measureCost(aTip(accountId, `before-${next()}`), house);
  const costs = noCosts();
  for (let i = 0; i < measuredPerStep; i++) {
    const tip = aTip(accountId, next());
    costs.cards.push(await measureCost(tip, house));
    costs.duplicates.push(await measureCost(again(tip), house));
    if (i >= storiesPerStep) continue;
    const story = aStory(next());
    costs.stories.push(await measureCost(story, house));
    costs.nearDuplicates.push(await measureCost(toNearDuplicate(story), house));
  }
  return costs;
}

function figure(
  { cards, duplicates, stories, nearDuplicates }: Costs,
  lines: readonly (readonly string[])[],
): Figure {
  const most = (costs: readonly Cost[]) =>
    Math.max(...costs.map(({ total }) => total));
  const mostCard = most([...cards, ...stories]);
  const mostDuplicate = most([...duplicates, ...nearDuplicates]);
  const [card] = cards.filter(({ total }) => total === mostCard);
  return {
    name: "P4",
    asked: `Firestore operations: a dropped duplicate ≤ ${duplicateLimit}, a signal that becomes a card ≤ ${cardLimit}, constant`,
    came: `a duplicate ${mostDuplicate}, a card ${mostCard}`,
    holds: mostCard <= cardLimit && mostDuplicate <= duplicateLimit,
    details: [
      "Reads and writes of documents from a signal's message to its card in the inbox: claims, commits and the account's fold included, the vector index apart. Two of the library's playbooks fit, two assets, and two earlier signals are related; signals come one at a time, so that each pays for a fold of its own. A story is looked up by up to 28 keys in one query.",
      table(
        [
          "signals there already",
          "one that becomes a card",
          "a dropped duplicate",
          "a news story that becomes a card",
          "a near-duplicate of it, dropped",
        ],
        lines,
      ),
      card === undefined ? "" : breakdown(card),
      card === undefined
        ? ""
        : `In the vector index it writes ${card.points.written} points and reads ${card.points.read}.`,
    ],
  };
}

async function furnish({ deps, clock }: Measured): Promise<void> {
  const library: Write[] = [];
  for (const [id, playbook] of Object.entries(demoPlaybooks))
    library.push(
      create(at.playbook(tenantId, id), {
        ...playbook,
        active: true,
        version: 1,
      }),
    );
  for (const [id, asset] of Object.entries(demoAssets))
    library.push(
      create(at.asset(tenantId, id), { ...asset, active: true, version: 1 }),
    );
  await deps.store.commit(
    [...aTenantWith(tenantId, [[accountId, anAccount()]]), ...library],
    clock.now(),
  );
}

/** A news story that is like no other. */
function aStory(n: number): Emission<"signal-received"> {
  const tip = aTip(accountId, `story-${n}`);
  const { item } = tip.payload;
  const title = "Globex appoints a chief information officer";
  const url = `https://herald.example/${n}`;
  return {
    ...tip,
    payload: {
      ...tip.payload,
      item: { ...item, source: "rss", title, url },
      handedIn: { title, text: aStoryOf("Globex", `of ${n}`) },
    },
  };
}

/** The story as another outlet tells it. */
function toNearDuplicate(
  story: Emission<"signal-received">,
): Emission<"signal-received"> {
  const { item, handedIn } = story.payload;
  if (handedIn === null) throw new Error("The story has no text.");
  const text = `As others write as well: ${handedIn.text} There will be more.`;
  return {
    ...story,
    payload: {
      ...story.payload,
      item: {
        ...item,
        itemId: `${item.itemId}-again`,
        url: `${item.url}-elsewhere`,
      },
      handedIn: { ...handedIn, text },
    },
  };
}

/** The same text by another way: it has its own message, and ends as a duplicate. */
function again(tip: Emission<"signal-received">): Emission<"signal-received"> {
  const { item } = tip.payload;
  return {
    ...tip,
    payload: {
      ...tip.payload,
      item: { ...item, itemId: `${item.itemId}-again` },
    },
  };
}

/** Brings a signal in and carries it to its end; timers of persons stay where they are. */
async function measureCost(
  emission: Emission<"signal-received">,
  { deps, clock, operations, points, door }: Measured,
): Promise<Cost> {
  // Beyond the slot of the fold before.
  clock.advance(10_000);
  const begun = { operations: operations.length, ...points };
  const byStage = new Map<string, readonly Operation[]>();
  const origin = { traceId: deps.chance.id(), runId: null, causedBy: null };
  await commitOutcome(
    { outcome: { emits: [emission] } },
    { tenantId, actor: "anna", origin },
    deps,
  );
  byStage.set("its message", operations.slice(begun.operations));
  for (let ring = door.shift(); ring !== undefined; ring = door.shift()) {
    const from = operations.length;
    if (ring.at > clock.now()) continue;
    clock.advance(50);
    const delivered = await deliver(ring, crewFor(ring.topic), deps);
    if (delivered !== "done")
      throw new Error(`${ring.topic} ended as ${delivered}.`);
    byStage.set(ring.topic, operations.slice(from));
  }
  return {
    total: sum(operations.slice(begun.operations)),
    points: {
      written: points.written - begun.written,
      read: points.read - begun.read,
    },
    byStage,
  };
}

/** Signals as they are once all is done, written as they are: the pipeline would take hours for them. */
async function addHistory(
  { deps, clock }: Measured,
  from: number,
  count: number,
): Promise<void> {
  const perBatch = 400;
  const now = clock.now();
  for (let i = 0; i < count; i += perBatch) {
    const writes = Array.from(
      { length: Math.min(perBatch, count - i) },
      (_, n) =>
        create(
          at.signal(
            tenantId,
            SignalId.parse(
              `${accountId}_${sha256(`old ${from + i + n}`).slice(0, 32)}`,
            ),
          ),
          anOldSignal(from + i + n, now),
        ),
    );
    await deps.store.commit(writes, now);
  }
}

function anOldSignal(n: number, now: Date): Unstamped<Signal> {
  return {
    accountId,
    audience: anAccount().audience,
    provenance: "live",
    source: "rss",
    type: "news",
    category: "leadership_change",
    title: `Old signal number ${n}`,
    publisher: "Handed in by a colleague",
    url: null,
    language: "en",
    occurredAt: now,
    fetchedAt: now,
    licence: "Provided by the tenant",
    relevance: 0.8,
    reliability: 0.8,
    snapshotId: SnapshotId.parse(sha256(`old text ${n}`)),
    clusterId: `old-${n}`,
    facts: {},
    author: null,
    keys: [`x:${sha256(`old text ${n}`).slice(0, 32)}`],
    annotations: noAnnotations,
    themes: [],
    sketch: null,
    duplicateOf: null,
    status: "qualified",
    embeddedWith: "hashed",
    unfoldedAt: null,
    receivedAt: now,
    traceId: "history",
    runId: null,
  };
}

async function assertNearDuplicatesKept(
  count: number,
  { db }: Measured,
): Promise<void> {
  const kept = await db.collectionGroup("nearDuplicates").count().get();
  if (kept.data().count !== count)
    throw new Error(
      `${kept.data().count} near-duplicates are kept, ${count} were dropped.`,
    );
}

async function assertCarded(count: number, { db }: Measured): Promise<void> {
  const cards = await db.collection(at.inbox(tenantId).path).count().get();
  if (cards.data().count < count)
    throw new Error(`Of ${count} signals ${cards.data().count} became cards.`);
}

function spread(costs: readonly Cost[]): string {
  const totals = costs.map(({ total }) => total);
  const [least, most] = [Math.min(...totals), Math.max(...totals)];
  return least === most ? String(most) : `${least} to ${most}`;
}

function breakdown({ byStage }: Cost): string {
  return table(
    ["stage", "reads", "writes", "of"],
    [...byStage].map(([stage, operations]) => [
      stage,
      String(sum(operations.filter(({ kind }) => kind === "read"))),
      String(sum(operations.filter(({ kind }) => kind === "write"))),
      byCollection(operations),
    ]),
  );
}

function byCollection(operations: readonly Operation[]): string {
  const counts = new Map<string, { read: number; write: number }>();
  for (const { kind, of, documents } of operations) {
    const count = counts.get(of) ?? { read: 0, write: 0 };
    count[kind] += documents;
    counts.set(of, count);
  }
  return [...counts]
    .map(([of, { read, write }]) =>
      [of, read > 0 ? `${read}r` : "", write > 0 ? `${write}w` : ""]
        .filter((part) => part !== "")
        .join(" "),
    )
    .join(", ");
}

function sum(operations: readonly Operation[]): number {
  return operations.reduce((all, { documents }) => all + documents, 0);
}
