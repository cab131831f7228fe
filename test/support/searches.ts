import type { Source } from "../../functions/src/domain/sources/source.ts";

const query = '"Brindlewick Systems"';

/** Searches for a company that does not exist, of which the recordings hold what each would find. */
export const searches = {
  gdelt: { kind: "gdelt", key: "gdelt", query },
  newsapi: { kind: "newsapi", key: "newsapi", query, language: "en" },
  serper: { kind: "serper", key: "serper", query, country: "US" },
  google_cse: {
    kind: "google_cse",
    key: "google",
    query,
    engine: "0123456789abcdef0",
  },
  sec_search: { kind: "sec_search", key: "sec-search", query },
} as const satisfies Record<string, Source>;
