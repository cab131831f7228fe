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

type SeenMessage = z.infer<typeof SeenMessage>;

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
  const messages = new Map<string, SeenMessage>();
  const cards = new Map<string, Card>();
  const watch = <S extends z.ZodType>(
    name: string,
    schema: S,
    see: (id: string, value: z.output<S>) => void,
  ) =>
    firestore
      .collection(`tenants/${facts.tenantId}/${name}`)
      .onSnapshot(whenChanged(schema, see, print), (error) =>
        print(`The progress can no longer be watched: ${error.message}`),
      );
  const ends = [
    watch("messages", SeenMessage, (id, message) => {
      const line = news(id, messages.get(id), message);
      messages.set(id, message);
      if (line !== null) print(line);
    }),
    watch("inbox", SeenCard, (id, seen) => {
      const before = cards.get(id);
      cards.set(id, { id, ...seen });
      if (before?.status !== seen.status || before.version !== seen.version)
        print(cardLine(seen));
    }),
    watch("activations", SeenActivation, (_, { crm, state, link, error }) => {
      print(`${crm}  ${state}  ${link ?? error?.message ?? ""}`);
    }),
  ];
  const stopCounting = printCounts(messages, print);
  return {
    cards: () => [...cards.values()].sort((a, b) => b.score - a.score),
    ...toProgress(messages),
    close: async () => {
      stopCounting();
      for (const end of ends) end();
      await deleteApp(app);
    },
  };
}

/** Reads each document that has changed; says so where one cannot be read. */
function whenChanged<S extends z.ZodType>(
  schema: S,
  see: (id: string, value: z.output<S>) => void,
  print: (line: string) => void,
): (snapshot: QuerySnapshot) => void {
  return (snapshot) => {
    for (const { doc } of snapshot.docChanges()) {
      const seen = schema.safeParse(doc.data());
      if (seen.success) see(doc.id, seen.data);
      else
        print(`${doc.ref.path} cannot be read: ${explainMisfit(seen.error)}`);
    }
  };
}

/** What is to be said of a message that has changed, if anything. */
function news(
  id: string,
  before: SeenMessage | undefined,
  message: SeenMessage,
): string | null {
  return message.state === "parked" && before?.state !== "parked"
    ? `parked  ${parkedLine(id, message)}`
    : null;
}

function cardLine(card: z.infer<typeof SeenCard>): string {
  const score = card.score.toFixed(1).padStart(5);
  return `card    ${score}  ${card.status}  ${card.accountName}: ${card.title}`;
}

/** Prints once a second how far the work is, where that has changed; the returned function ends it. */
function printCounts(
  messages: ReadonlyMap<string, SeenMessage>,
  print: (line: string) => void,
): () => void {
  let last = "";
  const timer = setInterval(() => {
    const line = counts([...messages.values()]);
    if (line !== "" && line !== last) print(`work    ${line}`);
    last = line;
  }, 1_000);
  return () => clearInterval(timer);
}

function toProgress(
  messages: ReadonlyMap<string, SeenMessage>,
): Pick<Progress, "underWay" | "ended" | "parked"> {
  const all = () => [...messages.values()];
  return {
    underWay: () => {
      const soon = Date.now() + minuteMs;
      return all().filter(
        ({ state, runAt }) => state === "open" && runAt.toMillis() <= soon,
      ).length;
    },
    ended: () => all().filter(({ state }) => state !== "open").length,
    parked: () =>
      [...messages]
        .filter(([, { state }]) => state === "parked")
        .map(([id, message]) => parkedLine(id, message)),
  };
}

function parkedLine(id: string, { error }: SeenMessage): string {
  return `${id}: ${error?.code ?? "?"}: ${error?.message ?? ""}`;
}

/** Per topic, in the order of the pipeline: how many have ended, of how many. */
function counts(messages: readonly SeenMessage[]): string {
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
