import { describe, expect, it } from "vitest";
import { newMessage } from "../../../../functions/src/domain/messages/message.ts";
import {
  isReadable,
  DisplayedMessage,
} from "../../../../web/src/features/operations/messages/messages.ts";
import { anAccountId, aTip } from "../../../support/builders.ts";

const now = new Date("2026-11-30T10:00:00Z");
const origin = { traceId: "t", runId: null, causedBy: null };
const { data } = newMessage(aTip(anAccountId("globex"), 1), origin, now);
const stored = { ...data, schemaVersion: 1, createdAt: now, updatedAt: now };

describe("a message as operations shows it", () => {
  it("is read where it can be", () => {
    const shown = DisplayedMessage.parse(stored);
    expect(isReadable(shown)).toBe(true);
    expect(shown.topic).toBe("signal-received");
  });

  it("is shown as it is stored where it cannot, whatever it holds", () => {
    for (const unfit of [
      { ...stored, topic: "of-the-next-release" },
      { ...stored, topic: { unknown: true }, state: 7 },
      {},
    ]) {
      const shown = DisplayedMessage.parse(unfit);
      expect(shown).toMatchObject({ isUnreadable: true, document: unfit });
      expect(isReadable(shown)).toBe(false);
    }
    const { topic } = DisplayedMessage.parse({
      ...stored,
      topic: { unknown: true },
    });
    expect(topic).toBe("");
  });
});
