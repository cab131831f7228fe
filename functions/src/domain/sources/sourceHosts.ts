import { type Source, sourceFacts } from "./source.ts";

/** Whether pages of this host come from the source; a feed covers its whole site. */
export function coversHost(source: Source, host: string): boolean {
  const site = host.toLowerCase().replace(/^www\./, "");
  return sourceHosts(source).some(
    (own) =>
      site === own || site.endsWith(`.${own}`) || own.endsWith(`.${site}`),
  );
}

function sourceHosts(source: Source): readonly string[] {
  return source.kind === "rss"
    ? [new URL(source.url).hostname.replace(/^www\./, "")]
    : sourceFacts[source.kind].hosts;
}
