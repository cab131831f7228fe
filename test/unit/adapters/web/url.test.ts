import { expect, test } from "vitest";
import { loggableUrl } from "../../../../functions/src/adapters/web/url.ts";

test.each([
  ["https://a.example/b/c?key=s3cret", "https://a.example/b/c"],
  ["https://a.example/b#s3cret", "https://a.example/b"],
  ["https://a.example/b?a\nkey=s3cret", "https://a.example/b"],
  ["https://user:s3cret@a.example/", "https://a.example/"],
  ["https://s3cret@s3cret@a.example/", "https://a.example/"],
  ["https:s3cret@a.example/", "https://a.example/"],
  ["https:\\\\s3cret@a.example/", "https://a.example/"],
  ["//user:s3cret@a.example/", "//a.example/"],
  ["https://a.example/@who", "https://a.example/@who"],
  ["not a URL?key=s3cret", "not a URL"],
  [
    `https://a.example/${"x".repeat(300)}`,
    `https://a.example/${"x".repeat(182)}`,
  ],
])("%s is shown as %s", (url, text) => {
  expect(loggableUrl(url)).toBe(text);
});
