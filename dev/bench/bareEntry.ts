import { getApps, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { PubSub, type Topic } from "@google-cloud/pubsub";
import { onMessagePublished } from "firebase-functions/v2/pubsub";
import { z } from "zod";
import { region } from "../../functions/src/config.ts";
import { bareHops, bareTopic } from "./bareHops.ts";

/** The product's functions, and beside them a chain of bare ones: the same hops and commits with nothing in between. */
export * from "../../functions/src/index.ts";

const Hop = z.object({ chain: z.string() });
let carried: { db: Firestore; lines: ReadonlyMap<string, Topic> } | undefined;

function carry() {
  if (carried !== undefined) return carried;
  const pubsub = new PubSub();
  const options = { batching: { maxMilliseconds: 5 } };
  const lines = bareHops.map(
    (_, n) => [bareTopic(n), pubsub.topic(bareTopic(n), options)] as const,
  );
  const app = getApps()[0] ?? initializeApp();
  carried = { db: getFirestore(app), lines: new Map(lines) };
  return carried;
}

function bare(n: number) {
  const options = { topic: bareTopic(n), region, retry: false } as const;
  return onMessagePublished(options, async (event) => {
    const { chain } = Hop.parse(event.data.message.json);
    const { db, lines } = carry();
    const own = db.doc(`bare/${chain}/messages/${n}`);
    const read = await own.get();
    const { updateTime } = read;
    if (updateTime === undefined) throw new Error(`${own.path} is not there.`);
    for (const [c, documents] of (bareHops[n] ?? []).entries()) {
      const batch = db.batch();
      // Who ends it has it: of two that come at once, one commits.
      if (c === 0)
        batch.update(own, { state: "done" }, { lastUpdateTime: updateTime });
      for (let i = c === 0 ? 2 : 1; i < documents; i++)
        batch.set(db.doc(`bare/${chain}/documents/${n}_${i}`), { chain, i });
      const next = db.doc(`bare/${chain}/messages/${n + 1}`);
      batch.set(next, { chain, state: "open" });
      await batch.commit();
    }
    await lines.get(bareTopic(n + 1))?.publishMessage({ json: { chain } });
  });
}

export const bare0 = bare(0);
export const bare1 = bare(1);
export const bare2 = bare(2);
export const bare3 = bare(3);
