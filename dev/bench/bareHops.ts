/**
 * What each stage from ingest to discover commits after its claim: so many commits of so many documents each.
 * Embed's are its points, its outcome, and the ask for the fold.
 */
export const bareHops: readonly (readonly number[])[] = [
  [5],
  [1, 2, 1],
  [6],
  [8],
];

/** The topic of the chain's n-th hop. */
export function bareTopic(n: number): string {
  return `bare-${n}`;
}
