import { connectors } from "../../functions/src/adapters/connectors/index.ts";
import type {
  LookedAt,
  Source,
} from "../../functions/src/domain/sources/source.ts";
import type { Fetch, Got } from "../../functions/src/adapters/web/fetch.ts";
import type { Connector, Looked } from "../../functions/src/ports/sources.ts";
import {
  brindlewick,
  harrowgate,
  quillmere,
  saltmarsh,
  tarnbrook,
  waldquell,
} from "./jobBoards.ts";
import { searches } from "./searches.ts";
import { reachOf } from "./reach.ts";
import { amplitude, feedAt, never, news, releases } from "./sources.ts";
import { tenantSystems } from "./tenantSystems.ts";

/** A list of a vendor's answer: where it is, and in which form. */
export interface VendorList {
  readonly source: Source;
  /** What the address of the answer ends with, its query left out. */
  readonly at: string;
  /** The way to the list in JSON; the name of an element in XML; the way to columns of equal length, each a list. */
  readonly path?: readonly (string | number)[];
  readonly element?: string;
  readonly columns?: readonly string[];
  /** An answer that nobody has recorded. */
  readonly body?: string;
}

const json = (source: Source, at: string, ...path: (string | number)[]) =>
  ({ source, at, path }) satisfies VendorList;

const jsonFeed = feedAt("https://news.example.com/feed.json");

/** Every list that a connector reads, of every kind of source: one that is missing here is a fault of the compiler's. */
export const vendorLists: Readonly<Record<LookedAt, readonly VendorList[]>> = {
  sec: [
    {
      source: { kind: "sec", key: "sec", cik: "0009999901" },
      at: "CIK0009999901.json",
      columns: ["filings", "recent"],
    },
  ],
  sec_search: [json(searches.sec_search, "search-index", "hits", "hits")],
  rss: [
    { source: news, at: "feed.rss", element: "item" },
    { source: releases, at: "releases.atom", element: "entry" },
    {
      ...json(jsonFeed, "feed.json", "items"),
      body: JSON.stringify({
        version: "https://jsonfeed.org/version/1.1",
        items: [1, 2, 3, 4].map((n) => ({
          id: `urn:x:${n}`,
          title: `Globex opens plant ${n}`,
          url: `https://news.example.com/${n}`,
          date_published: `2026-07-0${n}T08:00:00Z`,
          content_text: `Globex has opened its plant ${n}, the company said.`,
        })),
      }),
    },
  ],
  gdelt: [json(searches.gdelt, "/doc/doc", "articles")],
  newsapi: [json(searches.newsapi, "/everything", "articles")],
  serper: [json(searches.serper, "/news", "news")],
  google_cse: [json(searches.google_cse, "/v1", "items")],
  greenhouse: [json(amplitude, "/jobs", "jobs")],
  lever: [json(brindlewick, "/brindlewick")],
  ashby: [json(quillmere, "/quillmere", "jobs")],
  workable: [json(harrowgate, "/harrowgate-freight", "jobs")],
  smartrecruiters: [json(saltmarsh, "/postings", "content")],
  recruitee: [json(tarnbrook, "/offers/", "offers")],
  personio: [{ source: waldquell, at: "/xml", element: "position" }],
  hubspot: [
    json(tenantSystems.hubspot, "/deals/search", "results"),
    json(tenantSystems.hubspot, "/contacts/search", "results"),
    json(tenantSystems.hubspot, "/pipelines/deals", "results", 0, "stages"),
  ],
  salesforce: [
    json(
      tenantSystems.salesforce,
      "/query",
      "records",
      0,
      "Opportunities",
      "records",
    ),
    json(
      tenantSystems.salesforce,
      "/query",
      "records",
      0,
      "Contacts",
      "records",
    ),
  ],
  ga4: [json(tenantSystems.ga4, ":runReport", "rows")],
  youtube: [json(tenantSystems.youtube, "/reports", "rows")],
  tiktok: [json(tenantSystems.tiktok, "/get/", "data", "list")],
};

/** How an item is spoilt: as a whole, or one of its fields. */
export interface Spoiling {
  readonly index: number;
  readonly field: readonly (string | number)[];
  readonly by: unknown;
}

/** A connector against recorded answers, which are asked for once, and of which one list can be spoilt. */
export async function spoilable(list: VendorList, replayUrl: string) {
  const { source, at, body } = list;
  const known = new Map<string, Got>();
  const base = reachOf(replayUrl);
  const fetch: Fetch = async (url, options) => {
    const key = `${url} ${JSON.stringify(options.json ?? null)}`;
    const isGiven = body !== undefined && isAt(url, at);
    const got =
      known.get(key) ??
      (await (isGiven ? given(url, body) : base.fetch(url, options)));
    known.set(key, got);
    return got;
  };
  function connectorWith(spoiling: Spoiling | null): Connector {
    const reach = {
      ...base,
      fetch: async (...[url, options]: Parameters<Fetch>) => {
        const got = await fetch(url, options);
        return spoiling !== null && isAt(url, at)
          ? { ...got, body: spoilt(list, got.body, spoiling) }
          : got;
      },
    };
    const sec = { contact: "ops@clientpulse.example" };
    const connector = connectors(reach, { sec })[source.kind];
    if (connector === undefined) throw new Error(`no ${source.kind}`);
    return connector;
  }

  const look = (
    spoiling: Spoiling | null,
    cursor: Readonly<Record<string, string>> | null = {},
  ): Promise<Looked> => connectorWith(spoiling).look(source, cursor, never);
  await look(null);
  const original = [...known].find(([key]) =>
    isAt(key.split(" ")[0] ?? "", at),
  );
  if (original === undefined) throw new Error(`nothing is asked at ${at}`);
  return { look, now: base.now(), items: itemsIn(list, original[1].body) };
}

function isAt(url: string, at: string): boolean {
  return new URL(url).pathname
    .replace(/\.json$/u, "")
    .endsWith(at.replace(/\.json$/u, ""));
}

function given(url: string, body: string): Promise<Got> {
  return Promise.resolve({
    status: 200,
    headers: new Headers(),
    body: new TextEncoder().encode(body),
    url,
  });
}

/** For each item of the list the ways to its fields, the way to itself first. */
function itemsIn(list: VendorList, body: Uint8Array) {
  const text = new TextDecoder().decode(body);
  if (list.element !== undefined)
    return elementsOf(text, list.element).map((element) => [
      [],
      ...[...element.matchAll(/<([\w:.-]+)[^>]*>/gu)]
        .slice(1)
        .map(({ 1: name = "" }) => [name]),
    ]);
  const found = at(JSON.parse(text), list.columns ?? list.path ?? []);
  if (list.columns === undefined)
    return Object.values(found).map((item) => waysIn(item));
  const columns = Object.entries(found);
  const first: unknown = columns[0]?.[1];
  return Object.keys(asObject(first)).map(() => [
    [],
    ...columns.map(([name]) => [name]),
  ]);
}

function waysIn(value: unknown): (string | number)[][] {
  if (value === null || typeof value !== "object") return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) =>
      waysIn(inner).map((way) => [key, ...way]),
    ),
  ];
}

function at(root: unknown, way: readonly (string | number)[]): object {
  return way.reduce(
    (value, key) => asObject(Reflect.get(value, key)),
    asObject(root),
  );
}

function asObject(value: unknown): object {
  if (typeof value === "object" && value !== null) return value;
  throw new Error(`${JSON.stringify(value)} is no list and no object`);
}

function spoilt(list: VendorList, body: Uint8Array, how: Spoiling): Uint8Array {
  const text = new TextDecoder().decode(body);
  const { element, columns } = list;
  if (element !== undefined) {
    const whole = elementsOf(text, element)[how.index] ?? "";
    return new TextEncoder().encode(
      text.replace(whole, () => spoiltElement(whole, element, how)),
    );
  }
  const root: unknown = JSON.parse(text);
  if (columns !== undefined) {
    for (const [name, column] of Object.entries(at(root, columns)))
      if (how.field.length === 0 || how.field[0] === name)
        Reflect.set(asObject(column), how.index, how.by);
  } else {
    const way = [...(list.path ?? []), how.index, ...how.field];
    Reflect.set(at(root, way.slice(0, -1)), way.at(-1) ?? 0, how.by);
  }
  return new TextEncoder().encode(JSON.stringify(root));
}

function elementsOf(xml: string, name: string): readonly string[] {
  return xml.match(new RegExp(`<${name}[\\s>][^]*?</${name}>`, "gu")) ?? [];
}

/** Garbage as the text of an element: what is no text is markup of its own. */
function spoiltElement(whole: string, name: string, { field, by }: Spoiling) {
  const said =
    typeof by === "string"
      ? by.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
      : by !== null && typeof by === "object"
        ? `<odd><odder>${JSON.stringify(by)}</odder></odd>`
        : by === null
          ? ""
          : JSON.stringify(by);
  const [inner] = field;
  if (inner === undefined) return `<${name}>${said}</${name}>`;
  const part = new RegExp(`(<${inner}(?:\\s[^>]*)?>)[^]*?(</${inner}>)`, "u");
  return whole.replace(
    part,
    (_all, start: string, end: string) => `${start}${said}${end}`,
  );
}
