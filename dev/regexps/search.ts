import {
  type CharacterSet,
  findCharacters,
  isDisjoint,
  isWithin,
  noCharacters,
  union,
} from "./characterSet.ts";
import {
  canFail,
  findFirst,
  hasLongLook,
  hasUnbounded,
  listParts,
} from "./cost.ts";
import type { Node } from "./syntax.ts";

/** A stretch of what an expression reads one after the other. */
interface Stretch {
  /** All characters that it can consume. */
  readonly reads: CharacterSet;
  /** One of these it consumes for certain, null where it may consume none. */
  readonly consumes: CharacterSet | null;
  readonly isUnbounded: boolean;
  readonly canFail: boolean;
  /** The optional groups that it stands in: where it fails, what stands before them is kept. */
  readonly within: readonly Node[];
}

/** A node on its own, and the optional groups that it stands in. */
interface Step {
  readonly node: Node;
  readonly within: readonly Node[];
}

interface Path {
  readonly stretches: readonly Stretch[];
  /** It begins where the text does. */
  readonly isAnchored: boolean;
  /** A match begins behind none of these. */
  readonly notBehind: CharacterSet;
  /** A match begins behind one of these, or at the beginning; null where that is not said. */
  readonly behind: CharacterSet | null;
}

/** More ways through an expression are not looked at one by one. */
const mostPaths = 2000;

/** Whether every match begins where the text does: such an expression is tried once. */
export function isAnchored(tree: Node, flags: string): boolean {
  return flags.includes("y") || (!flags.includes("m") && beginsWithEdge(tree));
}

function beginsWithEdge(node: Node): boolean {
  switch (node.kind) {
    case "edge":
      return node.source === "^";
    case "choice":
      return node.options.every(beginsWithEdge);
    case "sequence": {
      const first = node.parts.find(
        (part) => part.kind !== "look" || hasUnbounded(part.body),
      );
      return first !== undefined && beginsWithEdge(first);
    }
    case "character":
    case "look":
    case "repeat":
      return false;
  }
}

/**
 * Whether a search, which begins anew at every place, reads each character only a bounded number of times: what an
 * unbounded repeat reads from one beginning, it does not read from another. That is so where
 * – nothing behind it can fail, so that the match takes what was read;
 * – before it stands a character that it does not read itself, so that what it reads ends before the next beginning; or
 * – no match begins behind what it reads, as in `(?<!\s)\s+$`.
 */
export function readsOnce(tree: Node, flags: string): boolean {
  const paths = findPaths(tree, flags);
  return (
    paths !== null &&
    !hasLongLook(tree) &&
    paths.every(
      (path) =>
        path.isAnchored ||
        path.stretches.every(
          (stretch, i) => !stretch.isUnbounded || isReadOnce(path, i),
        ),
    )
  );
}

function isReadOnce({ stretches, notBehind, behind }: Path, at: number) {
  const stretch = stretches[at];
  if (stretch === undefined) return true;
  const before = stretches.slice(0, at);
  const isLost = stretches
    .slice(at + 1)
    .some(
      (later) =>
        later.canFail &&
        later.within.every((group) => stretch.within.includes(group)),
    );
  if (!stretch.canFail && !isLost) return true;
  const passed = union([...before, stretch].map(({ reads }) => reads));
  if (notBehind.some((bits) => bits !== 0) && isWithin(passed, notBehind))
    return true;
  const marks = [behind, ...before.map(({ consumes }) => consumes)];
  return marks.some((mark, j) => {
    if (mark === null) return false;
    // The mark at j stands before the stretches from j on; the first is that of the lookbehind.
    const since = stretches.slice(j, at + 1).filter((s) => s.isUnbounded);
    return since.every(({ reads }) => isDisjoint(mark, reads));
  });
}

function findPaths(tree: Node, flags: string): readonly Path[] | null {
  const paths = expand(tree, []);
  return (
    paths?.map((steps) => ({
      ...findStart(
        steps.map(({ node }) => node),
        flags,
      ),
      stretches: steps.flatMap((step) => findStretches(step, flags)),
    })) ?? null
  );
}

/** Every way through the choices that hold an unbounded repeat; null where there are too many. */
function expand(
  node: Node,
  within: readonly Node[],
): readonly (readonly Step[])[] | null {
  if (!hasUnbounded(node)) return [[{ node, within }]];
  if (node.kind === "choice") {
    const options = node.options.map((option) => expand(option, within));
    return options.some((option) => option === null)
      ? null
      : options.flatMap((option) => option ?? []);
  }
  if (node.kind === "repeat" && node.max === 1) {
    const isOptional = node.min === 0;
    const inside = expand(node.body, isOptional ? [...within, node] : within);
    return isOptional && inside !== null ? [...inside, []] : inside;
  }
  if (node.kind !== "sequence") return [[{ node, within }]];
  let paths: readonly (readonly Step[])[] = [[]];
  for (const part of node.parts) {
    const ways = expand(part, within);
    if (ways === null || ways.length * paths.length > mostPaths) return null;
    paths = paths.flatMap((path) => ways.map((way) => [...path, ...way]));
  }
  return paths;
}

function findStretches(
  { node, within }: Step,
  flags: string,
): readonly Stretch[] {
  const { first, nullable } = findFirst(node, flags);
  const reads = toCharacterSet(node, flags);
  const consumes = nullable ? null : first;
  const bounded = { reads, consumes, isUnbounded: false, within };
  if (!hasUnbounded(node) || node.kind !== "repeat")
    return [{ ...bounded, canFail: canFail(node) }];
  const rest: Stretch = {
    reads,
    consumes: null,
    isUnbounded: true,
    canFail: losesWhatItRead(node.body),
    within,
  };
  if (nullable) return [rest];
  const beginning = { ...bounded, reads: first, canFail: true };
  // What repeats one character ends with it as well.
  return node.body.kind === "character"
    ? [beginning, rest, { ...beginning, canFail: false }]
    : [beginning, rest];
}

/** Whether a round of a loop can read without bound, and fail thereafter. */
function losesWhatItRead(body: Node): boolean {
  if (!hasUnbounded(body)) return false;
  if (body.kind !== "sequence") return true;
  const last = body.parts.findLastIndex(hasUnbounded);
  const part = body.parts[last];
  const isPlain = part?.kind === "repeat" && part.body.kind === "character";
  const isOnly = body.parts.filter(hasUnbounded).length === 1;
  return !isPlain || !isOnly || body.parts.slice(last + 1).some(canFail);
}

function toCharacterSet(node: Node, flags: string): CharacterSet {
  if (node.kind === "character") return findCharacters(node.source, flags);
  if (node.kind === "look") return noCharacters();
  return union(listParts(node).map((part) => toCharacterSet(part, flags)));
}

/** What the looks and edges at a path's beginning say of the character before it. */
function findStart(
  nodes: readonly Node[],
  flags: string,
): Omit<Path, "stretches"> {
  const not: CharacterSet[] = [];
  let isAnchored = false;
  let behind: CharacterSet | null = null;
  const flat = nodes.flatMap(flatten);
  for (const [i, node] of flat.entries()) {
    if (node.kind === "edge" && node.source === "^") {
      if (flags.includes("m"))
        behind = findCharacters("[\\n\\r\\u2028\\u2029]", flags);
      else isAnchored = true;
    } else if (node.kind === "edge" && node.source === "\\b") {
      const rest: Node = { kind: "sequence", parts: flat.slice(i + 1) };
      const { first, nullable } = findFirst(rest, flags);
      if (!nullable && isWithin(first, findCharacters("\\w", flags)))
        not.push(findCharacters("\\w", flags));
    } else if (node.kind === "look" && node.behind) {
      const options =
        node.body.kind === "choice" ? node.body.options : [node.body];
      const single = options.map(onlyCharacter);
      const sets = single.flatMap((one) =>
        one === null ? [] : [findCharacters(one, flags)],
      );
      if (node.negative) not.push(...sets);
      else if (sets.length === options.length) behind = union(sets);
    } else if (node.kind !== "look" && node.kind !== "edge") break;
  }
  return { isAnchored, notBehind: union(not), behind };
}

function flatten(node: Node): readonly Node[] {
  return node.kind === "sequence" ? node.parts.flatMap(flatten) : [node];
}

function onlyCharacter(node: Node): string | null {
  if (node.kind === "character") return node.source;
  const [part] = node.kind === "sequence" ? node.parts : [];
  return node.kind === "sequence" && node.parts.length === 1 && part
    ? onlyCharacter(part)
    : null;
}
