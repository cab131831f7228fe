import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../functions/src/adapters/clock.ts";
import { firestorePacer } from "../../functions/src/adapters/firestore/pacer/pacer.ts";
import type { Pacer } from "../../functions/src/ports/crm.ts";
import { type Database, openDatabase } from "../support/emulator.ts";

const perSecond = 50;
const callers = 30;
const turnsEach = 4;

describe("the pacer", () => {
  let database: Database;
  let instances: readonly Pacer[];
  beforeAll(() => {
    database = openDatabase();
    instances = [0, 1, 2].map(() => firestorePacer(database.db, systemClock));
  });
  afterAll(() => database.close());

  it("lets no more requests start in any second than the vendor allows, over all instances", async () => {
    const { signal } = new AbortController();
    const starts: number[] = [];
    await Promise.all(
      Array.from({ length: callers }, async (_, n) => {
        for (let turn = 0; turn < turnsEach; turn++) {
          await instances[n % 3]?.turn("vendor", perSecond, signal);
          starts.push(Date.now());
        }
      }),
    );

    expect(starts).toHaveLength(callers * turnsEach);
    const inWindow = starts.map(
      (from) => starts.filter((at) => at >= from && at < from + 1000).length,
    );
    console.log(
      `Pacer: ${starts.length} turns in ${Math.max(...starts) - Math.min(...starts)} ms, at most ${Math.max(...inWindow)} in a second of ${perSecond}`,
    );
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(perSecond);
    // Each turn has a slot of its own; one that came too late was given up.
    const slots = await database.db
      .collection("system/pacer/slots")
      .where("at", ">", new Date(0))
      .get();
    const ofVendor = slots.docs.filter(({ id }) => id.startsWith("vendor_"));
    expect(ofVendor.length).toBeGreaterThanOrEqual(callers * turnsEach);
  });

  it("keeps each vendor's own rate", async () => {
    const { signal } = new AbortController();
    const [instance] = instances;
    if (instance === undefined) throw new Error("There is an instance.");
    const vendors = ["one", "two", "three"];
    await Promise.all(
      vendors.map((vendor) => instance.turn(vendor, 2, signal)),
    );
    const slots = await database.db
      .collection("system/pacer/slots")
      .where("at", ">", new Date(0))
      .get();
    for (const vendor of vendors) {
      const own = slots.docs.filter(({ id }) => id.startsWith(`${vendor}_`));
      expect(own.length).toBeGreaterThanOrEqual(1);
    }
  });

  it("books each turn once and leaves few out, however many ask at once", async () => {
    const pace = { key: "crm", everyMs: 1000 };
    const begunAt = Date.now();
    const booked = await Promise.all(
      Array.from({ length: 120 }, async (_, n) => instances[n % 3]?.book(pace)),
    );
    const turns = booked
      .flatMap((at) => at?.getTime() ?? [])
      .sort((a, b) => a - b);
    expect(new Set(turns).size).toBe(120);
    const gaps = turns.slice(1).map((at, n) => at - (turns[n] ?? 0));
    expect(Math.min(...gaps)).toBe(1000);
    const last = (turns.at(-1) ?? 0) - begunAt;
    console.log(
      `Pacer: 120 turns of 1 s booked at once end after ${(last / 1000).toFixed(0)} s`,
    );
    expect(last).toBeLessThanOrEqual(1.3 * 120_000);
  });

  it("gives the turn of this moment to who comes alone", async () => {
    const at = await instances[0]?.book({ key: "idle", everyMs: 60_000 });
    expect(at?.getTime()).toBeLessThanOrEqual(Date.now());
    const next = await instances[1]?.book({ key: "idle", everyMs: 60_000 });
    expect(next?.getTime()).toBe((at?.getTime() ?? 0) + 60_000);
  });

  it("gives up at once when its caller does", async () => {
    const [pacer] = instances;
    const caller = new AbortController();
    const waiting = pacer?.turn("slow", 0.1, caller.signal);
    setImmediate(() => caller.abort(new Error("no longer wanted")));
    await expect(waiting).rejects.toThrow("no longer wanted");
  });

  it("sends away who would have to wait for longer than twenty seconds", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, async () => {
        const caller = new AbortController();
        const turn = instances[0]?.turn("busy", 0.1, caller.signal);
        setTimeout(() => caller.abort(new Error("no longer wanted")), 1500);
        return turn;
      }),
    );
    const codes = results.map((result) =>
      result.status === "rejected" &&
      result.reason instanceof Error &&
      "code" in result.reason
        ? result.reason.code
        : "other",
    );
    expect(
      codes.filter((code) => code === "vendor-busy").length,
    ).toBeGreaterThanOrEqual(3);
  });
});
