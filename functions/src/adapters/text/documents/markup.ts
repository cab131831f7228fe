/** Elements without an end tag, those whose end tag is often omitted (HTML, 13.1.2.4), and SVG's self-closing shapes. */
const flatNames = new Set(
  "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th tbody thead tfoot colgroup caption option optgroup rp rt html head body path circle ellipse line polygon polyline rect stop use image animate".split(
    " ",
  ),
);

/** An upper estimate of how deep a page's elements nest, without parsing it. Takes time linear in the page. */
export function measureDepth(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, slash, name] of html.matchAll(
    /<(\/?)([a-z][a-z0-9:-]{0,60})/giu,
  )) {
    if (flatNames.has(name?.toLowerCase() ?? "")) continue;
    depth = slash === "/" ? Math.max(0, depth - 1) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Rewrites XHTML's empty elements, such as `<title/>`, for HTML parsers; leaves other pages as they are. */
export function addEndTags(page: string): string {
  const beginning = page.slice(0, 2000);
  // bounded: the first 2,000 characters
  const isXhtml =
    /^\s*<\?xml/u.test(beginning) || /<html[^>]{0,1000}xmlns/iu.test(beginning);
  if (!isXhtml) return page;
  return page.replace(
    /<([a-z][a-z0-9:-]{0,60})(\s[^<>]*)?\/>/giu,
    (tag, name: string, attributes: string | undefined) =>
      voidNames.has(name.toLowerCase())
        ? tag
        : `<${name}${attributes ?? ""}></${name}>`,
  );
}

const voidNames = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(
    " ",
  ),
);
