import { describe, expect, it } from "vitest";
import {
  AccountId,
  SnapshotId,
  TenantId,
  Uid,
} from "../../../../functions/src/domain/kernel/ids.ts";
import {
  toClusterId,
  toSignalId,
} from "../../../../functions/src/domain/signals/signal.ts";

describe("a document id", () => {
  it.each(["a", "acme-1", "ümlaut", "日本", "...", "__x", "x__", "🚀", "a b"])(
    "may be %j",
    (id) => {
      expect(TenantId.parse(id)).toBe(id);
      expect(Uid.parse(id)).toBe(id);
    },
  );

  it.each([
    "",
    "a/b",
    "/",
    ".",
    "..",
    "__x__",
    "____",
    "__a\nb__",
    "\ud800",
    "x".repeat(201),
  ])("may not be %j", (id) => {
    expect(TenantId.safeParse(id).success).toBe(false);
    expect(AccountId.safeParse(id).success).toBe(false);
  });
});

describe("a snapshot's id", () => {
  it("is a SHA-256 in lower-case hex", () => {
    expect(SnapshotId.safeParse("0a".repeat(32)).success).toBe(true);
    for (const id of [
      "0A".repeat(32),
      "a".repeat(63),
      "a".repeat(65),
      `${"0a".repeat(32)}\n`,
      "",
    ])
      expect(SnapshotId.safeParse(id).success).toBe(false);
  });
});

describe("a signal's id", () => {
  const hash = "ab".repeat(32);
  it("is the same for the same content of the same account, and for no other", () => {
    const of = (account: string, content: string) =>
      toSignalId(AccountId.parse(account), content);
    expect(of("acme", hash)).toBe(of("acme", hash));
    expect(
      new Set([
        of("acme", hash),
        of("umbrella", hash),
        of("acme", "cd".repeat(32)),
      ]).size,
    ).toBe(3);
  });

  it("exists for the longest account id that is taken", () => {
    const longest = "x".repeat(150);
    expect(AccountId.safeParse(`${longest}x`).success).toBe(false);
    expect(toSignalId(AccountId.parse(longest), hash)).toHaveLength(183);
  });
});

describe("a cluster", () => {
  const of = (type: "job" | "news", day: string, hash: string) =>
    toClusterId(type, new Date(`${day}Z`), hash);
  it("holds the postings of a UTC month, and of everything else one signal", () => {
    expect(of("job", "2026-11-01T00:00", "a")).toBe(
      of("job", "2026-11-30T23:59", "b"),
    );
    expect(of("job", "2026-11-30T23:59", "a")).not.toBe(
      of("job", "2026-12-01T00:00", "a"),
    );
    expect(of("news", "2026-11-01T00:00", "a")).not.toBe(
      of("news", "2026-11-01T00:00", "b"),
    );
  });
});
