import { isDeepStrictEqual } from "node:util";
import { as } from "./database.ts";
import { inLanes } from "./lanes.ts";

/** One question to the rules, and the only right answer. */
export interface Case {
  /** The sentence that it is an instance of. */
  readonly says: string;
  readonly name: string;
  /** The collection that it asks of. */
  readonly collection: string;
  readonly expected: unknown;
  /** Where it writes if it may. */
  readonly writes?: boolean;
  readonly ask: (projectId: string) => Promise<unknown>;
}

/** A case that one person asks. */
export interface Question extends Omit<Case, "ask"> {
  readonly who: string;
  readonly what: (client: ReturnType<typeof as>) => Promise<unknown>;
}

/** The case of a question. */
export function asking({ who, what, name, ...rest }: Question): Case {
  const ask = (projectId: string) => what(as(projectId, who));
  return { ...rest, name: `${name}, by ${who}`, ask };
}

/** A case whose answer was not the right one. */
export interface Difference extends Omit<Case, "ask"> {
  readonly answer: unknown;
}

/** Asks all cases, sixteen at a time, in their order; no more once one has come out wrong, if that is enough. */
export async function differences(
  cases: readonly Case[],
  projectId: string,
  oneIsEnough = false,
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  await inLanes(cases, 16, async ({ ask, ...said }) => {
    if (oneIsEnough && found.length > 0) return;
    const answer = await ask(projectId);
    if (isDeepStrictEqual(answer, said.expected)) return;
    found.push({ ...said, answer });
  });
  return found;
}
