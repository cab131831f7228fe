import { describe, expect, test } from "vitest";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { hashId } from "../../functions/src/domain/kernel/hash.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import {
  itemWithoutPersons,
  urlWithoutPersons,
} from "../../functions/src/pipeline/redaction.ts";
import { aPage } from "../support/stories.ts";

const withoutPersons = (item: SourceItem) =>
  itemWithoutPersons(item, redactor());

describe("the address of a page", () => {
  test.each([
    [
      "https://news.example/a/2026/03/06/story-1234567890?id=5&q=a%20b#top",
      "https://news.example/a/2026/03/06/story-1234567890?id=5&q=a%20b#top",
    ],
    [
      "https://news.example/a?id=5&who=jo%40example.com&page=2#jo",
      "https://news.example/a?id=5&page=2",
    ],
    ["https://news.example/a?tel=650+543+4800", "https://news.example/a"],
    ["https://news.example/a?q=call&n=467%203395", "https://news.example/a"],
    ["https://news.example/a?id=5#460-89-9847", "https://news.example/a?id=5"],
    ["https://news.example/of/jo@example.com?id=5", null],
    ["https://news.example/of/4111%201111%201111%201111/", null],
    ["https://jo:secret@news.example/a?id=5", "https://news.example/a?id=5"],
    ["http://192.0.2.7/feed?id=5", "http://192.0.2.7/feed?id=5"],
    ["http://192.0.2.7/a?from=192.0.2.9", "http://192.0.2.7/a"],
    ["mailto:jo@example.com", null],
    ["urn:isbn:9783161484100", "urn:isbn:9783161484100"],
  ])("%s is kept as %s", (url, kept) => {
    expect(urlWithoutPersons(url, redactor())).toBe(kept);
  });
});

describe("a document that was found", () => {
  test("is announced without anybody's address or number", () => {
    const found = aPage("https://news.example/?by=jo@example.com", {
      revision: "460-89-9847",
      url: "https://news.example/a?by=jo@example.com",
      title: "Ask (650) 543-4800",
      publisher: "Example News, jo@example.com",
      facts: {
        text: "Pay to DE89 3704 0044 0532 0130 00",
        page: "https://news.example/b?by=jo@example.com&id=5",
        contact: "mailto:jo@example.com",
        accession: "0001045810-26-000024",
      },
    });
    expect(withoutPersons(found)).toEqual({
      ...found,
      itemId: hashId("https://news.example/?by=jo@example.com"),
      revision: hashId("460-89-9847"),
      url: "https://news.example/a",
      title: "Ask [phone]",
      publisher: "Example News, [email]",
      facts: {
        text: "Pay to [iban]",
        page: "https://news.example/b?id=5",
        contact: "",
        accession: "0001045810-26-000024",
      },
    });
  });

  test("is announced as it is where it names nobody, and once", () => {
    const found = aPage("tag:news.example,2026:1");
    expect(withoutPersons(found)).toEqual(found);
    const named = withoutPersons(aPage("urn:jo@example.com"));
    expect(withoutPersons(named)).toEqual(named);
    expect(withoutPersons(aPage("urn:jo@example.com")).itemId).toBe(
      named.itemId,
    );
    expect(withoutPersons(aPage("urn:al@example.com")).itemId).not.toBe(
      named.itemId,
    );
  });

  test("fits its message though it has become longer", () => {
    const found = aPage("1", {
      title: `${"a@b.co ".repeat(71)}ab`,
      publisher: "a@b.co ".repeat(28),
      facts: { text: `${"a@b.co ".repeat(285)}abc😀` },
    });
    expect(SourceItem.safeParse(found).success).toBe(true);
    const { title, facts } = withoutPersons(found);
    expect(SourceItem.safeParse(withoutPersons(found)).success).toBe(true);
    expect(title).toHaveLength(500);
    expect(facts["text"]).toHaveLength(2000);
  });
});
