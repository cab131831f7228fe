import { parseJson } from "../../web/json.ts";

/** A node of a page's JSON-LD, unchecked. */
type Node = Readonly<Record<string, unknown>>;

/** What schema.org markup says about an article, a report or a posting. */
export interface ArticleMarkup {
  readonly headline: string | null;
  readonly authors: readonly string[];
  readonly published: string | null;
}

const articleTypes =
  /(?:Article|BlogPosting|Posting|Report|Review|PressRelease|CreativeWork|WebPage|VideoObject)$/u;
const pageTypes = /^(?:WebPage|VideoObject|CreativeWork)$/u;

/** What the page's JSON-LD (schema.org) says about its article; null where there is none that can be read. */
export function readJsonLd(page: Document): ArticleMarkup | null {
  const nodes = [
    ...page.querySelectorAll('script[type="application/ld+json"]'),
  ].flatMap((script) => collectNodes(parseScript(script.textContent)));
  const found = nodes.filter((node) =>
    nodeTypes(node).some((t) => articleTypes.test(t)),
  );
  const node =
    found.find((some) => !nodeTypes(some).some((t) => pageTypes.test(t))) ??
    found[0];
  if (node === undefined) return null;
  return {
    headline: firstText(node["headline"] ?? node["title"] ?? node["name"]),
    authors: collectNames(node["author"] ?? node["creator"], nodes),
    published: firstText(
      node["datePublished"] ?? node["datePosted"] ?? node["dateCreated"],
    ),
  };
}

function parseScript(text: string): unknown {
  const json = text
    .replace(/^\s*(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/\s*<!\[CDATA\[)/u, "")
    .replace(/(?:-->|\/\*\s*\]\]>\s*\*\/|\/\/\s*\]\]>)\s*$/u, "");
  try {
    // Line breaks inside strings are the commonest fault in hand-made JSON-LD.
    return parseJson(json.replace(/\p{Cc}+/gu, " "));
  } catch {
    return null;
  }
}

/** The nodes of a document and of its graph; nodes nested in others do not describe the page. */
function collectNodes(value: unknown, depth = 0): readonly Node[] {
  if (depth > 4) return [];
  if (Array.isArray(value))
    return value.slice(0, 200).flatMap((part) => collectNodes(part, depth + 1));
  if (!isNode(value)) return [];
  return [
    value,
    ...collectNodes(value["@graph"], depth + 1),
    ...collectNodes(value["mainEntity"], depth + 1),
  ];
}

function nodeTypes(node: Node): readonly string[] {
  const type = node["@type"];
  return (Array.isArray(type) ? type : [type]).filter(
    (name) => typeof name === "string",
  );
}

/** Names of people or agencies, given as text, as nodes, or as references to nodes of the same page. */
function collectNames(
  value: unknown,
  nodes: readonly Node[],
): readonly string[] {
  return (Array.isArray(value) ? value.slice(0, 20) : [value]).flatMap(
    (author: unknown) => {
      if (!isNode(author)) return firstText(author) ?? [];
      const named =
        author["name"] === undefined
          ? nodes.find(
              (node) => node["@id"] === author["@id"] && "name" in node,
            )
          : author;
      return collectNames(named?.["name"], []);
    },
  );
}

function firstText(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first.trim() !== "" ? first : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
