import { describe, expect, it } from "vitest";
import {
  isRetryableStatus,
  LeaseLostError,
  PermanentError,
  RetryableError,
  retryAfterMs,
} from "../../../../functions/src/domain/kernel/errors.ts";

const now = new Date("1994-11-06T08:49:07.000Z");

describe("a Retry-After header", () => {
  it.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 30_000],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 30_000],
    ["Sun, 06 Nov 1994 08:48:37 GMT", 0],
  ])("of “%s” is %i ms", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each([null, undefined, "", "  ", "soon", "-5", "1.5", "Sunday next"])(
    "of “%s” says nothing",
    (header) => {
      expect(retryAfterMs(header, now)).toBeNull();
    },
  );
});

describe("a vendor's status", () => {
  it("is worth a retry for 408, 423, 425, 429 and every 5xx, and for no other", () => {
    const worth = Array.from({ length: 500 }, (_, i) => 100 + i).filter(
      isRetryableStatus,
    );
    expect(worth.filter((status) => status < 500)).toEqual([
      408, 423, 425, 429,
    ]);
    expect(worth).toHaveLength(104);
  });
});

describe("an error", () => {
  it("carries its code, its cause and the vendor's wait", () => {
    const cause = new Error("socket");
    const retryable = new RetryableError("vendor-busy", "wait", {
      cause,
      retryAfterMs: 7,
    });
    expect(retryable).toMatchObject({
      name: "RetryableError",
      code: "vendor-busy",
      retryAfterMs: 7,
      cause,
    });
    expect(new RetryableError("vendor-down", "wait").retryAfterMs).toBeNull();
    expect(new PermanentError("bad-payload", "no", { cause })).toMatchObject({
      name: "PermanentError",
      code: "bad-payload",
      cause,
    });
    expect(new LeaseLostError("gone")).toMatchObject({
      name: "LeaseLostError",
      message: "gone",
    });
  });
});
