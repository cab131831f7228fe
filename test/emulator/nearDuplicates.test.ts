import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { SignalId } from "../../functions/src/domain/kernel/ids.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import type { TopicName } from "../../functions/src/domain/messages/topics.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import type { AnyStage } from "../../functions/src/ports/stage.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import {
  agencyRewrite,
  both,
  noisy,
  shortened,
  wrapped,
} from "../support/rewrites.ts";
import { seeded } from "../support/seeded.ts";
import {
  aFeed,
  aFeedSource,
  all,
  aPage,
  decisions,
  parked,
} from "../support/stories.ts";
import {
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

interface Story {
  readonly title: string;
  readonly text: string;
}

const appointment: Story = {
  title: "Globex names Ingrid Halvorsen as chief information officer",
  text: `Globex said on Tuesday that it had appointed Ingrid Halvorsen as its chief information officer, effective 1 December, after a search that took most of the year.

Halvorsen joins from the Norwegian shipping group Fjordline, where she spent nine years and led the move of 140 applications to the cloud. She succeeds Peter Marsh, who resigned in March for health reasons.

The company, which makes industrial pumps and valves, employs 23,000 people at 41 sites and reported revenue of $6.2 billion last year. It said the new chief will oversee an information technology budget of $310 million and a staff of 900.

"Ingrid has done what we are about to do," said chief executive Laura Stein in a statement. "Our plants still run on systems of the nineties, and our customers expect to order in minutes rather than in weeks."

Analysts at Berwick Securities called the appointment overdue. They expect Globex to review its outsourcing contracts, the largest of which ends in June, and to decide on a new planning system before the summer.

Shares of Globex rose 1.4 percent in Vienna. The stock has gained 11 percent since January, half as much as the sector.`,
};
const breach: Story = {
  title: "Globex discloses a breach of its dealer portal",
  text: `A breach of the portal through which dealers order spare parts exposed the contract data of some 4,000 firms, Globex told its customers in a letter seen by this newspaper.

Intruders had used the credentials of a former contractor and stayed in the system for about eleven days in October. Payment data was not affected, the letter says, and production was never interrupted.

The manufacturer has engaged the forensic firm Oakhollow and notified the data protection authority. Dealers were asked to change their passwords and to watch for forged invoices.

It is the second incident in three years. In 2023 a ransomware attack stopped two of the plants for a weekend, and the company promised to separate office and plant networks, a project that is said to be half done.`,
};
const corrected: Story = {
  title: `CORRECTED: ${appointment.title}`,
  text: `(Corrects budget in the third paragraph to $210 million, not $310 million)

${appointment.text.replace("$310 million", "$210 million")}`,
};

/** An ingest that finds nothing by the keys of a signal. */
function blind(topic: TopicName): AnyStage {
  const stage = stageFor(topic);
  if (topic !== "signal-received") return stage;
  return {
    ...stage,
    run: (job, deps) =>
      stage.run(job, {
        ...deps,
        store: {
          ...deps.store,
          query: async (query) =>
            query.where.some(([field]) => field === "keys")
              ? []
              : deps.store.query(query),
        },
      }),
  };
}

describe("a story that is told more than once", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("is one signal with its near-duplicates in the order in which they were heard; a correction adds to its card, another story is another", async () => {
    const chance = seeded(7);
    const retold = {
      copied: appointment,
      rewritten: agencyRewrite(appointment, chance),
      cut: shortened(appointment, chance),
      framed: wrapped(appointment, chance),
      messy: both(agencyRewrite, noisy)(appointment, chance),
    };
    const stories = { first: appointment, ...retold, corrected, breach };
    const world = await told(Object.entries(stories));

    const signals = await all(world, at.signals(tenantId));
    const titles = signals.map(({ data }) => data.title).sort();
    expect(titles).toEqual(
      [appointment, breach, corrected].map(({ title }) => title).sort(),
    );
    const [first, correction] = [appointment, corrected].map((story) =>
      signals.find(({ data }) => data.title === story.title),
    );
    expect(correction?.data.clusterId).toBe(first?.data.clusterId);

    const head = SignalId.parse(first?.id);
    const nearDuplicates = await all(world, at.nearDuplicates(tenantId, head));
    expect(
      nearDuplicates
        .toSorted((a, b) => a.data.seenAt.getTime() - b.data.seenAt.getTime())
        .map(({ data }) => data.publisher),
    ).toEqual(Object.keys(retold));
    for (const { data } of nearDuplicates) {
      expect(data.similarity).toBeGreaterThan(0.3);
      const kept = await world.database.store.read(
        at.snapshot(tenantId, data.snapshotId),
      );
      expect(kept?.data.characters, data.publisher).toBeGreaterThan(100);
    }
    const reasons = (await decisions(world, tenantId))
      .filter(({ stage }) => stage === "ingest")
      .map(({ reason }) => reason)
      .sort();
    expect(reasons).toEqual([
      "duplicate",
      "near-duplicate",
      "near-duplicate",
      "near-duplicate",
      "near-duplicate",
    ]);
    await world.close();
  });

  it("is the same page where its address is, and what is new there belongs to what it said before", async () => {
    const url = "https://herald.example/globex?utm_source=feed";
    const later = {
      title: breach.title,
      text: `${breach.text.split("\n\n").slice(0, 1).join("")}

On Friday the state prosecutor opened an inquiry, and three members of the supervisory board asked for an independent report. Globex now puts the number of firms concerned at 9,500, and says that drawings of two unreleased products were taken as well.

The dealers' association wants damages. A hearing before the parliament's committee on digital affairs has been set for the tenth of December, and the chief executive has been invited to appear.`,
    };
    const world = await told(
      [
        ["first", breach],
        ["again", breach],
        ["later", later],
      ],
      () => ({ url }),
    );
    const signals = await all(world, at.signals(tenantId));
    expect(signals).toHaveLength(2);
    expect(new Set(signals.map(({ data }) => data.clusterId)).size).toBe(1);
    for (const { id } of signals)
      expect(
        await all(world, at.nearDuplicates(tenantId, SignalId.parse(id))),
      ).toEqual([]);
    await world.close();
  });

  it("is known by its very text too in a signal from before signals had keys", async () => {
    const url = "https://herald.example/globex";
    const world = await told([["first", breach]], () => ({ url }));
    const [first] = await all(world, at.signals(tenantId));
    await world.database.db.doc(first?.ref.path ?? "").update({ keys: [] });
    await world.emit(tenantId, {
      topic: "signal-received",
      payload: {
        accountId,
        sourceKey: "first",
        item: aPage("again", { title: breach.title, url }),
        handedIn: breach,
        by: null,
      },
    });
    await world.settle(fair);
    expect(await all(world, at.signals(tenantId))).toHaveLength(1);
    expect(await parked(world)).toEqual([]);
    expect(
      (await decisions(world, tenantId)).map(({ reason }) => reason),
    ).toEqual(["duplicate"]);
    await world.close();
  });

  it("leaves one signal where all of its tellings come at once, in any order, with doubled deliveries and killed runs", async () => {
    for (const seed of [1, 2, 3]) {
      const chance = seeded(seed);
      const stories = Array.from(
        { length: 8 },
        (_, n) =>
          [
            `outlet-${n}`,
            both(agencyRewrite, noisy)(appointment, chance),
          ] as const,
      );
      const world = await told(stories, undefined, seed);
      const signals = await all(world, at.signals(tenantId));
      const standing = signals.filter(
        ({ data }) => data.status !== "duplicate",
      );
      expect(standing.map(({ data }) => data.title)).toHaveLength(1);
      const [head] = standing;
      const nearDuplicates = await all(
        world,
        at.nearDuplicates(tenantId, SignalId.parse(head?.id)),
      );
      expect(nearDuplicates).toHaveLength(7);
      const cards = await all(world, at.opportunities(tenantId));
      expect(cards).toHaveLength(1);
      await world.close();
    }
  });

  it("is one signal in the end too where ingest sees none of the others, as when all are read at the same moment", async () => {
    for (const seed of [4, 5, 6]) {
      const chance = seeded(seed);
      const stories = Array.from(
        { length: 6 },
        (_, n) =>
          [
            `outlet-${n}`,
            both(agencyRewrite, noisy)(appointment, chance),
          ] as const,
      );
      const world = await told(stories, undefined, seed, blind);
      const signals = await all(world, at.signals(tenantId));
      const standing = signals.filter(
        ({ data }) => data.status !== "duplicate",
      );
      expect(standing).toHaveLength(1);
      const aside = signals.filter(({ data }) => data.status === "duplicate");
      expect(aside).toHaveLength(5);
      const head = SignalId.parse(standing[0]?.id);
      expect(new Set(aside.map(({ data }) => data.duplicateOf))).toEqual(
        new Set([head]),
      );
      const nearDuplicates = await all(
        world,
        at.nearDuplicates(tenantId, head),
      );
      expect(nearDuplicates.map(({ id }) => id).sort()).toEqual(
        aside.map(({ id }) => id).sort(),
      );
      expect(await all(world, at.opportunities(tenantId))).toHaveLength(1);
      const reasons = (await decisions(world, tenantId)).filter(
        ({ stage }) => stage === "embed",
      );
      expect(reasons.map(({ reason }) => reason)).toEqual(
        aside.map(() => "near-duplicate"),
      );
      await world.close();
    }
  });

  /** The stories from one feed each, all at once where a seed is given, else one after the other. */
  async function told(
    stories: readonly (readonly [string, Story])[],
    changes: (name: string) => Partial<SourceItem> = () => ({}),
    seed?: number,
    stages = stageFor,
  ): Promise<World> {
    const byName = new Map(stories);
    const feed = aFeed({
      look: (key) => [
        aPage(key, {
          title: byName.get(key)?.title ?? "",
          publisher: key,
          url: `https://${key}.example/globex`,
          ...changes(key),
        }),
      ],
      fetch: ({ itemId }) => byName.get(itemId)?.text ?? null,
    });
    const connectors = { rss: feed };
    const world = openWorld(seed ?? 1, crms, { connectors }, stages);
    const sources = stories.map(([name]) => aFeedSource(name));
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount({ sources })]]),
    );
    const due = (sourceKey: string | null) =>
      world.emit(tenantId, {
        topic: "account-due",
        payload: { accountId, occasion: "first", sourceKey, part: 0 },
      });
    if (seed !== undefined) {
      await due(null);
      await world.settle({ ...fair, kill: 0.1, duplicate: 0.2 });
      return world;
    }
    for (const [name] of stories) {
      await due(name);
      await world.settle(fair);
    }
    return world;
  }
});
