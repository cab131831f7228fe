import { describe, expect, it } from "vitest";
import {
  Message,
  newMessage,
} from "../../../../functions/src/domain/messages/message.ts";
import { addMs } from "../../../../functions/src/domain/kernel/instant.ts";
import { toJson } from "../../../../functions/src/domain/messages/unreadable.ts";
import {
  decideParking,
  unreadableAfterMs,
} from "../../../../functions/src/domain/messages/unreadableMessage.ts";
import { anAccountId, aTip } from "../../../support/builders.ts";

const now = new Date("2026-11-30T10:00:00Z");
const late = addMs(now, unreadableAfterMs);
const origin = { traceId: "t", runId: null, causedBy: null };
const { data } = newMessage(aTip(anAccountId("globex"), 1), origin, now);
const good = { ...data, schemaVersion: 1, createdAt: now, updatedAt: now };

describe("whether a stored message is parked as unreadable", () => {
  it("is not where it can be read, or has ended", () => {
    expect(decideParking(good, late).kind).toBe("readable");
    for (const state of ["done", "parked"])
      expect(decideParking({ ...good, state, topic: "x" }, late).kind).toBe(
        "ended",
      );
  });

  it("waits while functions of the next release may be about to work on it", () => {
    const of = { ...good, topic: "of-the-next-release" };
    expect(decideParking(of, addMs(late, -1)).kind).toBe("early");
    expect(decideParking(of, late).kind).toBe("park");
    const worked = { ...good, state: "waiting", updatedAt: late };
    expect(decideParking(worked, late).kind).toBe("early");
    expect(decideParking(worked, addMs(late, unreadableAfterMs)).kind).toBe(
      "park",
    );
  });

  it("names the field, and the state that it had, but no other value", () => {
    const parking = decideParking({ ...good, state: "waiting" }, late);
    expect(parking).toMatchObject({
      kind: "park",
      patch: { state: "parked", lease: null, error: { code: "unreadable" } },
    });
    const { patch } = parking.kind === "park" ? parking : { patch: null };
    expect(patch?.error.message).toMatch(/^state: .* It was "waiting"\.$/);
    expect(Message.safeParse({ ...good, ...patch }).success).toBe(true);
  });
});

describe("a stored document as JSON", () => {
  it("has text for what JSON has no word for", () => {
    class Point {}
    const stored = {
      at: now,
      bytes: new Uint8Array(3),
      point: new Point(),
      list: [undefined, Number.NaN, null, new Date(Number.NaN)],
    };
    expect(JSON.parse(JSON.stringify(toJson(stored)))).toEqual({
      at: "2026-11-30T10:00:00.000Z",
      bytes: "(3 bytes)",
      point: "(Point)",
      list: [null, "NaN", null, null],
    });
  });
});
