import { PermanentError } from "../../domain/kernel/errors.ts";
import { maxSnapshotCharacters } from "../../domain/signals/snapshot.ts";
import type { Fetched } from "../../ports/sources.ts";
import type { ReadDocument } from "../../ports/reading.ts";
import { extractArticle } from "./article/article.ts";
import { budgets } from "./budgets.ts";
import { decodeText } from "./documents/charset.ts";
import {
  isDeeperThan,
  parseHtml,
  elementToText,
  tidy,
} from "./documents/html.ts";
import { detectLanguage } from "./documents/language.ts";
import { addEndTags } from "./documents/markup.ts";
import { readMetadata, type Metadata } from "./article/metadata.ts";
import { isPdf, readPdf } from "./documents/pdf.ts";
import { splitFiling, splitByHeadings } from "./article/sections.ts";

/** The shortest article for which the rest of its page counts as boilerplate, in characters. */
const minArticleCharacters = 200;

/** A deeper page is read as a whole; no known article comes near this. */
const maxArticleDepth = 400;

const maxAuthorCharacters = 200;

/**
 * Reads HTML, PDF and plain text: articles without their boilerplate, SEC filings whole and by item. It runs in
 * the caller's thread; whoever has others to serve reads by `inThread`.
 */
export function reader() {
  return {
    async read(fetched: Fetched): Promise<ReadDocument> {
      const { declared, ...content } = await readContent(fetched).catch(refuse);
      const { text, author } = content;
      if (text === "")
        throw new PermanentError("bad-answer", `${fetched.url} has no text`);
      if (text.length > maxSnapshotCharacters) {
        throw new PermanentError(
          "too-large",
          `${fetched.url} has ${text.length} characters of text`,
        );
      }
      return {
        ...content,
        author:
          author?.slice(0, maxAuthorCharacters).replace(/\p{Cs}/gu, "") ?? null,
        language: await detectLanguage(text, declared),
      };
    },
  };
}

/** The same bytes fail in the same way each time, so no failure is retried. */
function refuse(cause: unknown): never {
  if (cause instanceof PermanentError) throw cause;
  const message = "The document cannot be read";
  throw new PermanentError("bad-answer", message, { cause });
}

interface Content extends Omit<ReadDocument, "language"> {
  /** The language that the document declares. */
  readonly declared: string | null;
}

const noMetadata = {
  title: null,
  author: null,
  publishedAt: null,
  canonicalUrl: null,
  sections: [],
  declared: null,
} as const;

/** Types that servers use for files they do not know. */
const vagueTypes =
  /^(?:|text\/xml|application\/xml|application\/octet-stream)$/u;

async function readContent(fetched: Fetched): Promise<Content> {
  const { body, contentType, url } = fetched;
  if (body.byteLength > budgets.bytes)
    throw new PermanentError(
      "too-large",
      `${url} has ${body.byteLength} bytes, over ${budgets.bytes}`,
    );
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/pdf" || (vagueTypes.test(type) && isPdf(body)))
    return { ...noMetadata, ...(await readPdf(body, url)) };
  const source = decodeText(body, contentType);
  if (
    /^(?:text\/html|application\/xhtml\+xml)$/u.test(type) ||
    (vagueTypes.test(type) && /<html[\s>]/iu.test(source.slice(0, 5000)))
  )
    return readHtml(addEndTags(source), url);
  if (type === "text/plain") return { ...noMetadata, text: tidy(source) };
  throw new PermanentError(
    "bad-answer",
    `${url} is ${type === "" ? "of an unknown type" : type}, which cannot be read yet`,
  );
}

async function readHtml(html: string, url: string): Promise<Content> {
  const page = await parseHtml(html).catch((cause: unknown) => {
    if (cause instanceof PermanentError)
      throw new PermanentError(cause.code, `${url} ${cause.message}`);
    const message = `${url} is not HTML that can be read`;
    throw new PermanentError("bad-answer", message, { cause });
  });
  return isFiling(html, url) ? readFiling(page) : readArticle(page, url);
}

function isFiling(source: string, url: string): boolean {
  const host = toHostname(url);
  return (
    host === "sec.gov" ||
    host.endsWith(".sec.gov") ||
    /<ix:header[\s>]/iu.test(source)
  );
}

/** A filing is all content, and the title in its markup is a file name. */
function readFiling(page: Document): Content {
  const text = elementToText(page.documentElement);
  return {
    ...noMetadata,
    text,
    sections: splitFiling(text),
    declared: languageTag(page),
  };
}

async function readArticle(page: Document, url: string): Promise<Content> {
  const declared = languageTag(page);
  const says = readMetadata(page, url);
  const about = {
    title: says.title,
    author: says.authors.join(", ") || null,
    publishedAt: says.publishedAt,
    canonicalUrl: says.canonicalUrl,
    declared,
  };
  const whole = elementToText(page.documentElement);
  const isWhole =
    isNothingButArticle(page) || isDeeperThan(page, maxArticleDepth);
  const headings = isWhole ? page.documentElement : null;
  const article = isWhole
    ? null
    : await extractArticle(page, toPageFacts(page, says, url));
  const text = article === null ? "" : elementToText(article);
  return article === null || text.length < minArticleCharacters
    ? {
        ...about,
        text: whole,
        sections: headings === null ? [] : splitByHeadings(headings, whole),
      }
    : { ...about, text, sections: splitByHeadings(article, text) };
}

/** Pages that a connector makes from a posting or a feed entry have no boilerplate. */
function isNothingButArticle(page: Document): boolean {
  const { children } = page.body;
  return children.length === 1 && children[0]?.nodeName === "ARTICLE";
}

/** What an article may repeat from its page's head. */
function toPageFacts(page: Document, says: Metadata, url: string) {
  const headlines = [...page.querySelectorAll("h1")].slice(0, 10);
  return {
    titles: [
      says.title ?? "",
      tidy(page.title),
      ...headlines.map(({ textContent }) => tidy(textContent)),
    ].map((title) => title.slice(0, 500)),
    authors: says.authors,
    hosts: [toHostname(url), toHostname(says.canonicalUrl ?? "")].filter(
      (host) => host !== "",
    ),
  };
}

function toHostname(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}

function languageTag(document: Document): string | null {
  const root = document.documentElement;
  return root.getAttribute("lang") || root.getAttribute("xml:lang") || null;
}
