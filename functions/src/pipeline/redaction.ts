import { hashId } from "../domain/kernel/hash.ts";
import { truncate } from "../domain/kernel/truncate.ts";
import type { SourceItem } from "../domain/signals/signal.ts";
import type { Redactor } from "../ports/reading.ts";

/**
 * A found document as it may be announced and stored: without anybody's address or number in its title, publisher,
 * facts or URL. An id that contains one is replaced by its hash, and so remains an id.
 */
export function itemWithoutPersons(
  item: SourceItem,
  redactor: Redactor,
): SourceItem {
  const clean = (text: string, limit: number) =>
    truncate(redactor.redact(text).replace(/\p{Cs}/gu, "\u{FFFD}"), limit);
  const cleanId = (id: string) =>
    redactor.redact(id) === id ? wellFormed(id) : hashId(id);
  const address = (url: string) => {
    const open = urlWithoutPersons(url, redactor);
    return open === null ? null : wellFormed(open);
  };
  return {
    ...item,
    itemId: cleanId(item.itemId),
    revision: cleanId(item.revision),
    url: item.url === null ? null : address(item.url),
    title: clean(item.title, 500),
    publisher: clean(item.publisher, 200),
    facts: Object.fromEntries(
      Object.entries(item.facts).map(([name, fact]) => [
        name,
        URL.canParse(fact) ? (address(fact) ?? "") : clean(fact, 2000),
      ]),
    ),
  };
}

/** Replaces lone surrogates, which no store keeps, with U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\u{FFFD}");
}

/**
 * A URL without credentials, fragment and query parameters that contain somebody's address or number; null where its
 * path contains one. The host stays even if it is a number: it is the publisher's.
 */
export function urlWithoutPersons(
  url: string,
  { redact }: Redactor,
): string | null {
  const { origin, pathname, search, hash, username, password } = new URL(url);
  const isClean = (text: string) => redact(text) === text;
  const isOpen = username === "" && password === "";
  if (isOpen && isClean(`${pathname}${search}${hash}`)) return url;
  if (!/^https?:/u.test(url) || !isClean(pathname)) return null;
  const kept = search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && isClean(`?${part}`));
  const query = kept.length === 0 ? "" : `?${kept.join("&")}`;
  const whole = isClean(`${pathname}${query}`) ? query : "";
  const clean = `${origin}${pathname}${whole}`;
  // The parser can lengthen a host or a path, and a URL's length is limited.
  return clean.length <= url.length ? clean : null;
}
