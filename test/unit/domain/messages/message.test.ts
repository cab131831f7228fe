import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AccountId,
  OpportunityId,
} from "../../../../functions/src/domain/kernel/ids.ts";
import { addMs } from "../../../../functions/src/domain/kernel/instant.ts";
import {
  isClaimable,
  type Emission,
  Message,
  newMessage,
  ringAfterMs,
  shards,
} from "../../../../functions/src/domain/messages/message.ts";
import { toMessageId } from "../../../../functions/src/domain/messages/topics.ts";
import { now } from "../cards/aCard.ts";

const payload = {
  accountId: AccountId.parse("acme"),
  opportunityId: OpportunityId.parse("o1"),
  version: 3,
};
const emission: Emission = { topic: "opportunity-approved", payload };
const origin = { traceId: "t1", runId: "r1", causedBy: "m0" };
const stamped = (changes: Partial<Message> = {}): Message =>
  Message.parse({
    ...newMessage(emission, origin, now).data,
    schemaVersion: 1,
    createdAt: now,
    updatedAt: now,
    ...changes,
  });

describe("a new message", () => {
  it("is open and unstarted, knows where it comes from, and fits its schema", () => {
    expect(stamped()).toMatchObject({
      ...origin,
      topic: "opportunity-approved",
      payload,
      state: "open",
      starts: 0,
      attempts: 0,
      lease: null,
      accountId: "acme",
      error: null,
      skipped: null,
      expiresAt: null,
    });
  });

  it("has the id of its work, whoever asks for it and whenever", () => {
    const ids = [
      newMessage(emission, origin, now),
      newMessage(
        emission,
        { traceId: "t2", runId: null, causedBy: null },
        addMs(now, 99),
      ),
      newMessage({ ...emission, runAt: addMs(now, 5) }, origin, now),
    ].map(({ id }) => id);
    expect(
      new Set([...ids, toMessageId("opportunity-approved", payload)]).size,
    ).toBe(1);
    expect(
      newMessage(
        { ...emission, payload: { ...payload, version: 4 } },
        origin,
        now,
      ).id,
    ).not.toBe(ids[0]);
  });

  it("that is due now, or was, is rung again by the sweeper a little later", () => {
    for (const at of [{}, { runAt: now }, { runAt: addMs(now, -5) }]) {
      const { data } = newMessage({ ...emission, ...at }, origin, now);
      expect(data.ringAt).toEqual(addMs(now, ringAfterMs));
    }
    expect(newMessage(emission, origin, now).data.runAt).toEqual(now);
  });

  it("that is due later is rung by the sweeper at its moment", () => {
    for (const ms of [1, 10_000, 86_400_000]) {
      const runAt = addMs(now, ms);
      expect(
        newMessage({ ...emission, runAt }, origin, now).data,
      ).toMatchObject({ runAt, ringAt: runAt });
    }
  });

  it("falls into one of the sweeper's streams, always the same, and all of them are used", () => {
    const streams = Array.from({ length: 400 }, (_, version) => {
      const of = () =>
        newMessage(
          { ...emission, payload: { ...payload, version: version + 1 } },
          origin,
          now,
        ).data.shard;
      expect(of()).toBe(of());
      return of();
    });
    const counts = Array.from(
      { length: shards },
      (_, i) => streams.filter((stream) => stream === i).length,
    );
    for (const count of counts) expect(count).toBeGreaterThan(20);
  });
});

describe("a message of an earlier version", () => {
  it("that knew no turns has none", () => {
    const { turnAt: _, ...before } = stamped({});
    expect(Message.parse(before)).toEqual(stamped({}));
  });
});

describe("claiming a message", () => {
  const lease = (ms: number) => ({
    lease: { owner: "x", expiresAt: addMs(now, ms) },
  });
  it.each<[string, Partial<Message>, ReturnType<typeof isClaimable>]>([
    ["open and due", {}, "yes"],
    ["due to the millisecond", { runAt: now }, "yes"],
    ["due in a millisecond", { runAt: addMs(now, 1) }, "early"],
    ["leased for a millisecond more", lease(1), "leased"],
    ["of a lease that ends now", lease(0), "yes"],
    ["of a lease that is over", lease(-1), "yes"],
    ["early and leased", { runAt: addMs(now, 1), ...lease(1) }, "early"],
    ["done", { state: "done" }, "ended"],
    ["parked", { state: "parked" }, "ended"],
    ["done and leased", { state: "done", ...lease(1) }, "ended"],
  ])("that is %s", (_, changes, answer) => {
    expect(isClaimable(stamped(changes), now)).toBe(answer);
  });

  it("is possible exactly once it is open, due and free", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("open", "done", "parked"),
        fc.integer({ min: -9, max: 9 }),
        fc.option(fc.integer({ min: -9, max: 9 })),
        (state, due, leased) => {
          const message = stamped({
            state,
            runAt: addMs(now, due),
            ...(leased === null ? {} : lease(leased)),
          });
          expect(isClaimable(message, now) === "yes").toBe(
            state === "open" && due <= 0 && (leased === null || leased <= 0),
          );
        },
      ),
    );
  });
});
