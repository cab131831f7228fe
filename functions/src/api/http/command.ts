import type { Author } from "../../delivery/commit.ts";
import type { Outcome } from "../../ports/stage.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { commitAnswered, type Part } from "./idempotency.ts";
import { type Problem, Refusal } from "./problem.ts";

const tries = 3;

/** The outcome of a command. */
export interface Decision<V extends object> {
  /** The answer's body. */
  readonly body: V;
  /** What to commit; left out where there is nothing left to do. */
  readonly outcome?: Outcome;
  readonly author?: Author;
  readonly part?: Part | null;
  /** True for one step of a larger command: the body is not kept as the command's answer. */
  readonly isStep?: boolean;
  /** Runs once the outcome is committed. */
  readonly after?: () => Promise<void>;
}

interface Command<V extends object> {
  /** Reads the current state and decides; called again when a commit conflicts. */
  readonly decide: () => Promise<Decision<V>>;
  /** The current state, for a 409. */
  readonly current?: () => Promise<Problem["current"]>;
}

/** Decides and commits, up to three times while commits conflict; the same commit keeps the answer under the request's Idempotency-Key. */
export async function carryOut<V extends object>(
  c: ApiContext,
  { decide, current }: Command<V>,
  deps: ApiDeps,
): Promise<V> {
  return retryOnConflict(async () => {
    const { body, outcome, isStep, after, ...rest } = await decide();
    if (outcome === undefined) return body;
    const answer = isStep === true ? null : body;
    const commit = await commitAnswered(c, { outcome, answer, ...rest }, deps);
    if (commit.kind === "conflict") return null;
    await after?.();
    return body;
  }, current);
}

/** Runs `attempt` up to three times while it gives null, which means that its commit conflicted; then 409 with the current state, if there is one to give. */
export async function retryOnConflict<T>(
  attempt: () => Promise<T | null>,
  current?: () => Promise<Problem["current"]>,
): Promise<T> {
  for (let n = 0; n < tries; n++) {
    const result = await attempt();
    if (result !== null) return result;
  }
  const now = await current?.();
  throw new Refusal(
    409,
    "This keeps changing. Load it again, then retry.",
    now === undefined ? {} : { current: now },
  );
}
