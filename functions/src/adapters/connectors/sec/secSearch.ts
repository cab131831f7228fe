import { z } from "zod";
import { PermanentError } from "../../../domain/kernel/errors.ts";
import { addMs, dayMs } from "../../../domain/kernel/instant.ts";
import { sourceFacts } from "../../../domain/sources/source.ts";
import type { Connector } from "../../../ports/sources.ts";
import { isGone, parseJsonBody } from "../../web/answer.ts";
import { defineConnector } from "../definition.ts";
import { overlapStart, sinceBookmark } from "../bookmark.ts";
import { toItemDate } from "../item.ts";
import { assertSomeRead, withDropped, parseEach } from "../parseEach.ts";
import { sourceOfKind, type Reach } from "../reach.ts";
import {
  fetchArchived,
  askSec,
  type SecSettings,
  secSettings,
} from "./parts/secArchive.ts";
import {
  accessionPattern,
  type Exhibit,
  type Filing,
  filingToItem,
} from "./parts/secFiling.ts";
import { defaultForms, searchedForms } from "./parts/secForms.ts";

export const secSearchDefinition = defineConnector({
  kind: "sec_search",
  settings: secSettings,
  connect: secSearch,
});

const { name } = sourceFacts.sec_search;

/** How far back a poll without a bookmark searches, and how far back at most one with a bookmark does. */
const firstDays = 30;
const mostDays = 90;

/** A search is by relevance, a hundred hits a page; what is behind so many pages is not about the account. */
const mostPages = 3;

/** A document of a filing in which the words were found, as EDGAR's search page reads it. */
const Hit = z.object({
  /** Accession number and file: "0001045810-26-000012:nvda-20260306.htm". */
  _id: z.string(),
  _source: z.object({
    adsh: z.string().regex(accessionPattern),
    ciks: z.array(z.string().regex(/^\d{1,10}$/)).min(1),
    /** "NVIDIA CORP  (NVDA)  (CIK 0001045810)". */
    display_names: z.array(z.string()).min(1),
    file_date: z.iso.date(),
    form: z.string().min(1),
    /** The form again, for a filing's main document, or EX-99.1. */
    file_type: z.string().nullish(),
    file_description: z.string().nullish(),
    items: z.array(z.string()).nullish(),
    period_ending: z.string().nullish(),
    /** The folder in which an XML document is shown as a page. */
    xsl: z.string().nullish(),
  }),
});
type Hit = z.infer<typeof Hit>;

const Hits = z.object({
  hits: z.object({
    total: z.object({ value: z.number() }),
    hits: z.array(z.unknown()),
  }),
});

/** Filings of anybody that name the account, by SEC EDGAR's full-text search. */
export function secSearch(reach: Reach, settings: SecSettings): Connector {
  const ask = askSec("sec_search", reach, settings);

  async function search(asked: URLSearchParams, signal: AbortSignal) {
    const hits: unknown[] = [];
    for (let page = 0; page < mostPages; page++) {
      asked.set("from", String(hits.length));
      const url = `https://efts.sec.gov/LATEST/search-index?${asked}`;
      const got = await ask(url, { signal });
      if (isGone(got))
        throw new PermanentError("not-found", `${name} is not at ${got.url}`);
      const { total, hits: more } = parseJsonBody(got, name, Hits).hits;
      for (const hit of more) hits.push(hit);
      if (more.length === 0 || hits.length >= total.value) break;
    }
    const parsed = parseEach(hits, Hit);
    assertSomeRead(parsed, name);
    return parsed;
  }

  return {
    kind: "sec_search",

    async poll(from, cursor, signal) {
      const { query, forms = defaultForms } = sourceOfKind("sec_search", from);
      const now = reach.now();
      const start =
        cursor === null ? addMs(now, -firstDays * dayMs) : overlapStart(cursor);
      const furthest = addMs(now, -mostDays * dayMs);
      const asked = new URLSearchParams({
        q: query,
        dateRange: "custom",
        startdt: toDay(start === null || start < furthest ? furthest : start),
        enddt: toDay(now),
        forms: searchedForms(forms).join(","),
      });
      const { read, dropped } = await search(asked, signal);
      const listed = read.flatMap((hit) => {
        const item = hitToItem(hit, query);
        return item === null
          ? []
          : [{ id: item.itemId, publishedAt: item.publishedAt, item }];
      });
      const { found, cursor: after } = sinceBookmark(listed, cursor, now);
      return {
        items: found.map(({ item }) => item),
        cursor: after,
        ...withDropped(dropped),
      };
    },

    fetch: (item, _from, signal) => fetchArchived(item, ask, signal),
  };
}

/** The date in UTC, yyyy-mm-dd. */
function toDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The hit as the connector for the company's own filings would bring it; null for what nobody reads, such as XBRL. */
function hitToItem({ _id, _source: hit }: Hit, query: string) {
  const file = _id.slice(_id.indexOf(":") + 1);
  const isPage = /\.(?:html?|txt|pdf)$/iu.test(file);
  if (!isPage && !(hit.xsl && file.endsWith(".xml"))) return null;
  const document = isPage ? file : `${hit.xsl}/${file}`;
  const acceptedAt = toItemDate(hit.file_date);
  // EDGAR keeps a filing in the folder of each of those whom it concerns.
  const [cik = ""] = hit.ciks;
  const [displayed = ""] = hit.display_names;
  if (acceptedAt === null) return null;
  const type = hit.file_type ?? hit.form;
  const filing: Filing = {
    cik,
    company: displayed
      .replace(/(?<!\s)\s*\(CIK \d{1,20}\)\s*$/u, "")
      .replace(/\s+/gu, " "),
    accession: hit.adsh,
    acceptedAt,
    form: hit.form,
    items: (hit.items ?? []).join(","),
    primaryDocument: document,
    reportDate: hit.period_ending ?? "",
  };
  const exhibit: Exhibit | undefined =
    type === hit.form
      ? undefined
      : { type, file: document, description: hit.file_description ?? "" };
  return filingToItem("sec_search", filing, { exhibit, facts: { query } });
}
