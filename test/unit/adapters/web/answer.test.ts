import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  parseJsonBody,
  throwForStatus,
} from "../../../../functions/src/adapters/web/answer.ts";
import {
  PermanentError,
  RetryableError,
} from "../../../../functions/src/domain/kernel/errors.ts";

const now = new Date("2026-08-01T00:00:00Z");

describe("a status", () => {
  const answered =
    (status: number, headers: Record<string, string> = {}) =>
    () =>
      throwForStatus(
        {
          status,
          headers: new Headers(headers),
          body: new Uint8Array(),
          url: "https://a.example/",
        },
        { source: "Example", now },
      );

  test.each([200, 204, 206])("of %i is no error", (status) => {
    expect(answered(status)).not.toThrow();
  });

  test.each([408, 423, 425, 429, 500, 502, 503, 504])(
    "of %i is to be retried",
    (status) => {
      expect(answered(status)).toThrow(RetryableError);
    },
  );

  test.each([304, 400, 401, 403, 404, 405, 422])("of %i is not", (status) => {
    expect(answered(status)).toThrow(PermanentError);
    expect(answered(status)).toThrow(`Example answered ${status}`);
  });

  test("with a date to retry after waits until then", () => {
    const at = "Sat, 01 Aug 2026 00:01:30 GMT";
    expect(answered(503, { "retry-after": at })).toThrow(
      expect.objectContaining({ retryAfterMs: 90_000 }),
    );
  });
});

test("an answer that is an error is named without its query, which may hold a key", () => {
  const got = {
    status: 404,
    headers: new Headers(),
    body: new TextEncoder().encode("{"),
    url: "https://a.example/b?key=s3cret",
  };
  expect(() => throwForStatus(got, { source: "Example", now })).toThrow(
    /at https:\/\/a\.example\/b$/,
  );
  expect(() => parseJsonBody(got, "Example", z.json())).toThrow(
    /^Example: https:\/\/a\.example\/b is not JSON$/,
  );
});

test("a JSON answer that does not fit names its source and the field", () => {
  const got = {
    status: 200,
    headers: new Headers(),
    body: new TextEncoder().encode('{"a":{"b":"c"}}'),
    url: "https://a.example/",
  };
  expect(() =>
    parseJsonBody(got, "Example", z.object({ a: z.object({ b: z.int() }) })),
  ).toThrow(/^Example: .* a\.b /);
});
