import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contentHash,
  idFrom,
  sha256,
  uuidFrom,
} from "../../../../functions/src/domain/kernel/hash.ts";

const text = fc.string({ unit: "grapheme", maxLength: 80 });

describe("sha256", () => {
  it("is that of the UTF-8 text, as Node has it", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(sha256(any)).toBe(
          createHash("sha256").update(any, "utf8").digest("hex"),
        );
      }),
    );
  });
});

describe("the content hash", () => {
  it.each([
    ["A  re-flowed\r\n\tcopy ", "a re-flowed copy"],
    ["NVIDIA", "nvidia"],
    ["caf\u00e9", "cafe\u0301"],
    ["ﬁrm", "firm"],
    ["５０\u00a0％", "50 %"],
    ["\ufeffstart", "start"],
  ])("takes %j and %j for the same", (one, other) => {
    expect(contentHash(one)).toBe(contentHash(other));
  });

  it.each([
    ["a rise", "a risk"],
    ["$1.2", "$12"],
    ["no where", "nowhere"],
    ["resign", "resigned"],
    ["cafe", "café"],
    ["5", "-5"],
  ])("takes %j and %j for different", (one, other) => {
    expect(contentHash(one)).not.toBe(contentHash(other));
  });

  it("does not see how white space is set or letters are cased", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z0-9]+$/u), { minLength: 1 }),
        fc.constantFrom("\n", "\t ", "\u00a0", "\u2003"),
        (words, gap) => {
          expect(
            contentHash(`${gap}${words.join(gap).toUpperCase()}${gap}`),
          ).toBe(contentHash(words.join(" ")));
        },
      ),
    );
  });
});

describe("an id made of parts", () => {
  const parts = fc.array(
    fc.oneof(fc.string({ unit: "binary" }), fc.integer()),
    { maxLength: 4 },
  );

  it("is 32 hex characters, the same for the same parts and no others", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(idFrom(...one)).toMatch(/^[0-9a-f]{32}$/u);
        expect(idFrom(...one) === idFrom(...other)).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        );
      }),
    );
  });

  it("does not run its parts together", () => {
    const ids = [
      idFrom("a", "b"),
      idFrom("ab"),
      idFrom("a", "b", ""),
      idFrom('a","b'),
      idFrom("1"),
      idFrom(1),
      idFrom(),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("as a UUID is one of version 8 and the RFC's variant", () => {
    fc.assert(
      fc.property(parts, (any) => {
        expect(uuidFrom(...any)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
        );
        expect(uuidFrom(...any)).toBe(uuidFrom(...any));
      }),
    );
    expect(uuidFrom("a")).not.toBe(uuidFrom("b"));
  });
});
