import { z } from "zod";
import { escapeHtml } from "../../../text/documents/html.ts";
import { parseJson } from "../../../web/json.ts";
import type { FeedItem } from "./feedItem.ts";

const Text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** An item of a JSON Feed (jsonfeed.org, version 1.1); invalid fields count as absent. */
const JsonItem = z.object({
  id: Text,
  title: Text,
  url: Text,
  external_url: Text,
  date_published: Text,
  date_modified: Text,
  content_html: Text,
  content_text: Text,
  summary: Text,
});
type JsonItem = z.infer<typeof JsonItem>;

const JsonFeed = z.object({ items: z.array(z.unknown()) });

/** Reads the first `most` items of a JSON Feed; null where the text is not one. */
export function readJsonFeed(
  text: string,
  most: number,
): readonly FeedItem[] | null {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    // Not JSON, or more than a feed contains.
    return null;
  }
  const feed = JsonFeed.safeParse(json);
  if (!feed.success) return null;
  return feed.data.items.slice(0, most).flatMap((item) => {
    const read = JsonItem.safeParse(item);
    return read.success ? [jsonToFeedItem(read.data)] : [];
  });
}

function jsonToFeedItem(item: JsonItem): FeedItem {
  return {
    id: item.id,
    title: escapeHtml(item.title ?? ""),
    links: [item.url, item.external_url].filter((link) => link !== undefined),
    published: item.date_published,
    updated: item.date_modified,
    bodies: () =>
      [
        item.content_html ?? "",
        escapeHtml(item.content_text ?? ""),
        escapeHtml(item.summary ?? ""),
      ].filter((html) => html.trim() !== ""),
  };
}
