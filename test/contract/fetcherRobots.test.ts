import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import type { FetcherSettings } from "../../functions/src/adapters/web/fetcher.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import { publicWeb } from "../support/publicWeb.ts";
import { errorOf, never } from "../support/sources.ts";

const signal = never;
const asRobot = { signal, robots: true };

/** A site with this robots.txt, or this answer where one is asked for it. */
function siteWith(robots: string | RequestListener): RequestListener {
  return (request, response) => {
    if (request.url !== "/robots.txt") response.end("a page");
    else if (typeof robots === "string") response.end(robots);
    else robots(request, response);
  };
}

async function site(
  robots: string | RequestListener,
  settings: Partial<FetcherSettings> = {},
) {
  return publicWeb({ "a.example": siteWith(robots) }, {}, settings);
}

describe("a page that robots are kept from", () => {
  test("is 403 and empty, and is not asked for", async () => {
    const web = await site("User-agent: *\nDisallow: /private\n");
    const url = "http://a.example/private/page?a=b";
    const got = await web.fetch(url, asRobot);
    expect(got).toMatchObject({ status: 403, body: new Uint8Array(), url });
    expect(web.asked()).toEqual(["GET a.example/robots.txt"]);
    expect(await web.fetch("http://a.example/", asRobot)).toMatchObject({
      status: 200,
    });
  });

  test("is asked for where nobody wants to know", async () => {
    const web = await site("User-agent: *\nDisallow: /\n");
    expect(await web.fetch("http://a.example/", { signal })).toMatchObject({
      status: 200,
    });
    expect(web.asked()).toEqual(["GET a.example/"]);
  });

  test.each([
    ["User-agent: *\nDisallow: /\n\nUser-agent: ClientPulse\nAllow: /", 200],
    ["User-agent: *\nAllow: /\n\nUser-agent: clientpulse\nDisallow: /", 403],
    ["User-agent: ClientPulse/2.0\nDisallow: /", 403],
    ["User-agent: ClientPulse # ours\nDisallow: /", 403],
    ["User-agent: other\nUser-agent: ClientPulse\nDisallow: /", 403],
    ["User-agent: other\n\nUser-agent: another\nDisallow: /", 200],
    ["User-agent: ClientPulseBot\nDisallow: /", 200],
    ["User-agent: *\r\nDisallow: /\r\nAllow: /a", 200],
    ["User-agent: *\rDisallow: /**/*.html$", 403],
    ["\uFEFFUser-agent: *\nDisallow: /", 403],
    ["User-agent: *\nDisallow:", 200],
    ["Disallow: /", 200],
    ["<!doctype html><title>Not found</title>", 200],
    ["", 200],
  ])("is told by %j (%i)", async (robots, status) => {
    const web = await site(robots);
    expect(await web.fetch("http://a.example/a/b.html", asRobot)).toMatchObject(
      { status },
    );
  });

  test("is told by what is read of a very long file: its beginning", async () => {
    const filler = "# nothing\n".repeat(60_000);
    const web = await site(
      `User-agent: *\nDisallow: /a\n${filler}Disallow: /b\n`,
    );
    expect(await web.fetch("http://a.example/a", asRobot)).toMatchObject({
      status: 403,
    });
    expect(await web.fetch("http://a.example/b", asRobot)).toMatchObject({
      status: 200,
    });
  });

  test("is not asked for on another site either, where a redirect leads there", async () => {
    const web = await publicWeb({
      "a.example": (request, response) =>
        request.url === "/robots.txt"
          ? response.writeHead(404).end()
          : response.writeHead(302, { location: "http://b.example/p" }).end(),
      "b.example": siteWith("User-agent: *\nDisallow: /p"),
    });
    expect(await web.fetch("http://a.example/", asRobot)).toMatchObject({
      status: 403,
      url: "http://b.example/p",
    });
    expect(web.asked()).not.toContain("GET b.example/p");
  });
});

describe("a robots.txt", () => {
  test.each([400, 401, 403, 404, 410])(
    "that is answered %i lets everything in",
    async (status) => {
      const web = await site((_request, response) =>
        response.writeHead(status).end("User-agent: *\nDisallow: /"),
      );
      expect(await web.fetch("http://a.example/", asRobot)).toMatchObject({
        status: 200,
      });
    },
  );

  test.each([429, 500, 503])(
    "that is answered %i lets nothing in until it can be had",
    async (status) => {
      let isDown = true;
      const web = await site((_request, response) =>
        response.writeHead(isDown ? status : 404).end(),
      );
      const error = await errorOf(web.fetch("http://a.example/", asRobot));
      expect(error).toMatchObject({
        name: "RetryableError",
        code: "vendor-down",
      });
      expect(web.asked()).toEqual(["GET a.example/robots.txt"]);
      isDown = false;
      expect(await web.fetch("http://a.example/", asRobot)).toMatchObject({
        status: 200,
      });
    },
  );

  test("that goes in circles lets everything in", async () => {
    const web = await site((_request, response) =>
      response.writeHead(302, { location: "/robots.txt" }).end(),
    );
    expect(await web.fetch("http://a.example/", asRobot)).toMatchObject({
      status: 200,
    });
  });

  test("that leads to an address that is not public is refused, and its page with it", async () => {
    const web = await site((_request, response) =>
      response.writeHead(302, { location: "http://10.0.0.1/" }).end(),
    );
    expect(
      await errorOf(web.fetch("http://a.example/", asRobot)),
    ).toMatchObject({ code: "refused-address" });
    expect(web.asked()).toEqual(["GET a.example/robots.txt"]);
    expect(web.strays()).toEqual([]);
  });

  test("may be somewhere else", async () => {
    const web = await publicWeb({
      "a.example": siteWith((_request, response) =>
        response.writeHead(301, { location: "http://b.example/r" }).end(),
      ),
      "b.example": (_request, response) =>
        response.end("User-agent: *\nDisallow: /"),
    });
    expect(await web.fetch("http://a.example/", asRobot)).toMatchObject({
      status: 403,
    });
  });

  test("is asked for once an hour, however many ask at once", async () => {
    let now = new Date("2026-08-01T00:00:00Z");
    const web = await site("", { now: () => now });
    const asks = () =>
      web.asked().filter((path) => path.endsWith("/robots.txt")).length;
    const pages = ["a", "b", "c"].map((page) =>
      web.fetch(`http://a.example/${page}`, asRobot),
    );
    await Promise.all(pages);
    expect(asks()).toBe(1);
    now = addMs(now, hourMs - 1);
    await web.fetch("http://a.example/d", asRobot);
    expect(asks()).toBe(1);
    now = addMs(now, 1);
    await web.fetch("http://a.example/e", asRobot);
    expect(asks()).toBe(2);
    await web.fetch("http://a.example:8080/f", asRobot);
    expect(asks()).toBe(3);
  });

  test("that names thousands of robots and rules is read like any other", async () => {
    const robots =
      Array.from({ length: 15_000 }, (_, at) =>
        at % 3 === 0 ? "User-agent: *" : `User-agent: robot-${at}`,
      ).join("\n") +
      "\n" +
      Array.from({ length: 15_000 }, (_, at) => `Disallow: /${at}`).join("\n");
    const web = await site(robots);
    expect(await web.fetch("http://a.example/1", asRobot)).toMatchObject({
      status: 403,
    });
    expect(await web.fetch("http://a.example/a", asRobot)).toMatchObject({
      status: 200,
    });
  });

  test.each([
    ["in a row", `Disallow: ${"*".repeat(499_000)}z`],
    ["and letters", `Disallow: ${"*a".repeat(500)}z\n`.repeat(490)],
  ])(
    "of nothing but wildcards %s is held against a long address within a second",
    async (_, rules) => {
      const web = await site(`User-agent: *\n${rules}`);
      const url = `http://a.example/${"a".repeat(8_000)}`;
      // Of computing, so that a busy machine changes nothing.
      const worked = process.cpuUsage();
      expect(await web.fetch(url, asRobot)).toMatchObject({ status: 200 });
      const { user, system } = process.cpuUsage(worked);
      expect((user + system) / 1000).toBeLessThan(1000);
    },
  );
});

describe("a Crawl-delay", () => {
  test("is kept between two pages of a site, and not between two sites", async () => {
    const at: number[] = [];
    const slow: RequestListener = (request, response) => {
      if (request.url === "/robots.txt")
        return response.end("User-agent: *\nCrawl-delay: 0.2");
      at.push(performance.now());
      response.end();
    };
    const web = await publicWeb({
      "a.example": slow,
      "b.example": siteWith(""),
    });
    const pages = ["a", "b", "c"].map((page) =>
      web.fetch(`http://a.example/${page}`, asRobot),
    );
    await web.fetch("http://b.example/", asRobot);
    expect(at.length).toBeLessThan(3);
    await Promise.all(pages);
    const gaps = at.slice(1).map((moment, index) => moment - (at[index] ?? 0));
    // A timer of the system may be a little early, and a request on its way a little late.
    expect(gaps.filter((gap) => gap < 150)).toEqual([]);
    expect(gaps).toHaveLength(2);
  });

  test("of more than ten seconds counts as ten, and whoever would wait over thirty comes again", async () => {
    const now = new Date("2026-08-01T00:00:00Z");
    const web = await site("User-agent: *\nCrawl-delay: 3600", {
      now: () => now,
    });
    const ended = new AbortController();
    const page = () =>
      errorOf(
        web.fetch("http://a.example/", { signal: ended.signal, robots: true }),
      );
    expect(await page()).toBe("no error");
    const waiting = [page(), page(), page()];
    expect(await page()).toMatchObject({
      name: "RetryableError",
      code: "vendor-busy",
      retryAfterMs: 40_000,
    });
    ended.abort();
    for (const error of await Promise.all(waiting)) {
      expect(error).toMatchObject({
        name: "RetryableError",
        code: "timed-out",
      });
    }
    expect(web.asked()).toHaveLength(2);
  });

  test.each(["-5", "soon", "", "NaN"])("of '%s' is none", async (delay) => {
    const now = new Date("2026-08-01T00:00:00Z");
    const web = await site(`User-agent: *\nCrawl-delay: ${delay}`, {
      now: () => now,
    });
    await web.fetch("http://a.example/", asRobot);
    await web.fetch("http://a.example/", asRobot);
    expect(web.asked()).toHaveLength(3);
  });
});
