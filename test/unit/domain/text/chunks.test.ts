import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  splitChunks,
  splitSentences,
} from "../../../../functions/src/domain/text/chunks.ts";
import { growth } from "../../../support/growth.ts";

function texts(text: string): readonly string[] {
  return splitSentences(text).map((sentence) => sentence.text);
}

const prose = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "The Board met. ",
        "Dr. ",
        "Inc. ",
        "No. 5 ",
        "\n",
        "\n\n",
        "“Yes!” ",
        "…",
        "😀",
        "a\tb ",
        "  ",
        "x".repeat(3000),
        "U.S. ",
      ),
      fc.string({ unit: "binary", maxLength: 30 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

describe("sentences", () => {
  test("end at full stops, question marks and paragraphs", () => {
    expect(
      texts("One is here. Is two? Yes!\n\nA heading without a stop\n\nThe end"),
    ).toEqual([
      "One is here.",
      "Is two?",
      "Yes!",
      "A heading without a stop",
      "The end",
    ]);
  });

  test.each([
    "Dr. Mira Vance notified Meta Platforms, Inc. (the “Company”) of it.",
    "See No. 5 of Form 8-K, e.g. Item 5.02, as filed by J. P. Harlow vs. Acme Corp. Ltd. on Dec. 19, 2025.",
    "Revenue rose 12.5% to $1.2 billion.",
  ])("do not end at an abbreviation or a decimal: %s", (sentence) => {
    expect(texts(`Before it. ${sentence} After it.`)).toEqual([
      "Before it.",
      sentence,
      "After it.",
    ]);
  });

  test("go on over a line break, not over an empty line", () => {
    expect(
      texts(
        "the resignation of a member\nof the board. Next.\nAnother.\n\nlower case",
      ),
    ).toEqual([
      "the resignation of a member\nof the board.",
      "Next.",
      "Another.",
      "lower case",
    ]);
  });

  test("are the same in a long text as in a short one", () => {
    const sentences = Array.from(
      { length: 2000 },
      (_, n) => `Number ${n} is ${"very ".repeat(n % 40)}long.`,
    );
    expect(texts(sentences.join(" "))).toEqual(sentences);
    const endless = "word ".repeat(5000).trim();
    expect(texts(`${endless}. Then one.`)).toEqual([
      `${endless}.`,
      "Then one.",
    ]);
  });

  test("stand exactly where they say, trimmed, in order, and leave out nothing but white space", () => {
    fc.assert(
      fc.property(prose, (text) => {
        let end = 0;
        for (const sentence of splitSentences(text)) {
          expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
          expect(sentence.text.trim()).toBe(sentence.text);
          expect(sentence.text).not.toBe("");
          expect(text.slice(end, sentence.start).trim()).toBe("");
          end = sentence.end;
        }
        expect(text.slice(end).trim()).toBe("");
      }),
    );
  });
});

describe("chunks", () => {
  test("hold whole sentences of about the size asked for", () => {
    const text = Array.from(
      { length: 50 },
      (_, n) => `This is sentence number ${n} of the text.`,
    ).join(" ");
    const chunks = splitChunks(text, { targetCharacters: 200 });
    for (const { start, end } of chunks) {
      expect(text.slice(start, end)).toMatch(/^This .*\.$/s);
      expect(end - start).toBeLessThanOrEqual(200);
    }
    expect(chunks.length).toBeLessThan(15);
  });

  test("cut a sentence that is longer than one of them between words", () => {
    const text = "word ".repeat(1000).trim();
    for (const { start, end } of splitChunks(text, { targetCharacters: 98 })) {
      expect(text.slice(start, end)).toMatch(/^word( word)*$/);
    }
  });

  test("cover everything in order, without overlap, each within its size", () => {
    fc.assert(
      fc.property(
        prose,
        fc.integer({ min: 2, max: 200 }),
        (text, targetCharacters) => {
          let end = 0;
          for (const chunk of splitChunks(text, {
            targetCharacters,
            maxChunks: Infinity,
          })) {
            expect(chunk.end - chunk.start).toBeLessThanOrEqual(
              targetCharacters,
            );
            expect(chunk.end).toBeGreaterThan(chunk.start);
            expect(text.slice(end, chunk.start).trim()).toBe("");
            end = chunk.end;
          }
          expect(text.slice(end).trim()).toBe("");
        },
      ),
    );
  });

  describe("of a text with sections", () => {
    const section = (title: string, sentences: number) =>
      `${title}\n${`What ${title} says. `.repeat(sentences)}\n\n`;
    const chunked = (parts: readonly string[], targetCharacters = 400) => {
      let start = 0;
      const sections = parts.map((part) => {
        start += part.length;
        return { start: start - part.length };
      });
      const text = parts.join("");
      return splitChunks(text, { sections, targetCharacters }).map((chunk) =>
        text.slice(chunk.start, chunk.end),
      );
    };

    test("begin with each of them, and hold none of the next", () => {
      const parts = [section("Item A", 10), section("Item B", 30)];
      const chunks = chunked([...parts, section("Item C", 6)]);
      expect(chunks.map((chunk) => chunk.slice(0, 6))).toEqual([
        "Item A",
        "Item B",
        "What I",
        "Item C",
      ]);
      for (const chunk of chunks)
        expect(new Set(chunk.match(/Item [ABC]/gu)).size).toBe(1);
    });

    test("hold a tiny one with what follows it, and many tiny ones together", () => {
      const [first, ...rest] = chunked([
        section("Part I", 0),
        section("Item A", 10),
        ...["D", "E", "F", "G"].map((name) => section(`Item ${name}`, 2)),
        section("Item H", 12),
      ]);
      expect(first).toMatch(/^Part I\s+Item A\n.*says\.$/su);
      expect(rest.map((chunk) => chunk.match(/Item \w(?=\n)/gu))).toEqual([
        ["Item D", "Item E", "Item F", "Item G"],
        ["Item H"],
      ]);
    });

    test("cover everything in order, wherever the sections are said to begin", () => {
      fc.assert(
        fc.property(
          prose,
          fc.array(fc.record({ start: fc.integer({ min: -5, max: 300 }) })),
          fc.integer({ min: 2, max: 200 }),
          (text, sections, targetCharacters) => {
            let end = 0;
            for (const chunk of splitChunks(text, {
              sections,
              targetCharacters,
              maxChunks: Infinity,
            })) {
              expect(chunk.end - chunk.start).toBeLessThanOrEqual(
                targetCharacters,
              );
              expect(chunk.start).toBeGreaterThanOrEqual(end);
              expect(chunk.end).toBeGreaterThan(chunk.start);
              expect(text.slice(end, chunk.start).trim()).toBe("");
              end = chunk.end;
            }
            expect(text.slice(end).trim()).toBe("");
          },
        ),
      );
    });

    test("are not cut through a character by a section that begins in it", () => {
      const chunks = splitChunks("😀".repeat(300), {
        sections: [{ start: 301 }],
        targetCharacters: 400,
      });
      for (const { start, end } of chunks)
        expect([start % 2, end % 2]).toEqual([0, 0]);
    });
  });

  test("never cut a character in two", () => {
    for (const { start, end } of splitChunks("😀".repeat(500), {
      targetCharacters: 33,
    })) {
      expect((end - start) % 2).toBe(0);
    }
  });

  test("end when there are enough of them, at once even in a long text", () => {
    const text = "One more sentence of a long report. ".repeat(100_000);
    const chunks = splitChunks(text);
    expect(chunks).toHaveLength(40);
    expect(chunks[0]?.start).toBe(0);
    const sentence = "One more sentence of a long report. ";
    expect(
      growth((sentences) => splitChunks(sentence.repeat(sentences)), 25_000),
    ).toBeLessThan(2);
  });

  test("of a text without words are none", () => {
    expect(splitChunks(" \n\n ")).toEqual([]);
  });
});
