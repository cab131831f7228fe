import { deleteApp, initializeApp } from "firebase-admin/app";
import { getFirestore, type QuerySnapshot } from "firebase-admin/firestore";
import { z } from "zod";
import { Activation } from "../functions/src/domain/crm/activation.ts";
import { InboxItem } from "../functions/src/domain/cards/inbox.ts";
import { minuteMs } from "../functions/src/domain/kernel/instant.ts";
import { Message } from "../functions/src/domain/messages/message.ts";
import { TopicName } from "../functions/src/domain/messages/topics.ts";
import { explainMisfit } from "../functions/src/domain/messages/unreadable.ts";
import type { SuiteFacts } from "./suiteFacts.ts";

const SeenMessage = Message.pick({ topic: true, state: true }).extend({
  runAt: z.object({ toMillis: z.custom<() => number>() }),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

const SeenCard = InboxItem.pick({
  accountId: true,
  accountName: true,
  title: true,
  score: true,
  status: true,
  version: true,
});

const SeenActivation = Activation.pick({
  crm: true,
  state: true,
  link: true,
  error: true,
});

/** A card as the screen shows it. */
export interface Card extends z.infer<typeof SeenCard> {
  readonly id: string;
}

/** What has become of the work so far. */
export interface Progress {
  /** The cards, best first. */
  readonly cards: () => readonly Card[];
  /** Messages that could run now or within a minute, and have not ended. */
  readonly underWay: () => number;
  /** Messages that are done or parked. */
  readonly ended: () => number;
  /** What is parked, a line each. */
  readonly parked: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Prints what the pipeline does as it happens, one line each. */
export function watchProgress(
  facts: Pick<SuiteFacts, "projectId" | "tenantId" | "firestoreHost">,
  print: (line: string) => void,
): Progress {
  const app = initializeApp({ projectId: facts.projectId }, "progress");
  const firestore = getFirestore(app);
  firestore.settings({ host: facts.firestoreHost, ssl: false });
  const messages = new Map<string, z.infer<typeof SeenMessage>>();
  const cards = new Map<string, Card>();
  const folder = `tenants/${facts.tenantId}`;

  const unreadable = (path: string, error: z.ZodError) => {
    print(`${path} cannot be read: ${explainMisfit(error)}`);
  };
  const seeMessages = (snapshot: QuerySnapshot) => {
    for (const { doc } of snapshot.docChanges()) {
      const seen = SeenMessage.safeParse(doc.data());
      if (!seen.success) {
        unreadable(doc.ref.path, seen.error);
        continue;
      }
      const message = seen.data;
      const before = messages.get(doc.id);
      messages.set(doc.id, message);
      if (message.state === "parked" && before?.state !== "parked") {
        print(`parked  ${lineOf(doc.id, message)}`);
      }
    }
  };
  const seeCards = (snapshot: QuerySnapshot) => {
    for (const { doc } of snapshot.docChanges()) {
      const seen = SeenCard.safeParse(doc.data());
      if (!seen.success) {
        unreadable(doc.ref.path, seen.error);
        continue;
      }
      const card = { id: doc.id, ...seen.data };
      const before = cards.get(doc.id);
      cards.set(doc.id, card);
      if (before?.status === card.status && before.version === card.version) {
        continue;
      }
      const score = card.score.toFixed(1).padStart(5);
      print(
        `card    ${score}  ${card.status}  ${card.accountName}: ${card.title}`,
      );
    }
  };
  const seeActivations = (snapshot: QuerySnapshot) => {
    for (const { doc } of snapshot.docChanges()) {
      const seen = SeenActivation.safeParse(doc.data());
      if (!seen.success) {
        unreadable(doc.ref.path, seen.error);
        continue;
      }
      const { crm, state, link, error } = seen.data;
      print(`${crm}  ${state}  ${link ?? error?.message ?? ""}`);
    }
  };
  let last = "";
  const counting = setInterval(() => {
    const line = counts([...messages.values()]);
    if (line !== "" && line !== last) print(`work    ${line}`);
    last = line;
  }, 1_000);
  const fail = (error: Error) => {
    print(`The progress can no longer be watched: ${error.message}`);
  };
  const ends = [
    firestore.collection(`${folder}/messages`).onSnapshot(seeMessages, fail),
    firestore.collection(`${folder}/inbox`).onSnapshot(seeCards, fail),
    firestore
      .collection(`${folder}/activations`)
      .onSnapshot(seeActivations, fail),
  ];
  return {
    cards: () => [...cards.values()].sort((a, b) => b.score - a.score),
    underWay: () => {
      const soon = Date.now() + minuteMs;
      return [...messages.values()].filter(
        ({ state, runAt }) => state === "open" && runAt.toMillis() <= soon,
      ).length;
    },
    ended: () =>
      [...messages.values()].filter(({ state }) => state !== "open").length,
    parked: () =>
      [...messages]
        .filter(([, { state }]) => state === "parked")
        .map(([id, message]) => lineOf(id, message)),
    close: async () => {
      clearInterval(counting);
      for (const end of ends) end();
      await deleteApp(app);
    },
  };
}

function lineOf(id: string, { error }: z.infer<typeof SeenMessage>): string {
  return `${id}: ${error?.code ?? "?"}: ${error?.message ?? ""}`;
}

/** Per topic, in the order of the pipeline: how many have ended, of how many. */
function counts(messages: readonly z.infer<typeof SeenMessage>[]): string {
  return TopicName.options
    .map((topic) => {
      const ofTopic = messages.filter((message) => message.topic === topic);
      const ended = ofTopic.filter(({ state }) => state !== "open");
      return { topic, ended: ended.length, all: ofTopic.length };
    })
    .filter(({ all }) => all > 0)
    .map(({ topic, ended, all }) => `${topic} ${ended}/${all}`)
    .join(" · ");
}
