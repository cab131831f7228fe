import { deleteApp, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { PubSub } from "@google-cloud/pubsub";
import { setTimeout as delay } from "node:timers/promises";
import { firestoreStore } from "../../functions/src/adapters/firestore/store.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { TenantId } from "../../functions/src/domain/kernel/ids.ts";
import { create } from "../../functions/src/ports/store.ts";
import { anAccount, anAccountId } from "../../test/support/builders.ts";
import { percentile } from "../../test/support/world.ts";
import { signIn } from "../api.ts";
import { demoPeople } from "../demoPeople.ts";
import type { SuiteFacts } from "../suiteFacts.ts";
import { bareHops, bareTopic } from "./bareHops.ts";
import { type Figure, table } from "./report.ts";

const signals = 40;
/** Not measured: until every function has a process that is warm. */
const warmUps = 6;
const patienceMs = 60_000;

interface Probe {
  readonly facts: SuiteFacts;
  readonly db: Firestore;
  readonly pubsub: PubSub;
  readonly tenantId: TenantId;
}

/** P1: from the answer of the API that took a signal to its card in the inbox, and the same over a bare chain, in turns. */
export async function measureLatency(facts: SuiteFacts): Promise<Figure> {
  process.env["FIRESTORE_EMULATOR_HOST"] = facts.firestoreHost;
  process.env["PUBSUB_EMULATOR_HOST"] = facts.pubsubHost;
  const { projectId } = facts;
  const app = initializeApp({ projectId }, "latency");
  const pubsub = new PubSub({ projectId });
  const tenantId = TenantId.parse(facts.tenantId);
  const probe = { facts, db: getFirestore(app), pubsub, tenantId };
  try {
    await addAccounts(probe);
    await untilQuiet(probe);
    const cards: number[] = [];
    const chains: number[] = [];
    for (let n = -warmUps; n < signals; n++) {
      const card = await toCard(n + warmUps, probe);
      const chain = await throughChain(`chain-${n}`, probe);
      if (n < 0) continue;
      cards.push(card);
      chains.push(chain);
    }
    return toFigure(cards, chains);
  } finally {
    await pubsub.close();
    await deleteApp(app);
  }
}

function toFigure(cards: readonly number[], chains: readonly number[]): Figure {
  const at95 = (all: readonly number[]) => percentile(all, 0.95);
  const ratio = at95(cards) / at95(chains);
  const ms = (value: number) => `${Math.round(value)} ms`;
  return {
    name: "P1",
    asked:
      "a signal received → its card in the inbox: p95 ≤ 3 s and ≤ 1.15 × a bare chain of as many stages and commits",
    came: `p95 ${ms(at95(cards))}, ${ratio.toFixed(2)} × the bare chain`,
    holds: at95(cards) <= 3_000 && ratio <= 1.15,
    details: [
      `${cards.length} signals, one after the other, each of an account of its own, from the API's answer to a listener's snapshot; in turns with the bare chain: ${bareHops.length} hops over the same emulators, each a function of its own: a read, as many commits of as many documents, and a publish.`,
      table(
        ["", "p50", "p95", "most"],
        [
          ["signal → card", cards] as const,
          ["bare chain", chains] as const,
        ].map(([name, all]) => [
          name,
          ms(percentile(all, 0.5)),
          ms(at95(all)),
          ms(Math.max(...all)),
        ]),
      ),
    ],
  };
}

async function addAccounts({ db, tenantId }: Probe): Promise<void> {
  const writes = Array.from({ length: signals + warmUps }, (_, n) =>
    create(at.account(tenantId, toAccountId(n)), {
      ...anAccount({ identifiers: {} }),
      provenance: "mock",
    }),
  );
  await firestoreStore(db).commit(writes, new Date());
}

function toAccountId(n: number) {
  return anAccountId(`bench-${n}`);
}

/** What the demo tenant begins with is over. */
async function untilQuiet({ db, tenantId }: Probe): Promise<void> {
  const deadline = Date.now() + 5 * patienceMs;
  while (Date.now() < deadline) {
    const open = await db
      .collection(at.messages(tenantId).path)
      .where("state", "==", "open")
      .where("runAt", "<=", new Date())
      .count()
      .get();
    if (open.data().count === 0) return;
    await delay(500);
  }
  throw new Error("The demo tenant did not come to rest.");
}

async function toCard(n: number, probe: Probe): Promise<number> {
  const { db, facts, tenantId } = probe;
  const seen = inTime((told) =>
    db
      .collection(at.inbox(tenantId).path)
      .where("accountId", "==", toAccountId(n))
      .onSnapshot(({ empty }) => told(!empty)),
  );
  await seen.listening;
  const token = await signIn(facts, demoPeople.admin);
  const answer = await fetch(`${facts.apiUrl}/api/v1/signals`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      account_id: toAccountId(n),
      title: `Globex appoints chief information officer number ${n}`,
      description: `The board of Globex appointed Pat Doe ${n} as chief information officer on March 3, 2026. The new officer will review all ${n} supplier contracts within 90 days.`,
      source_type: "meeting",
    }),
  });
  if (!answer.ok)
    throw new Error(
      `The API answered ${answer.status}: ${await answer.text()}`,
    );
  const begunAt = performance.now();
  return (await seen.at) - begunAt;
}

async function throughChain(
  chain: string,
  { db, pubsub }: Probe,
): Promise<number> {
  const last = db.doc(`bare/${chain}/messages/${bareHops.length}`);
  const seen = inTime((told) => last.onSnapshot(({ exists }) => told(exists)));
  await seen.listening;
  await db.doc(`bare/${chain}/messages/0`).set({ chain, state: "open" });
  await pubsub.topic(bareTopic(0)).publishMessage({ json: { chain } });
  const begunAt = performance.now();
  return (await seen.at) - begunAt;
}

/** When a listener is told that something is there; `listening` once it was told of whatever there is. */
function inTime(listen: (told: (isThere: boolean) => void) => () => void) {
  let stop: () => void = () => undefined;
  let heard: () => void = () => undefined;
  const listening = new Promise<void>((resolve) => (heard = resolve));
  const at = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Nothing came within ${patienceMs} ms.`)),
      patienceMs,
    );
    stop = listen((isThere) => {
      heard();
      if (!isThere) return;
      clearTimeout(timer);
      resolve(performance.now());
    });
  }).finally(() => stop());
  return { at, listening };
}
