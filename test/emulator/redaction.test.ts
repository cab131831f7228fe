import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnthropic } from "../../dev/standins/anthropic.ts";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import { redactedLog } from "../../functions/src/adapters/text/redaction/redactedLog.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { rss } from "../../functions/src/adapters/connectors/feeds/rss.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import type { Connector } from "../../functions/src/ports/sources.ts";
import type { Log } from "../../functions/src/ports/log.ts";
import { worldWithClaude } from "../reliability/journeys/model.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import { openApi } from "../support/api.ts";
import { documents } from "../support/dump.ts";
import { formsOf, identities, type Identity } from "../support/identities.ts";
import { localServer } from "../support/localServer.ts";
import { seeded } from "../support/seeded.ts";
import { reachOf } from "../support/reach.ts";
import { aFeedSource, all, decisions, parked } from "../support/stories.ts";
import { type Crms, fair, startCrms, type World } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

/** Each document carries ten of them: two in its title, its address and what else is said of it, eight in its text. */
const perDocument = 10;
const planted = identities(500, 20261102);
const entries = Array.from({ length: planted.length / perDocument }, (_, n) =>
  planted.slice(n * perDocument, (n + 1) * perDocument),
);
/** The first of these come by a feed, the others by a board that carries its texts with its items. */
const byFeed = entries.slice(0, 30);
const byBoard = entries.slice(30);

/** Words that tell one document from another. */
const words =
  "logistics payroll billing robotics cloud storage harbour network factory retail pricing legal mobile steel timber winter bridge copper garden engine marble kitchen violin desert orchard glacier meadow tunnel furnace lantern canal quarry silk barley cedar anchor compass saddle tractor beacon".split(
    " ",
  );

describe("500 people's addresses and numbers", () => {
  let crms: Crms;
  beforeAll(async () => void (crms = await startCrms()));
  afterAll(() => crms.close());

  it(
    "are in no model request, log line, error, parked message or document, though vendors fail and echo what they were sent",
    { timeout: 300_000 },
    async () => {
      const standIn = await startAnthropic({
        port: 0,
        script: [{ status: 529 }, "lying", "off-schema", { status: 400 }],
      });
      const site = await siteOf(byFeed);
      const lines: string[] = [];
      const printed: Log = {
        write: (...line) => void lines.push(JSON.stringify(line)),
      };
      const given: string[] = [];
      const failing = echoing(given);
      const world = worldWithClaude(crms, standIn.url, 7, {
        connectors: {
          rss: failing.port("rss", rss(reachOf(site.url))),
          lever: failing.port("lever", boardOf(byBoard)),
        },
        log: redactedLog(printed, redactor()),
        reader: failing.port("reader", reader()),
        embedder: failing.port("embedder", hashedEmbedder()),
      });
      const sources = [
        { ...aFeedSource("feed"), url: "https://news.example/feed.xml" },
        { kind: "lever", key: "board", site: "globex" } as const,
      ];
      await world.write(
        aTenantWith(tenantId, [[accountId, anAccount({ sources })]]),
      );
      for (const occasion of ["first", "second"]) {
        site.publish(occasion === "first" ? 3 : byFeed.length);
        await look(world, occasion);
      }
      await world.approveAll(tenantId);
      await world.settle(fair);

      // What there was to be found out, and that it went all the way.
      const sent = [...given, ...site.served].join("\n");
      expect(planted.filter((one) => !isIn(one, sent))).toEqual([]);
      const cards = await all(world, at.opportunities(tenantId));
      const { bodies } = standIn.ledger();
      const ends = await parked(world);
      console.log(
        `500 planted: ${cards.length} cards, ${bodies.length} model requests, ${lines.length} log lines, ${failing.thrown()} echoes thrown, ${ends.length} parked`,
      );
      expect(cards.length).toBeGreaterThan(5);
      expect(bodies.length).toBeGreaterThan(5);
      expect(ends.length).toBeGreaterThan(5);
      for (const kind of ["email", "phone", "card", "iban", "ssn", "ip"]) {
        expect(bodies.join()).toContain(`[${kind}]`);
        expect(lines.join()).toContain(`[${kind}]`);
      }

      // A page whose address names somebody is still found, by its feed.
      const reasons = (await decisions(world, tenantId)).map(
        ({ reason }) => reason,
      );
      expect(reasons).toContain("unreadable");
      expect(reasons).not.toContain("gone");

      const kept = await keptBy(world);
      expect(kept.join()).toContain("[email]");
      for (const [place, texts] of [
        ["model requests", bodies],
        ["log lines", lines],
        ["documents", kept],
      ] as const)
        expect({ place, raw: rawIn(texts) }).toEqual({ place, raw: [] });
      await Promise.all([world.close(), standIn.close(), site.close()]);
    },
  );
});

it("those that people and programs hand in are in no message, log line or document", async () => {
  const lines: string[] = [];
  const api = await openApi({
    log: redactedLog(
      { write: (...line) => void lines.push(JSON.stringify(line)) },
      redactor(),
    ),
  });
  for (const [n, [a, b, c, d]] of entries.entries()) {
    const { status } = await api.as("anna", "/api/v1/signals", {
      body: {
        account_id: "globex",
        title: `Tip ${n}: ask ${a?.written}`,
        description: `They say that ${b?.written} is whom to ask, not ${c?.written}.`,
        source_type: "meeting",
        source_url: `https://globex.example/fair?n=${n}&who=${encodeURIComponent(d?.written ?? "")}`,
      },
    });
    expect(status).toBe(202);
    await api.as(
      "anna",
      `/api/v1/signals/${encodeURIComponent(a?.written ?? "")}`,
    );
  }
  const kept = await keptBy(api);
  expect(kept.join()).toContain("They say that [phone] is whom to ask");
  expect({ documents: rawIn(kept), lines: rawIn(lines) }).toEqual({
    documents: [],
    lines: [],
  });
  expect(lines.length).toBeGreaterThanOrEqual(2 * entries.length);
  await api.close();
});

/** Looks until everything has come to its end. */
async function look(world: World, occasion: string): Promise<void> {
  await world.emit(tenantId, {
    topic: "account-due",
    payload: { accountId, occasion, sourceKey: null, part: 0 },
  });
  await world.settle(fair);
}

function isIn(identity: Identity, text: string): boolean {
  return formsOf(identity).some((form) => text.includes(form));
}

/** Which identities stand in which of the texts, each with what stands around it. */
function rawIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    planted.flatMap((identity) =>
      formsOf(identity)
        .filter((form) => text.includes(form))
        .map((form) => {
          const place = text.indexOf(form);
          return `${text.slice(0, 90)} … ${text.slice(Math.max(0, place - 60), place + 60)}`;
        }),
    ),
  );
}

/** Every document of the database, with what it holds compressed. */
async function keptBy({
  database,
}: Pick<World, "database">): Promise<readonly string[]> {
  return (await documents(database.db)).map(({ path, data }) => {
    const unpacked = Object.values(data).flatMap((value: unknown) =>
      value instanceof Uint8Array && value.byteLength > 0
        ? [gunzipSync(value).toString("utf8")]
        : [],
    );
    return [path, JSON.stringify(data), ...unpacked].join("\n");
  });
}

/** Sentences about the account that no other document has, and the identities in them. */
function textOf(n: number, [, , ...rest]: readonly Identity[]): string {
  const draw = seeded(n);
  const some = (count: number) =>
    Array.from(
      { length: count },
      () => words[Math.floor(draw() * words.length)] ?? "",
    ).join(" ");
  return [
    `The board of Globex appointed Pat Doe ${n} as chief information officer for ${some(6)}.`,
    ...rest.map(
      ({ written }, i) =>
        `Globex said of ${some(4)} that ${written} is for ${some(5)}, ${n * 37 + i} days after ${some(3)}.`,
    ),
    `The chief financial officer for ${some(5)} resigned.`,
  ].join(" ");
}

function escapedXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The address of a page: one in three has an identity in its path, all have one in their query. */
function linkOf(n: number, [d, e]: readonly Identity[]): string {
  const path = n % 3 === 0 ? `/${encodeURIComponent(d?.written ?? "")}` : "";
  const who = encodeURIComponent(e?.written ?? "");
  const spaced = n % 2 === 0 ? who.replaceAll("%20", "+") : who;
  return `https://news.example/${n}${path}?page=${n}&who=${spaced}#${who}`;
}

/** A site with a feed and the pages behind it; some pages are broken, and some are nothing that can be read. */
async function siteOf(documentsOf: readonly (readonly Identity[])[]) {
  let published = 0;
  const served: string[] = [];
  const itemOf = (identitiesOf: readonly Identity[], n: number) => {
    const [d, e] = identitiesOf.map(({ written }) => escapedXml(written));
    return `<item><title>Globex appoints officer ${n}, ask ${d}</title>
<link>${escapedXml(linkOf(n, identitiesOf))}</link>
<guid isPermaLink="false">urn:page:${n}:${encodeURIComponent(identitiesOf[0]?.written ?? "")}</guid>
<author>${e} (Jo of ${d})</author>
<pubDate>${new Date(Date.UTC(2026, 6, 1, 0, n)).toUTCString()}</pubDate>
<description>${escapedXml(textOf(n, identitiesOf))}</description></item>`;
  };
  const server = await localServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    const answer = (status: number, type: string, body: string) => {
      served.push(`${request.url}\n${body}`);
      response.writeHead(status, { "content-type": type }).end(body);
    };
    if (pathname.endsWith("/robots.txt"))
      return answer(404, "text/plain", "none");
    if (pathname.endsWith("/feed.xml")) {
      const items = documentsOf.slice(0, published).map(itemOf);
      const feed = `<rss version="2.0"><channel><title>News</title>${items.join("\n")}</channel></rss>`;
      return answer(200, "application/rss+xml", feed);
    }
    const n = Number(searchParams.get("page"));
    const text = textOf(n, documentsOf[n] ?? []);
    if (n % 10 === 7)
      return answer(500, "text/plain", `cannot serve ${request.url}: ${text}`);
    if (n % 10 === 8) return answer(200, "image/png", text);
    return answer(
      200,
      "text/html",
      `<html><head><title>Page ${n}</title><link rel="canonical" href="${escapedXml(linkOf(n, documentsOf[n] ?? []))}"><meta name="author" content="Jo ${documentsOf[n]?.[1]?.written}"></head><body><article><p>${escapedXml(text)}</p></article></body></html>`,
    );
  });
  return {
    ...server,
    served,
    publish: (count: number) => void (published = count),
  };
}

/** A board whose items carry their texts, publishers and links as raw as they came. */
function boardOf(documentsOf: readonly (readonly Identity[])[]): Connector {
  const items = documentsOf.map((identitiesOf, i): SourceItem => {
    const n = byFeed.length + i;
    const [d, e] = identitiesOf.map(({ written }) => written);
    return {
      source: "lever",
      itemId: `globex/${d}`,
      revision: `by ${e}`,
      url: linkOf(n, identitiesOf),
      title: `Globex appoints officer ${n} (${d})`,
      publisher: `The board of ${e}`,
      publishedAt: null,
      facts: {
        text: textOf(n, identitiesOf),
        link: linkOf(n, identitiesOf),
        contact: `mailto:${encodeURIComponent(d ?? "")}`,
      },
    };
  });
  return {
    kind: "lever",
    poll: async () => ({ items, cursor: {} }),
    fetch: async ({ title, url }) => {
      const n = Number(/officer (\d+)/u.exec(title)?.[1]);
      return {
        body: new TextEncoder().encode(textOf(n, entries[n] ?? [])),
        contentType: "text/plain; charset=utf-8",
        url: url ?? linkOf(n, entries[n] ?? []),
        licence: "CC0",
      };
    },
  };
}

/** Vendors of whose answers every fourth is lost; they say what they were given, and what they would have answered. */
function echoing(given: string[]) {
  let thrown = 0;
  const port = <T extends object>(name: string, target: T): T => {
    const asked = new Map<PropertyKey, number>();
    return new Proxy(target, {
      get: (inner, key) => {
        const value: unknown = Reflect.get(inner, key);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          const answer: unknown = await Reflect.apply(value, inner, args);
          const echo = echoOf([args, answer]);
          given.push(echo);
          const turn = (asked.get(key) ?? 0) + 1;
          asked.set(key, turn);
          if (turn % 4 !== 0) return answer;
          const said = `${name}.${String(key)} failed on ${echo}`;
          const how = ++thrown % 3;
          if (how === 0) throw new RetryableError("vendor-down", said);
          // A look that fails for good would keep back all of its documents.
          if (how === 1 && key !== "look")
            throw new PermanentError("bad-answer", said);
          throw new TypeError(said, { cause: args });
        };
      },
    });
  };
  return { port, thrown: () => thrown };
}

/** Values in words, bytes as their text. */
function echoOf(values: readonly unknown[]): string {
  return JSON.stringify(values, (_key, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
}
