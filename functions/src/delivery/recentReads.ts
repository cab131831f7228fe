import type { Clock } from "../ports/clock.ts";
import {
  type Query,
  type Read,
  type Recent,
  recentMs,
  type Stamp,
  type Store,
  type Write,
} from "../ports/store.ts";

/** How many answers are remembered; the oldest is forgotten first. */
const maxAnswers = 500;

interface Answer {
  readonly value: Promise<unknown>;
  readonly from: number;
  /** Where it was read: a document, or the collection of a query. */
  readonly path: string;
}

/**
 * The store, and reads for which one process asks the database once in fifteen seconds. What this process itself writes
 * it knows at once; what another writes may be seen so much later.
 */
export function withRecentReads(
  store: Store,
  clock: Pick<Clock, "now">,
): { readonly store: Store; readonly recent: Recent } {
  const answers = new Map<string, Answer>();

  const remember = (key: string, path: string, value: Promise<unknown>) => {
    const now = clock.now().getTime();
    // In the order in which they came: behind the first that is young enough, all are.
    for (const [old, { from }] of answers) {
      if (now - from <= recentMs && answers.size < maxAnswers) break;
      answers.delete(old);
    }
    answers.delete(key);
    answers.set(key, { value, from: now, path });
    // What could not be read is asked for again by the next.
    value.catch(() => {
      if (answers.get(key)?.value === value) answers.delete(key);
    });
  };

  async function recall<T>(key: string, path: string, ask: () => Promise<T>) {
    const known = answers.get(key);
    const now = clock.now().getTime();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key names the document or query, and so the type of what it answers.
    if (known && now - known.from <= recentMs) return known.value as Promise<T>;
    const value = ask();
    remember(key, path, value);
    return value;
  }

  const learn = (read: Read<unknown>) =>
    remember(read.ref.path, read.ref.path, Promise.resolve(read));

  const forget = (writes: readonly Write[]) => {
    const paths = new Set(
      writes.flatMap(({ ref: { path } }) => [path, parentOf(path)]),
    );
    for (const [key, { path }] of answers)
      if (paths.has(path)) answers.delete(key);
  };

  return {
    recent: {
      read: async (ref) =>
        recall(ref.path, ref.path, async () => store.read(ref)),
      query: async (query) =>
        recall(toKey(query), query.collection.path, async () => {
          const reads = await store.query(query);
          if (query.slim !== true && query.group !== true) reads.forEach(learn);
          return reads;
        }),
    },
    store: {
      ...store,
      commit: async (writes, now) => {
        forget(writes);
        const committed = await store.commit(writes, now);
        // Whoever asked while it was written may have read what was there before.
        forget(writes);
        if (committed.kind === "committed")
          for (const write of writes)
            if (write.kind === "update")
              learn(toRead(write, { now, stamp: committed.stamp }));
        return committed;
      },
    },
  };
}

function toRead(
  { ref, data }: Write,
  { now, stamp }: { readonly now: Date; readonly stamp: Stamp },
): Read<unknown> {
  const id = ref.path.slice(ref.path.lastIndexOf("/") + 1);
  return { ref, id, data: { ...data, updatedAt: now }, stamp };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function toKey({ collection, ...query }: Query<unknown>): string {
  return JSON.stringify([collection.path, query]);
}
