import { expressionsIn, longestPromised, type Site } from "./expressions.ts";
import { findFault } from "./verdict.ts";

/** An expression as the program made it, and where. */
export interface Made {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

const remedy =
  "Give its repeats a bound ({0,64}), put before them what they don't read, or say above it what bounds the text: `// bounded: a title of at most 300 characters`.";

/** What is wrong with the expressions of a file, a line each; `made` are those that the program made when its modules were loaded. */
export function faultsIn(
  file: string,
  code: string,
  made: readonly Made[] = [],
): readonly string[] {
  return expressionsIn(file, code).flatMap((site) => {
    const fault = faultAt(site, made);
    return fault === null ? [] : [`${file}:${site.line}: ${fault}. ${remedy}`];
  });
}

function faultAt(site: Site, made: readonly Made[]): string | null {
  const longest = site.promise === null ? null : longestPromised(site.promise);
  if (site.promise !== null && longest === null)
    return "the comment promises a bound, and names no number of characters";
  if (site.literal !== null)
    return findFault(site.literal.source, site.literal.flags, longest);
  const here = made.filter(
    ({ file, line }) =>
      file === site.file && line >= site.line && line <= site.lastLine,
  );
  if (here.length === 0 && longest === null)
    return "it is made from parts that are not known before the program runs";
  return (
    here
      .map(({ source, flags }) => findFault(source, flags, longest))
      .find((fault) => fault !== null) ?? null
  );
}
