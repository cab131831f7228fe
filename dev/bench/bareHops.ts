/**
 * What each stage from ingest to discover commits: so many commits of so many documents each, the end of its message
 * and the next message among them. Embed's are its outcome, its points, and the ask for the fold.
 */
export const bareHops: readonly (readonly number[])[] = [
  [4],
  [2, 1, 1],
  [4],
  [7],
];

/** The topic of the chain's n-th hop. */
export function bareTopic(n: number): string {
  return `bare-${n}`;
}
