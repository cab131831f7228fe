import {
  type CharacterSet,
  findCharacters,
  isDisjoint,
  noCharacters,
  union,
} from "./characterSet.ts";
import type { Node } from "./syntax.ts";

/** So many steps as `factor` times the text's length to the power of `degree`. */
export interface Steps {
  readonly factor: number;
  readonly degree: number;
}

/** What may come behind a node: where none of it can fail, nothing is ever tried a second time. */
export interface Behind {
  readonly first: CharacterSet;
  readonly canFail: boolean;
}

export interface Cost {
  /** In how many ways the node can match at one place, as far as what comes behind it does not rule them out at once. */
  readonly ways: Steps;
  /** What it costs to try all of them, from one place. */
  readonly steps: Steps;
}

export const one: Steps = { factor: 1, degree: 0 };
/** A loop whose body matches the same text in two ways. */
const exponential: Steps = { factor: 1, degree: Infinity };
const nothingBehind: Behind = { first: noCharacters(), canFail: false };

/** A backtracking matcher's steps from one place of the text, at most: never less than what it takes. */
export function measureCost(tree: Node, flags: string): Cost {
  return analyse(tree, nothingBehind, flags);
}

function analyse(node: Node, behind: Behind, flags: string): Cost {
  switch (node.kind) {
    case "character":
    case "edge":
      return { ways: one, steps: one };
    case "look":
      // It is entered once, and never again for another way to match it.
      return {
        ways: one,
        steps: analyse(node.body, nothingBehind, flags).steps,
      };
    case "choice":
      return ofChoice(node.options, behind, flags);
    case "sequence":
      return ofSequence(node.parts, behind, flags);
    case "repeat":
      return ofRepeat(node, behind, flags);
  }
}

function ofSequence(
  parts: readonly Node[],
  behind: Behind,
  flags: string,
): Cost {
  let next = behind;
  const costs = parts.toReversed().map((part) => {
    // Where nothing from here on can fail, coming here is the end of trying.
    const isEnd = !next.canFail && !canFail(part);
    const cost = { ...analyse(part, next, flags), isEnd };
    const { first, nullable } = findFirst(part, flags);
    next = {
      first: nullable ? union([first, next.first]) : first,
      canFail: next.canFail || canFail(part),
    };
    return cost;
  });
  let ways = one;
  let steps = one;
  for (const cost of costs.toReversed()) {
    steps = sum(steps, cost.isEnd ? cost.steps : product(ways, cost.steps));
    ways = product(ways, cost.ways);
  }
  return { ways, steps };
}

function ofChoice(
  options: readonly Node[],
  behind: Behind,
  flags: string,
): Cost {
  const costs = options.map((option) => analyse(option, behind, flags));
  const beginnings = options.map((option) => findBeginning(option, flags));
  // Options that match at one place are all compatible with one another.
  const ways = costs.map((_, i) =>
    costs
      .filter(
        (_other, j) =>
          i === j || areCompatible(beginnings[i] ?? [], beginnings[j] ?? []),
      )
      .map((cost) => cost.ways)
      .reduce(sum),
  );
  return {
    ways: ways.reduce(larger, one),
    steps: costs.map(({ steps }) => steps).reduce(sum, one),
  };
}

function ofRepeat(
  node: Extract<Node, { kind: "repeat" }>,
  behind: Behind,
  flags: string,
): Cost {
  const { body, min, max } = node;
  const { first, nullable } = findFirst(body, flags);
  const isDecided =
    !behind.canFail || (!nullable && isDisjoint(first, behind.first));
  const count: Steps =
    max === Infinity
      ? { factor: 1, degree: 1 }
      : { factor: Math.max(1, max - min + 1), degree: 0 };
  const exits = isDecided ? one : count;
  if (body.kind === "character") {
    const length = max === Infinity ? count : { factor: max + 1, degree: 0 };
    return { ways: exits, steps: length };
  }
  const inside = analyse(
    body,
    {
      first: max === 1 ? behind.first : union([first, behind.first]),
      canFail: behind.canFail || min > 0,
    },
    flags,
  );
  if (max === Infinity) return ofLoop(inside, { body, exits });
  const times = power(inside.ways, max);
  return {
    ways: product(times, exits),
    steps: product(
      product(inside.steps, { factor: Math.max(1, max), degree: 0 }),
      power(inside.ways, Math.max(0, max - 1)),
    ),
  };
}

/** A loop that can go only one way walks the text once, however long each round is. */
function ofLoop(
  inside: Cost,
  { body, exits }: { readonly body: Node; readonly exits: Steps },
): Cost {
  if (inside.ways.degree > 0 || inside.ways.factor > 1)
    return { ways: exponential, steps: exponential };
  const looks = hasLongLook(body) ? 1 : 0;
  return {
    ways: exits,
    steps: {
      factor: inside.steps.factor,
      degree: Math.max(1, inside.steps.degree + looks),
    },
  };
}

/** The characters that a node's texts begin with, and whether it matches nothing as well. */
export function findFirst(
  node: Node,
  flags: string,
): { readonly first: CharacterSet; readonly nullable: boolean } {
  switch (node.kind) {
    case "character":
      return { first: findCharacters(node.source, flags), nullable: false };
    case "edge":
    case "look":
      return { first: noCharacters(), nullable: true };
    case "repeat": {
      const { first, nullable } = findFirst(node.body, flags);
      return { first, nullable: nullable || node.min === 0 };
    }
    case "choice": {
      const all = node.options.map((option) => findFirst(option, flags));
      return {
        first: union(all.map(({ first }) => first)),
        nullable: all.some(({ nullable }) => nullable),
      };
    }
    case "sequence": {
      const sets: CharacterSet[] = [];
      for (const part of node.parts) {
        const { first, nullable } = findFirst(part, flags);
        sets.push(first);
        if (!nullable) return { first: union(sets), nullable: false };
      }
      return { first: union(sets), nullable: true };
    }
  }
}

/** Whether there is a text that it does not match at. */
export function canFail(node: Node): boolean {
  switch (node.kind) {
    case "character":
    case "edge":
    case "look":
      return true;
    case "repeat":
      return node.min > 0 && canFail(node.body);
    case "choice":
      return node.options.every(canFail);
    case "sequence":
      return node.parts.some(canFail);
  }
}

/** How far two options are compared. */
const compared = 12;

/** The sets of the first characters, one place after the other, as far as each place is the same in all of its texts. */
function findBeginning(node: Node, flags: string): readonly CharacterSet[] {
  const sets: CharacterSet[] = [];
  walk(node);
  return sets;

  /** Whether the next place is known as well. */
  function walk(part: Node): boolean {
    if (sets.length >= compared) return false;
    if (part.kind === "character") {
      sets.push(findCharacters(part.source, flags));
      return true;
    }
    if (part.kind === "edge" || part.kind === "look") return true;
    if (part.kind === "sequence") return walkAll(part.parts);
    if (part.kind === "repeat" && part.min === part.max && part.max <= compared)
      return Array.from({ length: part.max }, () => walk(part.body)).every(
        Boolean,
      );
    return false;
  }

  function walkAll(parts: readonly Node[]): boolean {
    for (const [i, part] of parts.entries()) {
      if (walk(part)) continue;
      if (sets.length >= compared || isFixed(part)) return false;
      // From here on places differ: only the first character of what is left is known.
      const rest = findFirst(
        { kind: "sequence", parts: parts.slice(i) },
        flags,
      );
      if (!rest.nullable) sets.push(rest.first);
      return false;
    }
    return true;
  }
}

function isFixed(part: Node): boolean {
  return (
    part.kind === "character" ||
    part.kind === "sequence" ||
    (part.kind === "repeat" && part.min === part.max)
  );
}

function areCompatible(
  a: readonly CharacterSet[],
  b: readonly CharacterSet[],
): boolean {
  return a.every((set, i) => {
    const other = b[i];
    return other === undefined || !isDisjoint(set, other);
  });
}

/** Whether a look around it reads without a bound. */
export function hasLongLook(node: Node): boolean {
  if (node.kind === "look") return hasUnbounded(node.body);
  return listParts(node).some(hasLongLook);
}

export function hasUnbounded(node: Node): boolean {
  return (
    (node.kind === "repeat" && node.max === Infinity) ||
    listParts(node).some(hasUnbounded)
  );
}

export function listParts(node: Node): readonly Node[] {
  if (node.kind === "sequence") return node.parts;
  if (node.kind === "choice") return node.options;
  return "body" in node ? [node.body] : [];
}

export function sum(a: Steps, b: Steps): Steps {
  if (a.degree === b.degree)
    return { factor: a.factor + b.factor, degree: a.degree };
  return a.degree > b.degree ? a : b;
}

export function product(a: Steps, b: Steps): Steps {
  return { factor: a.factor * b.factor, degree: a.degree + b.degree };
}

function power(of: Steps, times: number): Steps {
  if (of.factor === 1 && of.degree === 0) return of;
  return {
    factor: of.factor ** times,
    degree: of.degree === 0 || times === 0 ? 0 : of.degree * times,
  };
}

function larger(a: Steps, b: Steps): Steps {
  if (a.degree === b.degree) return a.factor >= b.factor ? a : b;
  return a.degree > b.degree ? a : b;
}
