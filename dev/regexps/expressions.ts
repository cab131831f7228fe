import ts from "typescript";

/** A place in the sources where a regular expression is written or made. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  /** What is written there; null where it is made as the program runs. */
  readonly literal: { readonly source: string; readonly flags: string } | null;
  /** What a comment beside it promises of the text that it is asked of. */
  readonly promise: string | null;
}

/** Every expression of a source file: literals, and calls of `RegExp`. */
export function expressionsIn(file: string, code: string): readonly Site[] {
  const parsed = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const sites: Site[] = [];
  const lineAt = (position: number) =>
    parsed.getLineAndCharacterOfPosition(position).line;
  const add = (node: ts.Node, literal: Site["literal"]) => {
    sites.push({
      file,
      line: lineAt(node.getStart()) + 1,
      lastLine: lineAt(node.getEnd()) + 1,
      literal,
      promise: promiseAbove(node, code),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      add(node, {
        source: node.text.slice(1, end),
        flags: node.text.slice(end + 1),
      });
    }
    if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      /^(?:globalThis\.)?RegExp$/.test(node.expression.getText())
    )
      add(node, null);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return sites;
}

/** The promise in the comments above the expression, or above what it is part of, up to its statement. */
function promiseAbove(node: ts.Node, code: string): string | null {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    const comments = ts.getLeadingCommentRanges(code, at.getFullStart()) ?? [];
    for (const { pos, end } of comments) {
      const promise = /bounded: ([^\n]+)/.exec(code.slice(pos, end))?.[1];
      if (promise !== undefined) return promise.replace(/\s*\*\/$/, "");
    }
    if (ts.isStatement(at)) return null;
  }
  return null;
}

/** The number of characters that a promise names, as in `bounded: a title of at most 300 characters`; null where it names none. */
export function longestPromised(promise: string): number | null {
  const found = /(\d[\d,]{0,12}) (?:characters|digits|letters)\b/.exec(promise);
  return found?.[1] === undefined ? null : Number(found[1].replaceAll(",", ""));
}
