/** What a model call used, in tokens, as the vendor counts them. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

/** The version of the price table, stored with every recorded call. */
export const priceVersion = "2026-10-24";

/**
 * US dollars per million tokens by model; cache writes are those that last five minutes. From the model pages of
 * platform.claude.com; the cache reads of claude-sonnet-5-5 as cut on 2026-10-07 (second-hand, checked against the
 * vendor's price list on 2026-10-24 by those who reported it). claude-haiku-5-5 is left out: its price depends on the
 * length of each prompt.
 */
const dollarsPerMillion: Readonly<Record<string, Tokens>> = {
  "claude-sonnet-5-5": {
    input: 2,
    output: 10,
    cacheWrite: 2.5,
    cacheRead: 0.1,
  },
  "claude-sonnet-5": { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.2 },
  "claude-opus-5-5": { input: 4, output: 20, cacheWrite: 5, cacheRead: 0.2 },
  "claude-opus-5": { input: 5, output: 25, cacheWrite: 6.25, cacheRead: 0.5 },
};

/** What a call cost in US dollars; null where the model's price is unknown here. */
export function toCostUsd(model: string, used: Tokens): number | null {
  const price = dollarsPerMillion[model];
  if (price === undefined) return null;
  return (
    (used.input * price.input +
      used.output * price.output +
      used.cacheWrite * price.cacheWrite +
      used.cacheRead * price.cacheRead) /
    1_000_000
  );
}
