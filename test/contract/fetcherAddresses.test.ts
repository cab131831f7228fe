import { createServer } from "node:tls";
import { describe, expect, test } from "vitest";
import { fetcher } from "../../functions/src/adapters/web/fetcher.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { publicWeb } from "../support/publicWeb.ts";
import { errorOf, never, serving } from "../support/sources.ts";

const signal = never;

/** Spellings of addresses that are nobody's public site, by what they are. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  loopback: [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.0.0.1./",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0X7F.0.0.0x1/",
    "http://0177.0.0.1/",
    "http://0177.0.0.01/",
    "http://017700000001/",
    "http://127.255.255.254/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127%2E0%2E0%2E1/",
    "http://%31%32%37.0.0.1/",
    "http:///127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    " hTTp://127.0.0.1/\t",
    "https://127.0.0.1/",
    "http://127.0.0.1:8080/",
    "http://127.0.0.1#@public.example/",
    "http://127.0.0.1?@public.example/",
    "http://127.0.0.1\\@public.example/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000::0001]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::FFFF:7F00:0001]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:7f00:0001:0000:0000:0000:0000:0001]/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://127.0.0.1.names.example/",
    "http://six.names.example/",
  ],
  unspecified: [
    "http://0/",
    "http://0.0.0.0/",
    "http://0x0/",
    "http://0.1.2.3/",
    "http://[::]/",
    "http://[::ffff:0.0.0.0]/",
  ],
  private: [
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://167772161/",
    "http://012.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://0xc0a80001/",
    "http://100.64.0.1/",
    "http://[fc00::1]/",
    "http://[fdff:ffff::1]/",
    "http://[fec0::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[2002:c0a8:101::1]/",
    "http://intranet/",
  ],
  linkLocal: [
    "http://169.254.0.1/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://zoned.names.example/",
  ],
  metadata: [
    "http://169.254.169.254/computeMetadata/v1/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://0251.0376.0251.0376/",
    "http://169.254.43518/",
    "http://169.16689662/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://169.254.170.2/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://168.63.129.16/",
    "http://[fd00:ec2::254]/",
    "http://[fd20:ce::254]/",
    "http://metadata.google.internal/",
    "http://metadata.google.internal./",
    "http://METADATA/",
  ],
  special: [
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[ff02::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[4000::1]/",
  ],
};

/** What the resolver says of the names among them. */
const names = {
  localhost: [["127.0.0.1", "::1"]],
  "localhost.": [["127.0.0.1"]],
  "127.0.0.1.names.example": [["127.0.0.1"]],
  "six.names.example": [["::ffff:127.0.0.1"]],
  "zoned.names.example": [["fe80::1%eth0"]],
  intranet: [["10.1.2.3"]],
  "metadata.google.internal": [["169.254.169.254"]],
  "metadata.google.internal.": [["169.254.169.254"]],
  metadata: [["169.254.169.254"]],
};

const everySpelling = Object.entries(spellings).flatMap(([kind, urls]) =>
  urls.map((url) => [kind, url] as const),
);

const isRefusal = (error: unknown) =>
  error instanceof PermanentError &&
  (error.code === "refused-address" ||
    // A zone is no part of a URL's host (WHATWG URL Standard), so these are no URLs at all.
    (error.code === "bad-answer" && error.message.includes("%")));

describe("an address that is not public", () => {
  test.each(everySpelling)(
    "(%s) %s is not connected to, however one comes to it",
    async (_kind, url) => {
      const location = Buffer.from(url).toString("latin1");
      const web = await publicWeb(
        {
          "public.example": (request, response) => {
            const isFar = request.url === "/far";
            response
              .writeHead(302, { location: isFar ? "/near" : location })
              .end("nothing");
          },
          "robots.example": (_request, response) =>
            response.writeHead(301, { location }).end(),
        },
        names,
      );
      const errors = [
        await errorOf(web.fetch(url, { signal })),
        await errorOf(web.fetch(url, { signal, robots: true })),
        await errorOf(web.fetch(url, { signal, json: { a: 1 } })),
        await errorOf(web.fetch("http://public.example/near", { signal })),
        await errorOf(web.fetch("http://public.example/far", { signal })),
      ];
      expect(errors.filter((error) => !isRefusal(error))).toEqual([]);
      // A robots.txt that leads to no URL at all is none, and the page may be asked; it leads there as well.
      await errorOf(
        web.fetch("http://robots.example/", { signal, robots: true }),
      );
      expect(web.strays()).toEqual([]);
      expect(new Set(web.asked())).toEqual(
        new Set([
          "GET public.example/near",
          "GET public.example/far",
          "GET robots.example/robots.txt",
          ...(url.includes("%25eth0") || url.includes("%eth0")
            ? ["GET robots.example/"]
            : []),
        ]),
      );
    },
  );

  test.each(["http:127.0.0.1/", "http:/127.0.0.1/"])(
    "%s is one too where nothing stands before it",
    async (url) => {
      const web = await publicWeb({});
      expect(await errorOf(web.fetch(url, { signal }))).toMatchObject({
        code: "refused-address",
      });
      expect(web.strays()).toEqual([]);
    },
  );

  test("is refused even beside public ones", async () => {
    const web = await publicWeb(
      {},
      {
        "both.example": [["93.184.216.34", "127.0.0.1"]],
        "six.example": [["93.184.216.34", "fd00::1"]],
      },
    );
    for (const host of ["both.example", "six.example"]) {
      expect(
        await errorOf(web.fetch(`http://${host}/`, { signal })),
      ).toMatchObject({ code: "refused-address" });
    }
    expect(web.strays()).toEqual([]);
  });

  test("is named in the error, which is not to be retried, and the query is not", async () => {
    const web = await publicWeb({}, names);
    const error = await errorOf(
      web.fetch("http://intranet/a?key=s3cret#s3cret", { signal }),
    );
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({
      code: "refused-address",
      message:
        "http://intranet/a leads to an address that is not public (10.1.2.3)",
    });
  });
});

describe("a name that leads elsewhere at the second poll", () => {
  test("is looked up once a request, and connected to where it was checked", async () => {
    const rebinding = {
      "rebinding.example": [["93.184.216.1"], ["127.0.0.1"]],
    };
    const web = await publicWeb(
      { "public.example": (_request, response) => response.end() },
      rebinding,
    );
    const url = "http://rebinding.example/";
    // The address is public.example's, whose server does not know this name.
    expect(await web.fetch(url, { signal })).toMatchObject({ status: 421 });
    expect(web.lookups()).toEqual(["rebinding.example"]);
    expect(await errorOf(web.fetch(url, { signal }))).toMatchObject({
      code: "refused-address",
    });
    expect(web.strays()).toEqual([]);
  });

  test("is checked anew at a redirect to itself", async () => {
    const web = await publicWeb(
      {
        "public.example": (_request, response) =>
          response
            .writeHead(302, { location: "http://rebinding.example/2" })
            .end(),
      },
      { "rebinding.example": [["127.0.0.1"]] },
    );
    expect(
      await errorOf(web.fetch("http://public.example/1", { signal })),
    ).toMatchObject({ code: "refused-address" });
    expect(web.strays()).toEqual([]);
  });

  test("is not asked for by the connection itself", async () => {
    const url = new URL(
      await serving((request, response) => response.end(request.headers.host)),
    );
    // No resolver but this one knows the name, and it knows it once.
    const origin = `http://known-once.invalid:${url.port}`;
    const answers = [[{ address: "127.0.0.1", family: 4 }]];
    const fetch = fetcher({
      allowed: [origin],
      resolve: async () => answers.shift() ?? [],
    });
    const got = await fetch(`${origin}/`, { signal });
    expect(new TextDecoder().decode(got.body)).toBe(new URL(origin).host);
    expect(await errorOf(fetch(`${origin}/`, { signal }))).toMatchObject({
      code: "vendor-down",
    });
  });
});

describe("a public site", () => {
  test.each([
    "http://public.example/a?b=c",
    "http://PUBLIC.example:80/a?b=c",
    "http://public.example:8080/a?b=c",
    "http://public.example:8443/a?b=c",
    "http://public.example:443/a?b=c",
    "http://93.184.216.34/a?b=c",
    "http://0x5db8d822/a?b=c",
    "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a?b=c",
    "http://[::ffff:93.184.216.34]/a?b=c",
    "http://[64:ff9b::93.184.216.34]/a?b=c",
    "http://six.example/a?b=c",
  ])("is reached at %s", async (url) => {
    const web = await publicWeb(
      { "public.example": (_request, response) => response.end("welcome") },
      { "six.example": [["2606:4700::1111", "104.16.0.1"]] },
    );
    await web.fetch(url, { signal });
    expect(web.asked()).toEqual([`GET ${new URL(url).host}/a?b=c`]);
  });

  test("is asked at the web's ports and no others", async () => {
    const web = await publicWeb({
      "public.example": (_request, response) => response.end(),
    });
    for (const port of [21, 22, 25, 3306, 5432, 6379, 8081, 9200, 65_535]) {
      expect(
        await errorOf(web.fetch(`http://public.example:${port}/`, { signal })),
      ).toMatchObject({ code: "refused-address" });
    }
    expect(web.asked()).toEqual([]);
  });

  test("is not asked with a name and a password, nor do they show", async () => {
    const web = await publicWeb({
      "public.example": (_request, response) =>
        response
          .writeHead(302, { location: "http://user:s3cret@public.example/" })
          .end(),
    });
    for (const url of [
      "http://user:s3cret@public.example/?key=s3cret",
      "http://s3cret@public.example/",
      "http://public.example/",
    ]) {
      const error = await errorOf(web.fetch(url, { signal }));
      expect(error).toMatchObject({ code: "refused-address" });
      expect(String(error)).not.toContain("s3cret");
    }
    expect(web.asked()).toEqual(["GET public.example/"]);
  });

  test("is told over TLS by which name it is asked, at the address that was checked", async () => {
    const asked: string[] = [];
    const server = createServer({
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const connected: string[] = [];
    const fetch = fetcher({
      allowed: [],
      resolve: async () => [{ address: "93.184.216.34", family: 4 }],
      route: ({ addresses }) => {
        connected.push(...addresses.map((to) => to.address));
        return { host: "127.0.0.1", port };
      },
    });
    // It has no certificate to show.
    expect(
      await errorOf(fetch("https://public.example/", { signal })),
    ).toMatchObject({ code: "vendor-down" });
    server.close();
    expect(asked).toEqual(["public.example"]);
    expect(connected).toEqual(["93.184.216.34"]);
  });
});

describe("an origin on this machine that may be asked", () => {
  test("is asked at its very port, and its neighbours are not", async () => {
    const [replay, neighbour] = [await local(), await local()];
    const fetch = fetcher({ allowed: [replay.url] });
    expect(await fetch(`${replay.url}/a`, { signal })).toMatchObject({
      status: 200,
    });
    const { port } = new URL(replay.url);
    for (const url of [
      neighbour.url,
      `https://127.0.0.1:${port}`,
      `http://localhost:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
    ]) {
      expect(await errorOf(fetch(`${url}/a`, { signal }))).toMatchObject({
        code: "refused-address",
      });
    }
    expect([replay.asked(), neighbour.asked()]).toEqual([["/a"], []]);
  });

  test("may lead to itself and out to the public, and not to its neighbours", async () => {
    const neighbour = await local();
    const replay = await local({
      "/itself": "/a",
      "/public": "http://public.example/there",
      "/neighbour": neighbour.url,
    });
    const web = await publicWeb(
      { "public.example": (_request, response) => response.end() },
      {},
      { allowed: [replay.url] },
    );
    for (const path of ["/itself", "/public"]) {
      expect(await web.fetch(`${replay.url}${path}`, { signal })).toMatchObject(
        { status: 200 },
      );
    }
    expect(replay.asked()).toEqual(["/itself", "/a", "/public"]);
    expect(web.asked()).toEqual(["GET public.example/there"]);
    expect(
      await errorOf(web.fetch(`${replay.url}/neighbour`, { signal })),
    ).toMatchObject({ code: "refused-address" });
    expect(web.strays()).toEqual([]);
  });

  test("is not led to by a public site, its robots.txt or a page that it sent one to", async () => {
    const replay = await local({ "/out": "http://public.example/" });
    const there = { location: `${replay.url}/secret` };
    const web = await publicWeb(
      {
        "public.example": (_request, response) =>
          response.writeHead(302, there).end(),
        "robots.example": (_request, response) =>
          response.writeHead(302, there).end(),
      },
      {},
      { allowed: [replay.url] },
    );
    for (const robots of [false, true]) {
      expect(
        await errorOf(web.fetch("http://robots.example/", { signal, robots })),
      ).toMatchObject({ code: "refused-address" });
      expect(
        await errorOf(web.fetch("http://public.example/", { signal, robots })),
      ).toMatchObject({ code: "refused-address" });
    }
    expect(replay.asked()).toEqual([]);
    expect(
      await errorOf(web.fetch(`${replay.url}/out`, { signal })),
    ).toMatchObject({ code: "refused-address" });
    expect(replay.asked()).toEqual(["/out"]);
    expect(web.strays()).toEqual([]);
  });
});

/** A server that answers, or sends on from one path to another place. */
async function local(onwards: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const url = await serving((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const location = onwards[path];
    if (location === undefined) response.end("here");
    else response.writeHead(302, { location }).end();
  });
  return { url, asked: () => asked };
}
