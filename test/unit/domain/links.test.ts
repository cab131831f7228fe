import { describe, expect, it } from "vitest";
import { linksIn, withoutLinks } from "../../../functions/src/domain/links.ts";

describe("linksIn", () => {
  it.each([
    ["See https://a.example/x?y=1.", "https://a.example/x?y=1", false],
    ["(www.a.example)", "www.a.example", false],
    ["a.example/x, or", "a.example/x", false],
    ["Write to m.x@a.example!", "m.x@a.example", false],
    ["javascript:alert(1)", "javascript:alert(1", false],
    ["mailto:a@b.example", "mailto:a@b.example", false],
    ["a.example:8080 is", "a.example:8080", false],
    ["HTTPS://A.example", "HTTPS://A.example", false],
    ["At Booking.com they", "Booking.com", true],
  ])("finds in %j the link %s", (text, address, bare) => {
    expect(linksIn(text)).toEqual([{ address, bare }]);
  });

  it.each([
    "The U.S. and Acme Inc. grew 3.5 percent.",
    "It ends. Then it goes on, e.g. so.",
    "A ratio of 3:1 and 12/2026.",
  ])("finds none in %j", (text) => {
    expect(linksIn(text)).toEqual([]);
  });
});

describe("withoutLinks", () => {
  it("takes out what is not among those given, and leaves names", () => {
    const text = "See https://a.example and https://b.example at Booking.com";
    expect(withoutLinks(text, ["https://b.example"])).toBe(
      "See and https://b.example at Booking.com",
    );
  });
});
