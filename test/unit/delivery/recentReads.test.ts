import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { withRecentReads } from "../../../functions/src/delivery/recentReads.ts";
import {
  type Read,
  recentMs,
  type Store,
  update,
} from "../../../functions/src/ports/store.ts";
import { virtualClock } from "../../support/virtualClock.ts";

const schema = z.object({ name: z.string() });
const ref = { path: "tenants/acme/playbooks/one", schema };
const collection = { path: "tenants/acme/playbooks", schema };
const stamp = { seconds: 1, nanoseconds: 0 };

let asked: string[];
let name: string;
let fails: Error | null;

/** A database of one document, that notes what it is asked. */
const database: Pick<Store, "read" | "query" | "commit"> = {
  read: async (wanted) => {
    asked.push(`read ${wanted.path}`);
    if (fails !== null) throw fails;
    return toRead(wanted);
  },
  query: async (query) => {
    asked.push(`query ${query.collection.path}`);
    return [toRead({ ...ref, schema: query.collection.schema })];
  },
  commit: async () => ({ kind: "committed", stamp: { ...stamp, seconds: 2 } }),
};

function toRead<T>(of: {
  readonly path: string;
  readonly schema: z.ZodType<T>;
}): Read<T> {
  return { ref: of, id: "one", data: of.schema.parse({ name }), stamp };
}

function open() {
  const clock = virtualClock();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing here reads in any other way.
  return { clock, ...withRecentReads(database as Store, clock) };
}

beforeEach(() => {
  asked = [];
  name = "Call";
  fails = null;
});

describe("a read that may be some seconds old", () => {
  it("asks the database once in its time, also for those who ask at the same moment", async () => {
    const { recent, clock } = open();
    const both = await Promise.all([recent.read(ref), recent.read(ref)]);
    name = "Write";
    clock.advance(recentMs);
    const third = await recent.read(ref);
    expect([...both, third].map((read) => read?.data.name)).toEqual([
      "Call",
      "Call",
      "Call",
    ]);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect((await recent.read(ref))?.data.name).toBe("Write");
    expect(asked).toHaveLength(2);
  });

  it("knows each document of a query, and tells two queries apart", async () => {
    const { recent } = open();
    const query = { collection, where: [], limit: 3 } as const;
    await recent.query(query);
    await recent.query(query);
    await recent.read(ref);
    await recent.query({ ...query, limit: 4 });
    expect(asked).toEqual([
      "query tenants/acme/playbooks",
      "query tenants/acme/playbooks",
    ]);
  });

  it("knows at once what this process writes, and asks again for the lists that it stood in", async () => {
    const { recent, store, clock } = open();
    const query = { collection, where: [], limit: 3 } as const;
    await recent.query(query);
    const read = await recent.read(ref);
    if (read === null) throw new Error("It is there.");
    await store.commit([update(read, { name: "Visit" })], clock.now());
    const after = await recent.read(ref);
    expect(after?.data.name).toBe("Visit");
    expect(after?.stamp.seconds).toBe(2);
    await recent.query(query);
    expect(asked).toHaveLength(2);
  });

  it("does not remember what went wrong", async () => {
    const { recent } = open();
    fails = new Error("no answer");
    await expect(recent.read(ref)).rejects.toThrow("no answer");
    fails = null;
    expect((await recent.read(ref))?.data.name).toBe("Call");
  });

  it("remembers no more than it may, and nothing that is too old", async () => {
    const { recent } = open();
    const path = (n: number) => `tenants/acme/playbooks/${n}`;
    for (let n = 0; n < 501; n++) await recent.read({ path: path(n), schema });
    asked = [];
    await recent.read({ path: path(500), schema });
    await recent.read({ path: path(0), schema });
    expect(asked).toEqual([`read ${path(0)}`]);
  });
});
