import { createVerify } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import { ga4 } from "../../functions/src/adapters/connectors/metrics/ga4.ts";
import { tiktok } from "../../functions/src/adapters/connectors/metrics/tiktok.ts";
import { youtube } from "../../functions/src/adapters/connectors/metrics/youtube.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import { sourceFacts } from "../../functions/src/domain/sources/source.ts";
import { reachOf } from "../support/reach.ts";
import {
  always,
  answers,
  errorOf,
  never,
  serving,
} from "../support/sources.ts";
import { pair, tenantSystems } from "../support/tenantSystems.ts";

const { ga4: property, youtube: channel, tiktok: advertiser } = tenantSystems;

const token = JSON.stringify({ access_token: "t1", expires_in: 3599 });
const tokenPath = "/oauth2.googleapis.com/token";
const reportPath =
  "/analyticsdata.googleapis.com/v1beta/properties/412345678:runReport";
const tablePath = "/youtubeanalytics.googleapis.com/v2/reports";
const adsPath = "/business-api.tiktok.com/open_api/v1.3/report/integrated/get/";

/** A platform on the wire that tells what it was asked; each path gives its answers in their order, the last again and again. */
async function platformOn(
  byPath: Readonly<Record<string, readonly (readonly [number, string])[]>>,
) {
  const asked: {
    path: string;
    query: URLSearchParams;
    headers: IncomingMessage["headers"];
    body: string;
  }[] = [];
  const url = await serving((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(
        request.url ?? "/",
        "http://platform",
      );
      const before = asked.filter(({ path }) => path === pathname).length;
      const { headers } = request;
      asked.push({ path: pathname, query: searchParams, headers, body });
      const list = byPath[pathname] ?? [[404, ""]];
      const [status, answer] = list[before] ?? list.at(-1) ?? [404, ""];
      response.writeHead(status).end(answer);
    });
  });
  return { url, asked };
}

const report = JSON.stringify({ kind: "analyticsData#runReport" });

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe.each([
  {
    connector: ga4,
    source: property,
    titles: ["Sessions rose 47 % in the week to 26 July 2026"],
    itemId: "412345678/sessions/2026-W30",
    named: "Google Analytics",
  },
  {
    connector: youtube,
    source: channel,
    titles: ["YouTube minutes watched fell 50 % in the week to 26 July 2026"],
    itemId: "UCexample-channel-000001/estimatedMinutesWatched/2026-W30",
    named: "YouTube Analytics",
  },
  {
    connector: tiktok,
    source: advertiser,
    titles: ["TikTok ad spend rose 81 % in the week to 26 July 2026"],
    itemId: "7000000000000000001/spend/2026-W30",
    named: "TikTok Ads",
  },
])("the figures of $named", ({ connector, source, titles, itemId }) => {
  test("that moved are items, and the others are not", async () => {
    const { items, cursor } = await connector(reachOf(replay.url)).poll(
      source,
      null,
      never,
    );
    expect(items.map(({ title }) => title)).toEqual(titles);
    for (const item of items) expect(SourceItem.parse(item)).toEqual(item);
    expect(items[0]).toMatchObject({
      itemId,
      revision: "",
      publishedAt: new Date("2026-07-27T00:00:00Z"),
    });
    expect(cursor).toEqual({ week: "2026-W30" });
  });

  test("are told with both periods and how the change was computed, without another request", async () => {
    const { items } = await connector(reachOf(replay.url)).poll(
      source,
      null,
      never,
    );
    const [item] = items;
    if (item === undefined) throw new Error("nothing moved");
    const nowhere = reachOf("http://127.0.0.1:9", { findAccess: () => null });
    const fetched = await connector(nowhere).fetch(item, source, never);
    const told = new TextDecoder().decode(fetched?.body);
    expect(told).toContain(titles[0]);
    expect(told).toContain("From 20 July 2026 to 26 July 2026:");
    expect(told).toContain("from 22 June 2026 to 19 July 2026:");
    const change = /The change is ([\d,.]+) \/ ([\d,.]+) - 1\./.exec(told);
    const [now, before] = [change?.[1], change?.[2]].map((figure) =>
      Number(figure?.replaceAll(",", "")),
    );
    const percent = Number(/(\d+) %/.exec(titles[0] ?? "")?.[1]);
    expect(Math.abs((now ?? 0) / (before ?? 1) - 1)).toBeCloseTo(
      percent / 100,
      1,
    );
    expect(fetched).toMatchObject({
      contentType: "text/plain; charset=utf-8",
      url: item.url,
      licence: sourceFacts[source.kind].licence,
    });
  });

  test("are asked for once a week", async () => {
    const first = await connector(reachOf(replay.url)).poll(
      source,
      null,
      never,
    );
    const asked = replay.requests().length;
    const same = await connector(reachOf(replay.url)).poll(
      source,
      first.cursor,
      never,
    );
    expect(same).toEqual({ items: [], cursor: first.cursor });
    expect(replay.requests().length).toBe(asked);
    const now = () => new Date("2026-08-05T00:00:00Z");
    await connector(reachOf(replay.url, { now })).poll(
      source,
      first.cursor,
      never,
    );
    expect(replay.requests().length).toBeGreaterThan(asked);
  });

  test("of the last two days are left out", async () => {
    // On Tuesday the 28th, the 26th is not counted for good: the week is not over.
    const early = () => new Date("2026-07-28T23:59:59Z");
    const before = await connector(reachOf(replay.url, { now: early })).poll(
      source,
      null,
      never,
    );
    expect(before).toEqual({ items: [], cursor: { week: "2026-W29" } });
    const later = () => new Date("2026-07-29T00:00:00Z");
    const after = await connector(reachOf(replay.url, { now: later })).poll(
      source,
      before.cursor,
      never,
    );
    expect(after.items.map(({ title }) => title)).toEqual(titles);
  });

  test("are asked for at the platform's pace", async () => {
    const turns: (readonly [string, number])[] = [];
    const pacer = {
      turn: async (vendor: string, perSecond: number) => {
        turns.push([vendor, perSecond]);
      },
      spend: () => Promise.resolve(),
    };
    const asked = replay.requests().length;
    await connector(reachOf(replay.url, { pacer })).poll(source, null, never);
    expect(turns).toHaveLength(replay.requests().length - asked);
    expect(new Set(turns.map(([vendor]) => vendor))).toEqual(
      new Set([source.kind]),
    );
  });
});

describe("a service account", () => {
  test("signs what it asks a token with, by the clock that it is given", async () => {
    const { url, asked } = await platformOn({
      [tokenPath]: [[200, token]],
      [reportPath]: [[200, report]],
    });
    await ga4(reachOf(url)).poll(property, null, never);
    const [forToken, forReport] = asked;
    expect(forToken?.headers["content-type"]).toMatch(
      /^application\/x-www-form-urlencoded/,
    );
    const form = new URLSearchParams(forToken?.body);
    expect(form.get("grant_type")).toBe(
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
    );
    const [header = "", claims = "", signature = ""] = (
      form.get("assertion") ?? ""
    ).split(".");
    expect(
      createVerify("RSA-SHA256")
        .update(`${header}.${claims}`)
        .verify(pair.publicKey, signature, "base64url"),
    ).toBe(true);
    const now = Date.parse("2026-08-01T00:00:00Z") / 1000;
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toEqual({
      iss: "reader@clientpulse.example",
      scope: "https://www.googleapis.com/auth/analytics.readonly",
      aud: "https://oauth2.googleapis.com/token",
      iat: now,
      exp: now + 3600,
    });
    expect(forReport?.headers.authorization).toBe("Bearer t1");
    expect(JSON.parse(forReport?.body ?? "")).toMatchObject({
      dateRanges: [{ startDate: "2026-06-04", endDate: "2026-07-29" }],
      dimensions: [{ name: "date" }],
    });
  });

  test("keeps its token until it runs out", async () => {
    const { url, asked } = await platformOn({
      [tokenPath]: [[200, token]],
      [reportPath]: [[200, report]],
    });
    let now = new Date("2026-08-01T00:00:00Z");
    const connector = ga4(reachOf(url, { now: () => now }));
    const tokens = () => asked.filter(({ path }) => path === tokenPath).length;
    await connector.poll(property, null, never);
    await connector.poll(property, null, never);
    expect(tokens()).toBe(1);
    now = new Date("2026-08-01T00:58:59Z");
    await connector.poll(property, null, never);
    expect(tokens()).toBe(2);
  });

  test("asks for another token once where one is not taken any more", async () => {
    const renewed = JSON.stringify({ access_token: "t2", expires_in: 3599 });
    const taken = await platformOn({
      [tokenPath]: [
        [200, token],
        [200, renewed],
      ],
      [reportPath]: [
        [401, "{}"],
        [200, report],
      ],
    });
    await ga4(reachOf(taken.url)).poll(property, null, never);
    expect(taken.asked.at(-1)?.headers.authorization).toBe("Bearer t2");

    const refused = await platformOn({
      [tokenPath]: [[200, token]],
      [reportPath]: [[401, "{}"]],
    });
    const error = await errorOf(
      ga4(reachOf(refused.url)).poll(property, null, never),
    );
    expect(error).toMatchObject({ code: "vendor-auth" });
    expect(refused.asked).toHaveLength(4);
  });

  test.each([
    ["no-json-at-all", "must be a JSON object"],
    ['{"client_email":"x@y.example"}', '"private_key"'],
    [
      '{"client_email":"x@y.example","private_key":"-----BEGIN PRIVATE KEY-----\\nzzsecretzz\\n-----END PRIVATE KEY-----\\n"}',
      '"private_key"',
    ],
  ])("that is %j is named, never shown", async (key, why) => {
    const reach = reachOf(await answers({}), { findAccess: () => ({ key }) });
    const error = await errorOf(ga4(reach).poll(property, null, never));
    expect(error).toMatchObject({ code: "vendor-auth" });
    expect(String(error)).toContain('"ga4" of SOURCE_KEYS');
    expect(String(error)).toContain(why);
    expect(String(error)).not.toMatch(/zzsecretzz|no-json-at-all|x@y/);
  });

  test("that Google does not know is the operator's to mend", async () => {
    const refusal = JSON.stringify({
      error: "invalid_grant",
      error_description: "Invalid JWT Signature.",
    });
    const { url } = await platformOn({ [tokenPath]: [[400, refusal]] });
    const error = await errorOf(ga4(reachOf(url)).poll(property, null, never));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "vendor-auth" });
    expect(String(error)).toContain("invalid_grant");
  });
});

describe("Google Analytics", () => {
  test("may have counted nothing at all", async () => {
    const { url } = await platformOn({
      [tokenPath]: [[200, token]],
      [reportPath]: [[200, report]],
    });
    expect(await ga4(reachOf(url)).poll(property, null, never)).toEqual({
      items: [],
      cursor: { week: "" },
    });
  });
});

describe("YouTube", () => {
  test("is asked by the refresh token for the channel's days", async () => {
    const { url, asked } = await platformOn({
      [tokenPath]: [[200, token]],
      [tablePath]: [
        [200, '{"kind":"youtubeAnalytics#resultTable","columnHeaders":[]}'],
      ],
    });
    await youtube(reachOf(url)).poll(channel, null, never);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "a-client",
      client_secret: "a-secret-of-google",
      refresh_token: "a-refresh-token",
    });
    expect(Object.fromEntries(asked[1]?.query ?? [])).toMatchObject({
      ids: "channel==UCexample-channel-000001",
      dimensions: "day",
      startDate: "2026-06-04",
      endDate: "2026-07-29",
    });
  });

  test("that has not counted the week yet is asked again", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => [
      new Date(Date.UTC(2026, 5, 4 + i)).toISOString().slice(0, 10),
      100,
    ]);
    const table = (count: number) =>
      JSON.stringify({
        kind: "youtubeAnalytics#resultTable",
        columnHeaders: [{ name: "day" }, { name: "views" }],
        rows: rows.slice(0, count),
      });
    const { url } = await platformOn({
      [tokenPath]: [[200, token]],
      [tablePath]: [[200, table(50)]],
    });
    const { cursor } = await youtube(reachOf(url)).poll(channel, null, never);
    expect(cursor).toEqual({ week: "2026-W29" });
  });

  test.each([
    ["quotaExceeded", "RetryableError", "vendor-busy"],
    ["forbidden", "PermanentError", "vendor-auth"],
  ])("answers 403 for %s: %s", async (reason, name, code) => {
    const refusal = JSON.stringify({
      error: { code: 403, message: "no", errors: [{ reason, message: "no" }] },
    });
    const { url } = await platformOn({
      [tokenPath]: [[200, token]],
      [tablePath]: [[403, refusal]],
    });
    const error = await errorOf(
      youtube(reachOf(url)).poll(channel, null, never),
    );
    expect(error).toMatchObject({ name, code });
    expect(String(error)).toContain(reason);
  });
});

describe("TikTok", () => {
  test("is asked with the token in a header, for no more than thirty days at a time", async () => {
    const nothing = JSON.stringify({
      code: 0,
      message: "OK",
      data: { list: [] },
    });
    const { url, asked } = await platformOn({ [adsPath]: [[200, nothing]] });
    await tiktok(reachOf(url)).poll(advertiser, null, never);
    expect(
      asked.map(({ query }) => [
        query.get("start_date"),
        query.get("end_date"),
      ]),
    ).toEqual([
      ["2026-06-04", "2026-07-03"],
      ["2026-07-04", "2026-07-29"],
    ]);
    for (const { headers, query } of asked) {
      expect(headers["access-token"]).toBe("a-token-of-tiktok");
      expect(query.toString()).not.toContain("a-token-of-tiktok");
      expect(query.get("dimensions")).toBe('["stat_time_day"]');
    }
  });

  test.each([
    [40016, "RetryableError", "vendor-busy"],
    [40100, "RetryableError", "vendor-busy"],
    [40133, "RetryableError", "vendor-busy"],
    [50000, "RetryableError", "vendor-down"],
    [40105, "PermanentError", "vendor-auth"],
    [40001, "PermanentError", "vendor-auth"],
    [40002, "PermanentError", "refused-by-vendor"],
  ])("says with 200 that it failed: %i is %s %s", async (code, name, is) => {
    const reach = reachOf(
      await always(200, JSON.stringify({ code, message: "why not", data: {} })),
    );
    const error = await errorOf(tiktok(reach).poll(advertiser, null, never));
    expect(error).toMatchObject({ name, code: is });
    expect(String(error)).toContain(`why not (code ${code})`);
    if (name === "RetryableError") expect(error).toBeInstanceOf(RetryableError);
  });
});
