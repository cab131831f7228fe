import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { splitSentences } from "../../../../functions/src/domain/text/chunks.ts";
import {
  toKnownLinks,
  findLinks,
  findUnknownLinks,
  removeUnknownLinks,
} from "../../../../functions/src/domain/text/links.ts";

const known = toKnownLinks({
  domains: ["globex.com", "www.acme.example"],
  urls: [
    "https://news.example/globex?utm_source=x",
    "https://docs.example/d/1",
  ],
  texts: ["Book a time at cal.example/us", "Booking.com B.V."],
});

describe("the links of a text", () => {
  it.each([
    ["See https://a.example/x?y=1.", "https://a.example/x?y=1", false],
    ["(www.a.example)", "www.a.example", true],
    ["a.example/x, or", "a.example/x", false],
    ["Write to m.x@a.example!", "m.x@a.example", false],
    ["javascript:alert(1)", "javascript:alert(1", false],
    ["mailto:a@b.example", "mailto:a@b.example", false],
    ["a.example:8080 is", "a.example:8080", false],
    ["HTTPS://A.example", "HTTPS://A.example", false],
    ["At Booking.com they", "Booking.com", true],
    ["The site evil.example.Then it", "evil.example", true],
    ["Call +1 (555) 010-2233 now", "+1 (555) 010-2233", false],
    ["Ring 1-800-555-0100.", "1-800-555-0100", false],
    ["[news](https://a.example)", "https://a.example", false],
    ["<img src='//a.example/p.png'>", "a.example/p.png'", false],
    ["data:text/html,hi", "data:text/html,hi", false],
    ["http://[::1]/x", "http://[::1]/x", false],
  ])("are in %j the link %s", (text, address, isBare) => {
    const links = findLinks(text);
    expect(links).toMatchObject([{ isBare }]);
    expect(unpunctuated(links[0]?.text)).toBe(unpunctuated(address));
  });

  it.each([
    ["https://globex.com@evil.example/x", "evil.example"],
    ["https://globex.com.evil.example", "globex.com.evil.example"],
    ["http://3232235777/", "192.168.1.1"],
    ["http://0x7f000001", "127.0.0.1"],
    ["http://0300.0250.0.1/x", "192.168.0.1"],
    ["пример.укр", "xn--e1afmkfd.xn--j1amh"],
    ["glоbex.com", "xn--glbex-kye.com"],
    ["mallory (at) evil [dot] example", "evil.example"],
    ["http://10.1.2.3", "10.1.2.3"],
    ["10.1.2.3/login", "10.1.2.3"],
    ["10.1.2.3:8080", "10.1.2.3"],
    ["root@10.1.2.3", "10.1.2.3"],
    ["10[.]1[.]2[.]3", "10.1.2.3"],
    ["vb.net/login", "vb.net"],
  ])("lead, of %s, to the host %s", (text, host) => {
    expect(findLinks(text)).toMatchObject([{ host }]);
  });

  it.each([
    "The U.S. and Acme Inc. grew 3.5 percent.",
    "It ends. Then it goes on, e.g. so.",
    "A ratio of 3:1 and 12/2026, at 10:30:45.",
    "Node.js, Vue.js and ASP.NET Core, in report.pdf of v2.0.1.",
    "Inc.Nvidia, the U.S.A., a Ph.D., an S.p.A. and Acme Co.Ltd",
    "Yahoo! Inc. said $1,234,567.89 of 20,000,000 on 2026-11-30.",
    "AT&T has 100% of it; R&D fell 50%. P.S. Item 5.02(b), No.5, 24/7",
    "Sections 1999-2000, 555-1234 and 10-K/A",
    "Umsatz auf 1.200.000.000 Euro, 1.100.200.100/1.000.000.000 €",
    "Globex gewinnt +12.500.000 Euro",
    "Le résultat progresse de +12 500 000 euros et +1 200 000 000 euros",
    "Version 10.2.1.4, Section 1.2.3.4, Struts 2.5.30.1, Update 2.0.1.3:",
    "The unit 401-2026-1234 was recalled.",
    "Müller GmbH & Co.KG, a B.Sc. or M.Sc. in VB.NET and ADO.NET",
    "The call begins at 8:30 a.m.ET on Tuesday.",
    "Strong growth.In March it rose; um zwölf Prozent.Im März",
    "Shares of ENB.TO and CBS.MW, in Wheeling, W.VA and 0700.HK",
    "The .com boom; C# and .NET, growth. In/out",
  ])("are none in %j", (text) => {
    expect(findLinks(text)).toEqual([]);
  });
});

describe("links in disguise", () => {
  const marked = (mark: string) =>
    Array.from("evil.com", (one) => one + mark).join("");

  it.each([
    marked("\u0332"),
    marked("\u0336"),
    marked("\u0305"),
    marked("\u0323"),
    "evil\u0338.com",
    "evil.c\u0332om",
    "evil.соm",
    "evil.cοm",
    "evil.оrg",
    "evil.nеt",
    "evil.dе",
    "evil.čom",
    "evil .com",
    "evil\n.com",
    "evil .com/login",
    "evil. io/login",
    "evil. co.uk/login",
    "evil . com/login",
    "e  v  i  l  .  c  o  m",
    "e\u2003\u2003v\u2003\u2003i\u2003\u2003l\u2003\u2003.\u2003\u2003c\u2003\u2003o",
    ..."・⸱⸳●∘˙۔⦁⚫᛫ꞏ".split("").map((dot) => `evil${dot}com`),
    "evil (Punkt) de",
    "evil [punkt] de",
    "evil (точка) com",
    "evil (крапка) com",
    "https ://evil/login",
    "https :// evil/login",
    "https∶//evil/x",
    "https꞉//evil/x",
    "https։//evil/x",
    "sip:100@evil",
    "xmpp:a@b",
    "ms-msdt:/id",
    "market:evil",
    "\\\\evil\\share",
    "\\\\10.1.2.3\\share",
    "mailto:a@globex.com?cc=b@evil.com",
    "mailto:a@globex.com,b@evil",
    "mailto:a@globex.com%2Cb@evil.com",
    "mailto:a@globex.com?body=see%20evil.com",
  ])("are found: %j", (text) => {
    expect(findUnknownLinks(`It moved to ${text} in May.`, known)).not.toEqual(
      [],
    );
  });

  it.each([
    "The café in Zürich, the cafe\u0301 in Zu\u0308rich",
    "● Growth ● AI ● IT",
    "ジョン・スミス and a ratio of 3∶1",
    "ринку.На Заході; C:\\Users\\Pat and the stock market: up",
    "1 2 3 4 5 6 7",
  ])("are none in %j", (text) => {
    expect(findLinks(text)).toEqual([]);
  });

  it("are none where all recipients are known", () => {
    const text = "mailto:a@globex.com?cc=b@globex.com";
    expect(findUnknownLinks(text, known)).toEqual([]);
  });
});

/** How a host has been hidden from programs, or from people. */
const disguises: Readonly<Record<string, (host: string) => string>> = {
  none: (host) => host,
  upperCase: (host) => host.toUpperCase(),
  fullWidthDot: (host) => host.replaceAll(".", "．"),
  ideographicDot: (host) => host.replaceAll(".", "。"),
  halfWidthDot: (host) => host.replaceAll(".", "｡"),
  oneDotLeader: (host) => host.replaceAll(".", "․"),
  fullWidth: (host) =>
    host.replace(/[!-~]/gu, (c) =>
      String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0),
    ),
  boldLetters: (host) =>
    host.replace(/[a-z]/gu, (c) =>
      String.fromCodePoint((c.codePointAt(0) ?? 0) - 97 + 0x1d41a),
    ),
  zeroWidth: (host) => host.split("").join("\u200b"),
  softHyphen: (host) => host.split("").join("\u00ad"),
  wordJoiner: (host) => host.replaceAll(".", "\u2060.\u2060"),
  bidi: (host) => host.replaceAll(".", "\u202d.\u202c"),
  variationSelector: (host) => host.replaceAll(".", "\ufe0f.\ufe0f"),
  tagCharacters: (host) => host.replaceAll(".", "\u{e0041}."),
  brackets: (host) => host.replaceAll(".", "[.]"),
  parentheses: (host) => host.replaceAll(".", "(.)"),
  dotInBrackets: (host) => host.replaceAll(".", "[dot]"),
  dotInParentheses: (host) => host.replaceAll(".", " (DOT) "),
  dotInWords: (host) => host.replaceAll(".", " dot "),
  spacesAroundDots: (host) => host.replaceAll(".", " . "),
  spacedOut: (host) => host.split("").join(" "),
  percent: (host) => host.replaceAll(".", "%2E"),
  percentTwice: (host) => host.replaceAll(".", "%252e"),
  entity: (host) => host.replaceAll(".", "&#46;"),
  entityInHex: (host) => host.replaceAll(".", "&#x2e;"),
  entityByName: (host) => host.replaceAll(".", "&period;"),
  entityTwice: (host) => host.replaceAll(".", "&amp;#46;"),
  unicodeEscape: (host) => host.replaceAll(".", "\\u002e"),
  hxxp: (host) => `hxxps://${host}`,
  hxxpInBrackets: (host) => `hxxps[://]${host.replaceAll(".", "[.]")}`,
  noScheme: (host) => `//${host}/x`,
  backslashes: (host) => `https:\\\\${host}\\x`,
  oneSlash: (host) => `https:/${host}`,
  userinfo: (host) => `https://globex.com@${host}/globex.com`,
  userinfoEscaped: (host) => `https://globex.com%40${host}/x`,
  port: (host) => `${host}:8443/x`,
  mail: (host) => `pat@${host}`,
  mailto: (host) => `mailto:pat@${host}`,
  markdown: (host) => `[globex.com](https://${host}/x)`,
  html: (host) => `<a href="https://${host}">globex.com</a>`,
  redirect: (host) => `https://globex.com/r?u=https%3A%2F%2F${host}`,
};

describe("links that are not known", () => {
  const hosts = fc.constantFrom(
    "evil.com",
    "evil-globex.co.uk",
    "login.evil.xyz",
    "evil.ru",
    "globex.com.evil.io",
  );
  const around = fc
    .array(
      fc.constantFrom(
        ..."the board said on Monday that it will see you at 5 percent , ( “ й 成 é".split(
          " ",
        ),
      ),
      { maxLength: 12 },
    )
    .map((words) => words.join(" "));

  it.each(Object.entries(disguises))(
    "are found whatever stands around them: %s",
    (_, disguise) => {
      fc.assert(
        fc.property(hosts, around, around, (host, before, after) => {
          const text = `${before} ${disguise(host)} ${after}`;
          const found = findUnknownLinks(text, known);
          expect(found.length).toBeGreaterThan(0);
          const left = removeUnknownLinks(text, known);
          expect(findUnknownLinks(left, known)).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("stand where they say", () => {
    const text = "At ev\u200bil．com, and “evil.example/x”.";
    expect(
      findLinks(text).map(({ start, end }) => text.slice(start, end)),
    ).toEqual(["ev\u200bil．com", "evil.example/x"]);
  });

  it.each([
    "globex.com",
    "https://ir.globex.com/results",
    "ＧＬＯＢＥＸ.com",
    "ceo@globex.com",
    "www.acme.example/x",
    "https://news.example/globex",
    "https://news.example/globex/",
    "https://docs.example/d/1",
    "cal.example/us",
    "Booking.com",
  ])("are not %s", (text) => {
    expect(findUnknownLinks(`See ${text}, please`, known)).toEqual([]);
  });

  it.each([
    "https://globex.com.evil.example",
    "notglobex.com",
    "glоbex.com",
    "https://globex.com:8443/",
    "ftp://globex.com/x",
    "javascript://globex.com/%0aalert(1)",
    "https://news.example/other",
    "news.example",
    "https://docs.example/d/2",
    "cal.example",
    "https://globex.com/out?to=evil.example",
  ])("are %s", (text) => {
    expect(findUnknownLinks(`See ${text}, please`, known)).not.toEqual([]);
  });

  it.each([
    "Siemens steigert Umsatz auf 1.200.000.000 Euro",
    "Globex gewinnt +12.500.000 Euro",
  ])("leave figures as they are: %s", (title) => {
    expect(removeUnknownLinks(title, known)).toBe(title);
  });

  it.each(["1.", "a.co ", "x@", "+1 ", "e v . c ", "e\u0332"])(
    "are taken out of much of %j without delay",
    (piece) => {
      const text = piece.repeat(100_000 / piece.length);
      const before = performance.now();
      removeUnknownLinks(text, known);
      expect(performance.now() - before).toBeLessThan(4000);
    },
  );

  it("are taken out of a title, of which a name stays", () => {
    const title =
      "Globex buys Slack.com, see https://evil.example/pay or [more](evil.example/x) at globex.com";
    expect(removeUnknownLinks(title, known)).toBe(
      "Globex buys Slack, see or more at globex.com",
    );
  });
});

const recordings = process.env["RECORDINGS_DIR"] ?? "../shared/data";
const articles = join(recordings, "articles/ground-truth.json");
if (!existsSync(articles))
  console.log(`${articles} is not there: no link is looked for in articles.`);

describe("real articles", () => {
  it.skipIf(!existsSync(articles))(
    "have no more than one in a thousand sentences with a link that is none",
    () => {
      const Articles = z.record(
        z.string(),
        z.object({ articleBody: z.string() }),
      );
      const texts = Object.values(
        Articles.parse(JSON.parse(readFileSync(articles, "utf8"))),
      ).flatMap(({ articleBody }) =>
        splitSentences(articleBody).map(({ text }) => text),
      );
      // What a plain expression takes for one: a scheme, a www, an @, or a word, a dot and letters in lower case.
      const plainly = /:\/\/|www\.|\w@\w|\w\.(?:com|org|net|info|ru|co|js)\b/u;
      const wrong = texts.filter(
        (text) => findLinks(text).length > 0 && !plainly.test(text),
      );
      expect(wrong.length * 1000).toBeLessThanOrEqual(texts.length);
    },
  );
});

function unpunctuated(text: string | undefined): string | undefined {
  return text?.replace(/['"]+$/u, "");
}
