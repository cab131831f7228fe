import { measureCost, product, type Steps } from "./cost.ts";
import { isAnchored, readsOnce } from "./search.ts";
import { parseExpression } from "./syntax.ts";

/** So many steps a search may take for each character of the text, with all repeats that have a bound. */
const mostPerCharacter = 5_000;
/** To so many places it may go back in all where the text is known to be short. */
const mostInAll = 1_000_000;

/**
 * Why an expression may take more than linear time, or null where it is proven not to, for a backtracking engine and
 * a search that begins at every place. `longest` is the length of the longest text that it is asked of, where one is promised.
 */
export function findFault(
  source: string,
  flags: string,
  longest: number | null = null,
): string | null {
  const tree = parseExpression(source);
  const { steps } = measureCost(tree, flags);
  if (!Number.isFinite(steps.degree))
    return "a loop matches the same text in several ways: exponential time";
  const anchored = isAnchored(tree, flags);
  const perPlace: Steps = { factor: 1, degree: anchored ? 0 : 1 };
  if (longest !== null) {
    // The factor counts choices that rule each other out: of a text that is short it would say too much.
    const { degree } = product(perPlace, steps);
    return longest ** degree <= mostInAll
      ? null
      : `it takes time to the power of ${degree} of ${longest} characters`;
  }
  if (
    steps.factor >
    mostPerCharacter * (steps.degree === 0 && anchored ? 100 : 1)
  )
    return `it takes up to ${steps.factor.toExponential(0)} steps at one place of the text`;
  if (steps.degree > 1)
    return `repeats give characters to one another: time to the power of ${steps.degree + perPlace.degree}`;
  if (steps.degree === 1 && !anchored && !readsOnce(tree, flags))
    return "a search reads the same characters again from each place: quadratic time";
  return null;
}
