/** Parameters that say where a reader came from, not what they read. */
const trackingParameter = /^(?:utm_\w+|fbclid|gclid)$/i;

/**
 * The canonical URL of a page: scheme and host in lower case, without the default port, the fragment, a trailing
 * slash and tracking parameters. Null for anything that is not a web address.
 */
export function canonicalUrl(text: string): string | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  if (!/^https?:$/.test(url.protocol)) return null;
  const kept = url.search
    .slice(1)
    .split("&")
    .filter(
      (part) =>
        part !== "" && !trackingParameter.test(part.split("=")[0] ?? ""),
    );
  const query = kept.length === 0 ? "" : `?${kept.join("&")}`;
  const path = url.pathname.replace(/(?<!\/)\/+$/, "");
  return `${url.protocol}//${url.host}${path}${query}`;
}

/** The spellings under which a page may have been stored, the given one first: with and without a trailing slash, by http and https. */
export function urlSpellings(text: string): readonly string[] {
  const canonical = canonicalUrl(text);
  if (canonical === null) return [text];
  const { search } = new URL(canonical);
  const path = canonical.slice(0, canonical.length - search.length);
  const both = [`${path}${search}`, `${path}/${search}`];
  const [secure, plain] = ["https:", "http:"].map((scheme) =>
    both.map((url) => url.replace(/^https?:/, scheme)),
  );
  return [...new Set([text, ...both, ...(secure ?? []), ...(plain ?? [])])];
}
