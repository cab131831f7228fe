import { PermanentError } from "../../domain/errors.ts";
import { maxSnapshotCharacters } from "../../domain/snapshot.ts";
import type { Fetched, ReadDocument, Reader } from "../../pipeline/ports.ts";
import { decodeText } from "./charset.ts";
import { parseHtml, textOf, tidy } from "./html.ts";
import { languageOf } from "./language.ts";
import { depthOf, withEndTags } from "./markup.ts";

/** What an article must have for the rest of its page to be boilerplate, in characters. */
const usefulArticle = 200;

/** Deeper pages are not written by people, and take the parser a time that grows with the square of their depth. */
const deepestPage = 5000;

/** Readability's time grows faster still; no article known here comes near these. */
const deepestArticle = 400;
const mostElements = 20_000;

/** Reads HTML and plain text: articles without their boilerplate, SEC filings whole. */
export function reader(): Reader {
  return {
    async read(fetched): Promise<ReadDocument> {
      const source = decodeText(fetched.body, fetched.contentType);
      const { title, text, declared } = await contentOf(source, fetched);
      if (text === "")
        throw new PermanentError("bad-answer", `${fetched.url} has no text`);
      if (text.length > maxSnapshotCharacters) {
        throw new PermanentError(
          "too-large",
          `${fetched.url} has ${text.length} characters of text`,
        );
      }
      return {
        title,
        text,
        language: await languageOf(text, declared),
        author: null,
        publishedAt: null,
        canonicalUrl: null,
        sections: [],
      };
    },
  };
}

interface Content {
  readonly title: string | null;
  readonly text: string;
  /** The language that the document says it is in. */
  readonly declared: string | null;
}

async function contentOf(
  source: string,
  { contentType, url }: Fetched,
): Promise<Content> {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const isHtml = /^(?:text\/html|application\/xhtml\+xml)$/u.test(type);
  if (
    isHtml ||
    (/^(?:|text\/xml|application\/xml|application\/octet-stream)$/u.test(
      type,
    ) &&
      /<html[\s>]/iu.test(source.slice(0, 5000)))
  ) {
    const html = withEndTags(source);
    const depth = depthOf(html);
    if (depth > deepestPage) {
      const message = `${url} nests ${depth} elements deep`;
      throw new PermanentError("bad-answer", message);
    }
    return isFiling(html, url) ? wholeOf(html) : articleOf(html, depth);
  }
  if (type === "text/plain")
    return { title: null, text: tidy(source), declared: null };
  throw new PermanentError(
    "bad-answer",
    `${url} is ${type === "" ? "of an unknown type" : type}, which cannot be read yet`,
  );
}

function isFiling(source: string, url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return (
    host === "sec.gov" ||
    host.endsWith(".sec.gov") ||
    /<ix:header[\s>]/iu.test(source)
  );
}

/** A filing is all content, and its title in the markup is a file name. */
async function wholeOf(source: string): Promise<Content> {
  const document = await parseHtml(source);
  return {
    title: null,
    text: textOf(document.documentElement),
    declared: languageTag(document),
  };
}

async function articleOf(source: string, depth: number): Promise<Content> {
  const page = await parseHtml(source);
  const whole: Content = {
    title: tidy(page.title) || null,
    text: textOf(page.documentElement),
    declared: languageTag(page),
  };
  if (isNothingButArticle(page) || depth > deepestArticle) return whole;
  const article = await readable(page);
  if (article === null || article.text.length < usefulArticle) return whole;
  return { ...whole, title: article.title || whole.title, text: article.text };
}

/** Pages that a connector makes of a posting or a feed's entry have no boilerplate. */
function isNothingButArticle(page: Document): boolean {
  const { children } = page.body;
  return children.length === 1 && children[0]?.nodeName === "ARTICLE";
}

/** The article of a page, which this uses up; null where there is none that can be told. */
async function readable(
  page: Document,
): Promise<{ readonly title: string; readonly text: string } | null> {
  const { Readability } = await import("@mozilla/readability");
  try {
    const article = new Readability(page, {
      maxElemsToParse: mostElements,
    }).parse();
    if (typeof article?.content !== "string") return null;
    const body = await parseHtml(
      `<html><body>${article.content}</body></html>`,
    );
    return {
      title: tidy(article.title ?? ""),
      text: textOf(body.documentElement),
    };
  } catch {
    // Readability walks by recursion and trusts the DOM: on pages that break it, the whole text stands in.
    return null;
  }
}

function languageTag(document: Document): string | null {
  const root = document.documentElement;
  return root.getAttribute("lang") || root.getAttribute("xml:lang") || null;
}
