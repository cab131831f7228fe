import { expect, test } from "vitest";
import {
  decodeHandoff,
  encodeHandoff,
} from "../../../../functions/src/domain/messages/handoff.ts";
import { AccountId } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  type Message,
  newMessage,
} from "../../../../functions/src/domain/messages/message.ts";
import { now } from "../cards/aCard.ts";

const stamp = { seconds: 1_763_000_000, nanoseconds: 123_456_000 };

test("a message comes back from a ring as it was, moments as moments and texts as texts", () => {
  const data = aMessage({
    at: now,
    said: now.toISOString(),
    nested: [{ at: now }, null, "x", 1.5, true],
  });
  const text = encodeHandoff({ data, stamp });
  expect(text).not.toBeNull();
  expect(decodeHandoff(text ?? "")).toEqual({ data, stamp });
});

test("a message that is too long is not carried", () => {
  const data = aMessage({ text: "long ".repeat(2_000) });
  expect(encodeHandoff({ data, stamp })).toBeNull();
});

test.each(["", "{", "null", '"x"', "{}", '{"data":{},"stamp":{}}'])(
  "what is no message is none: %s",
  (text) => {
    expect(decodeHandoff(text)).toBeNull();
  },
);

function aMessage(payload: Record<string, unknown>): Message {
  const { data } = newMessage(
    {
      topic: "account-assess",
      payload: { accountId: AccountId.parse("globex"), slot: 1 },
    },
    { traceId: "t", runId: null, causedBy: null },
    now,
  );
  return { ...data, payload, schemaVersion: 1, createdAt: now, updatedAt: now };
}
