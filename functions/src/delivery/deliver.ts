import * as at from "../domain/collections.ts";
import { PermanentError, RetryableError } from "../domain/kernel/errors.ts";
import type { Handoff } from "../domain/messages/handoff.ts";
import type { MessageId, TenantId } from "../domain/kernel/ids.ts";
import { addMs, dayMs } from "../domain/kernel/instant.ts";
import {
  isClaimable,
  maxStarts,
  type Message,
} from "../domain/messages/message.ts";
import { topics } from "../domain/messages/topics.ts";
import { commitOutcome } from "./commit.ts";
import type { AnyStage, Crew, Outcome } from "../ports/stage.ts";
import type { Deps } from "../ports/deps.ts";
import { type Read, update } from "../ports/store.ts";
import { readOrUnreadable } from "../ports/readOrUnreadable.ts";
import { type Claim, claim, logFacts, toAuthor } from "./claim.ts";
import { type Hold, holdOn } from "./hold.ts";
import { fail, toErrorMessage, park } from "./fail.ts";
import { toHandoff } from "./ring.ts";
import { takeTurn } from "./turn.ts";
import { parkWithMeaning } from "./unreadable.ts";

/**
 * The result of one delivery. `not-mine`: another execution owns the message, or owned it first. `unreached`: the
 * database did not answer; the sweeper will ring again.
 */
export type Delivered =
  | "done"
  | "later"
  | "parked"
  | "ended"
  | "early"
  | "leased"
  | "not-mine"
  | "unknown"
  | "unreached";

/** How long a done message is kept, so that a late duplicate of its work is recognised. */
const doneRetentionMs = 30 * dayMs;

/** How often a run restarts at once because its documents were changed meanwhile. */
const maxReruns = 3;

interface Wanted {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  /** The message itself, if the ring carried it. */
  readonly handoff?: Handoff;
}

/** How a delivery ended, and the message that it goes on with at once. */
interface Step {
  readonly delivered: Delivered;
  readonly next?: Wanted;
}

/** A first start found the message or its documents changed. */
const overtaken = "overtaken";

interface Context {
  readonly deps: Deps;
  readonly stageFor: Crew["stageFor"];
  /** Whether this process goes on with the work of this topic itself. */
  readonly goesOnWith: (topic: AnyStage["topic"]) => boolean;
}

/**
 * Runs a message's stage and commits its outcome together with the end of the message; of several runs, one commits.
 * Where the outcome is one piece of work for the same function, it goes on with that. Always returns normally, with
 * what became of the message that it was rung for.
 */
export async function deliver(
  wanted: Wanted,
  { stageFor, together = new Set(), budgetMs = 0 }: Crew,
  deps: Deps,
): Promise<Delivered> {
  const endsBy = addMs(deps.clock.now(), budgetMs);
  const goesOnWith = (topic: AnyStage["topic"]) =>
    together.has(topic) &&
    addMs(deps.clock.now(), topics[topic].timeoutMs) <= endsBy;
  const context = { deps, stageFor, goesOnWith };
  const { delivered, next } = await tryStep(wanted, context);
  for (let going = next; going !== undefined;)
    going = (await tryStep(going, context)).next;
  return delivered;
}

async function tryStep(wanted: Wanted, context: Context): Promise<Step> {
  try {
    return await step(wanted, context);
  } catch (error) {
    const { deps } = context;
    deps.log.write(
      "ERROR",
      "the database did not answer; the sweeper will ring again",
      {
        tenantId: wanted.tenantId,
        messageId: wanted.messageId,
        error: toErrorMessage(error, deps),
      },
    );
    return { delivered: "unreached" };
  }
}

/** One message's work: from what the ring carried where that still holds, otherwise from the database. */
async function step(wanted: Wanted, context: Context): Promise<Step> {
  const { deps, stageFor } = context;
  const { tenantId, messageId, handoff } = wanted;
  const ref = at.message(tenantId, messageId);
  if (handoff !== undefined) {
    const read = { ref, id: messageId, ...handoff };
    const begun = isFirstStart(read.data, context)
      ? await begin(toClaim(read, wanted, context), false, context)
      : await claimAndRun(read, wanted, context);
    if (begun !== overtaken && begun.delivered !== "not-mine") return begun;
  }
  // The message was touched after its ring was sent: the database has its current state.
  const read = await readOrUnreadable(ref, deps);
  if (read === "unreadable")
    return { delivered: await parkWithMeaning(ref.path, stageFor, deps) };
  if (read === null) return { delivered: "unknown" };
  const run = await claimAndRun(read, wanted, context);
  return run === overtaken ? { delivered: "not-mine" } : run;
}

/**
 * Whether a message is run without a claim: as it was created, before the sweeper could have rung for it, so that
 * whatever kills its process is soon counted by its claims.
 */
function isFirstStart(message: Message, { deps, stageFor }: Context): boolean {
  const now = deps.clock.now();
  const { starts, attempts, ringAt } = message;
  return (
    isClaimable(message, now) === "yes" &&
    starts + attempts === 0 &&
    now < ringAt &&
    stageFor(message.topic).pace === undefined
  );
}

function toClaim(
  read: Read<Message>,
  { tenantId, messageId }: Wanted,
  { deps, stageFor }: Context,
): Claim {
  const stage = stageFor(read.data.topic);
  return { tenantId, messageId, read, owner: deps.chance.id(), stage };
}

async function claimAndRun(
  read: Read<Message>,
  wanted: Wanted,
  context: Context,
): Promise<Step | typeof overtaken> {
  const claimed = await tryToClaim(read, wanted, context);
  return typeof claimed === "string"
    ? { delivered: claimed }
    : begin(claimed, true, context);
}

/** Runs what is claimed, or what a first start holds without a lease. */
async function begin(
  claimed: Claim,
  isLeased: boolean,
  context: Context,
): Promise<Step | typeof overtaken> {
  const hold = holdOn(claimed, { isLeased }, context.deps);
  try {
    return await run(hold, context);
  } catch (error) {
    await hold.end();
    return { delivered: await fail(hold.current(), error, context.deps) };
  } finally {
    await hold.end();
  }
}

/** The claim on a message as read, or why there is none. */
async function tryToClaim(
  read: Read<Message>,
  wanted: Wanted,
  context: Context,
): Promise<Claim | Delivered> {
  const { deps } = context;
  const verdict = isClaimable(read.data, deps.clock.now());
  if (verdict !== "yes") return verdict;
  const toBe = toClaim(read, wanted, context);
  const { starts, attempts } = read.data;
  if (starts >= maxStarts) {
    const reason = {
      code: "crashed",
      message: `Started ${maxStarts} times without an end: it kills its process.`,
    } as const;
    return park(toBe, { reason, attempts }, deps);
  }
  const turn = await takeTurn(toBe, deps);
  if (turn !== "now") return turn;
  return (await claim(toBe, deps)) ?? "not-mine";
}

async function run(
  hold: Hold,
  { deps, goesOnWith }: Context,
): Promise<Step | typeof overtaken> {
  const { stage, tenantId, messageId, read } = hold.current();
  const { signal, cancel } = deps.clock.abortAfter(
    topics[stage.topic].timeoutMs,
  );
  const { takeLease, assertLease } = hold;
  const job = {
    tenantId,
    messageId,
    message: read.data,
    payload: parsePayload(read.data),
    abortSignal: signal,
    takeLease,
    assertLease,
  };
  try {
    for (let again = 0; again <= maxReruns; again++) {
      const outcome = await beforeTimeout(stage.run(job, deps), signal);
      const committed = await hold.commit(async (claim) =>
        commitOutcome(
          { outcome, own: [toEnd(claim, outcome, deps)], goesOnWith },
          toAuthor(claim),
          deps,
        ),
      );
      if (committed.kind === "committed") {
        logEnd(hold.current(), outcome, deps);
        const { kept } = committed;
        return {
          delivered: "done",
          ...(kept && { next: { tenantId, ...toHandoff(kept) } }),
        };
      }
      if (!hold.isLeased()) return overtaken;
      await assertLease();
    }
  } finally {
    cancel();
  }
  throw new RetryableError(
    "store-busy",
    `The documents of this run were changed by others ${maxReruns + 1} times.`,
  );
}

function parsePayload({ topic, payload }: Message) {
  const parsed = topics[topic].payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new PermanentError(
    "bad-payload",
    `payload.${field} ${issue?.message}`,
    {
      cause: parsed.error,
    },
  );
}

function toEnd({ read }: Claim, outcome: Outcome, deps: Deps) {
  const skipped = outcome.skipped ?? null;
  return update(read, {
    state: "done",
    lease: null,
    error: null,
    skipped,
    expiresAt: addMs(deps.clock.now(), doneRetentionMs),
  });
}

function logEnd(claim: Claim, { skipped }: Outcome, { log }: Deps): void {
  log.write(
    "INFO",
    skipped === undefined ? "done" : "skipped",
    logFacts(claim, { reason: skipped }),
  );
}

async function beforeTimeout<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () =>
      reject(
        new RetryableError("timed-out", "The run did not finish in time."),
      );
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
