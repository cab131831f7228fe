import { isElement } from "../documents/html.ts";
import { removeBoilerplate } from "./boilerplate.ts";
import { cleanArticle, type PageFacts } from "./clean.ts";
import { isProse, totalLength, readLines, measureProse } from "./lines.ts";

/** Readability's time grows faster than the page; no known article comes near this. */
const mostElements = 20_000;

/**
 * Extracts the article of a page as a tree of its own, without the boilerplate around it and the remains of it
 * inside; null where there is no recognisable article. Consumes the page. Readability's answer is used unless it
 * lost most of the page's densest part.
 *
 * defuddle 0.19.4 was tried in its place on the 79 marked pages. F1 is 0.991 here, 0.928 with defuddle alone,
 * 0.971 with defuddle in Readability's place between `removeBoilerplate` and `cleanArticle`, and 0.957 with
 * Readability alone; on the pages that no rule was made for, 0.981, 0.915, 0.946 and 0.957. The median page takes
 * 62, 256, 64 and 37 ms.
 */
export async function extractArticle(
  page: Document,
  about: PageFacts,
): Promise<Element | null> {
  if (page.querySelectorAll("*").length > mostElements) return null;
  removeBoilerplate(page);
  const own = findDensest(page.body).cloneNode(true);
  const read = await runReadability(page);
  if (!isElement(own)) return read;
  cleanArticle(own, about);
  if (read === null) return own;
  cleanArticle(read, about);
  return holdsMost(read, own) ? read : own;
}

/** The smallest element that contains nearly all of the prose. */
function findDensest(body: Element): Element {
  const prose = measureProse(body);
  let at = body;
  for (;;) {
    const enough = 0.8 * (prose.get(at) ?? 0);
    const next = [...at.children].find(
      (child) => (prose.get(child) ?? 0) > enough,
    );
    if (next === undefined) return at;
    at = next;
  }
}

function holdsMost(part: Element, whole: Element): boolean {
  const proseLength = (root: Element) =>
    totalLength(readLines(root).filter(isProse));
  return proseLength(part) >= 0.3 * proseLength(whole);
}

async function runReadability(page: Document): Promise<Element | null> {
  const { Readability } = await import("@mozilla/readability");
  try {
    const article = new Readability<Node>(page, {
      keepClasses: true,
      serializer: (node) => node,
    }).parse();
    const content = article?.content;
    return content && isElement(content) ? content : null;
  } catch {
    // Readability recurses and trusts the DOM: where a page breaks it, the densest part is used.
    return null;
  }
}
