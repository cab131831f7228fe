import type {
  PolledKind,
  Source,
} from "../../functions/src/domain/sources/source.ts";
import {
  brindlewick,
  harrowgate,
  quillmere,
  saltmarsh,
  tarnbrook,
  waldquell,
} from "./jobBoards.ts";
import { searches } from "./searches.ts";
import { amplitude, feedAt, news, nvidia, releases } from "./sources.ts";
import { tenantSystems } from "./tenantSystems.ts";

/** A source that its connector is held to the contract with; what it answers is recorded under test/fixtures/recordings. */
export interface ConnectorRow {
  readonly source: Source;
  /** As many as the first poll may find. */
  readonly most: number;
  /** What errors call the source, where it is not by its vendor's name. */
  readonly named?: string;
  /** Its items carry their text, and nobody is asked for it; or a snippet, which stands in for a page that is gone. */
  readonly carries?: "text" | "snippet";
  /** It is asked whether it has changed, as far as its vendor tells. */
  readonly conditional?: true;
  /** Every list of its answers that is read entry by entry. */
  readonly lists: readonly VendorList[];
}

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

/** Every kind of source that a connector polls. */
export const connectorRows: Readonly<Record<PolledKind, ConnectorRow>> = {
  sec: {
    source: nvidia,
    most: 9,
    conditional: true,
    lists: [
      {
        source: { kind: "sec", key: "sec", cik: "0009999901" },
        at: "CIK0009999901.json",
        columns: ["filings", "recent"],
      },
    ],
  },
  sec_search: {
    source: searches.sec_search,
    most: 3,
    lists: [json(searches.sec_search, "search-index", "hits", "hits")],
  },
  rss: {
    source: news,
    most: 3,
    named: news.url,
    lists: [
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
  },
  gdelt: {
    source: searches.gdelt,
    most: 3,
    lists: [json(searches.gdelt, "/doc/doc", "articles")],
  },
  newsapi: {
    source: searches.newsapi,
    most: 3,
    carries: "snippet",
    lists: [json(searches.newsapi, "/everything", "articles")],
  },
  serper: {
    source: searches.serper,
    most: 3,
    carries: "snippet",
    lists: [json(searches.serper, "/news", "news")],
  },
  google_cse: {
    source: searches.google_cse,
    most: 3,
    carries: "snippet",
    lists: [json(searches.google_cse, "/v1", "items")],
  },
  greenhouse: {
    source: amplitude,
    most: 3,
    conditional: true,
    lists: [json(amplitude, "/jobs", "jobs")],
  },
  lever: {
    source: brindlewick,
    most: 3,
    conditional: true,
    lists: [json(brindlewick, "/brindlewick")],
  },
  ashby: {
    source: quillmere,
    most: 3,
    conditional: true,
    lists: [json(quillmere, "/quillmere", "jobs")],
  },
  workable: {
    source: harrowgate,
    most: 3,
    conditional: true,
    lists: [json(harrowgate, "/harrowgate-freight", "jobs")],
  },
  smartrecruiters: {
    source: saltmarsh,
    most: 3,
    conditional: true,
    lists: [json(saltmarsh, "/postings", "content")],
  },
  recruitee: {
    source: tarnbrook,
    most: 3,
    conditional: true,
    lists: [json(tarnbrook, "/offers/", "offers")],
  },
  personio: {
    source: waldquell,
    most: 3,
    conditional: true,
    lists: [{ source: waldquell, at: "/xml", element: "position" }],
  },
  hubspot: {
    source: tenantSystems.hubspot,
    most: 7,
    carries: "text",
    lists: [
      json(tenantSystems.hubspot, "/deals/search", "results"),
      json(tenantSystems.hubspot, "/contacts/search", "results"),
      json(tenantSystems.hubspot, "/pipelines/deals", "results", 0, "stages"),
    ],
  },
  salesforce: {
    source: tenantSystems.salesforce,
    most: 7,
    carries: "text",
    lists: [
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
  },
  ga4: {
    source: tenantSystems.ga4,
    most: 3,
    carries: "text",
    lists: [json(tenantSystems.ga4, ":runReport", "rows")],
  },
  youtube: {
    source: tenantSystems.youtube,
    most: 4,
    carries: "text",
    lists: [json(tenantSystems.youtube, "/reports", "rows")],
  },
  tiktok: {
    source: tenantSystems.tiktok,
    most: 4,
    carries: "text",
    lists: [json(tenantSystems.tiktok, "/get/", "data", "list")],
  },
};
