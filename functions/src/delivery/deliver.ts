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
import type { AnyStage, Outcome } from "../ports/stage.ts";
import type { Deps } from "../ports/deps.ts";
import { type Read, update } from "../ports/store.ts";
import { readOrUnreadable } from "../ports/readOrUnreadable.ts";
import { assertLease, toAuthor, type Claim, logFacts, claim } from "./claim.ts";
import { fail, toErrorMessage, park } from "./fail.ts";
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

type StageFor = (topic: AnyStage["topic"]) => AnyStage;

/**
 * Runs a message's stage, never twice at the same time, and commits its outcome together with the end of the message.
 * Always returns normally.
 */
export async function deliver(
  wanted: Wanted,
  stageFor: StageFor,
  deps: Deps,
): Promise<Delivered> {
  try {
    return await claimAndRun(wanted, stageFor, deps);
  } catch (error) {
    deps.log.write(
      "ERROR",
      "the database did not answer; the sweeper will ring again",
      {
        tenantId: wanted.tenantId,
        messageId: wanted.messageId,
        error: toErrorMessage(error, deps),
      },
    );
    return "unreached";
  }
}

async function claimAndRun(
  wanted: Wanted,
  stageFor: StageFor,
  deps: Deps,
): Promise<Delivered> {
  const { tenantId, messageId, handoff } = wanted;
  const ref = at.message(tenantId, messageId);
  const claimed =
    handoff === undefined
      ? null
      : await tryToClaim({ ref, id: messageId, ...handoff }, wanted, {
          stageFor,
          deps,
        });
  // The message was touched after its ring was sent: the database has its current state.
  if (claimed !== null && claimed !== "not-mine")
    return runClaimed(claimed, deps);
  const read = await readOrUnreadable(ref, deps);
  if (read === "unreadable") return parkWithMeaning(ref.path, stageFor, deps);
  if (read === null) return "unknown";
  return runClaimed(await tryToClaim(read, wanted, { stageFor, deps }), deps);
}

async function runClaimed(
  claimed: Claim | Delivered,
  deps: Deps,
): Promise<Delivered> {
  if (typeof claimed === "string") return claimed;
  try {
    return await run(claimed, deps);
  } catch (error) {
    return fail(claimed, error, deps);
  }
}

/** The claim on a message as read, or why there is none. */
async function tryToClaim(
  read: Read<Message>,
  { tenantId, messageId }: Wanted,
  { stageFor, deps }: { readonly stageFor: StageFor; readonly deps: Deps },
): Promise<Claim | Delivered> {
  const verdict = isClaimable(read.data, deps.clock.now());
  if (verdict !== "yes") return verdict;
  const stage = stageFor(read.data.topic);
  const owner = deps.chance.id();
  const wanted = { tenantId, messageId, read, owner, stage };
  const { starts, attempts } = read.data;
  if (starts >= maxStarts) {
    const reason = {
      code: "crashed",
      message: `Started ${maxStarts} times without an end: it kills its process.`,
    } as const;
    return park(wanted, { reason, attempts }, deps);
  }
  const turn = await takeTurn(wanted, deps);
  if (turn !== "now") return turn;
  return (await claim(wanted, deps)) ?? "not-mine";
}

async function run(claim: Claim, deps: Deps): Promise<Delivered> {
  const { stage, tenantId, messageId, read } = claim;
  const payload = topics[stage.topic].payload.safeParse(read.data.payload);
  if (!payload.success) {
    const [issue] = payload.error.issues;
    const field = issue?.path.join(".") ?? "";
    throw new PermanentError(
      "bad-payload",
      `payload.${field} ${issue?.message}`,
      { cause: payload.error },
    );
  }
  const { signal, cancel } = deps.clock.abortAfter(
    topics[stage.topic].timeoutMs,
  );
  const job = {
    tenantId,
    messageId,
    message: read.data,
    payload: payload.data,
    abortSignal: signal,
    assertLease: () => assertLease(claim, deps),
  };
  try {
    for (let again = 0; again <= maxReruns; again++) {
      const outcome = await beforeTimeout(stage.run(job, deps), signal);
      const committed = await commitOutcome(
        { outcome, own: [toEnd(claim, outcome, deps)] },
        toAuthor(claim),
        deps,
      );
      if (committed.kind === "committed") {
        deps.log.write(
          "INFO",
          outcome.skipped === undefined ? "done" : "skipped",
          logFacts(claim, { reason: outcome.skipped }),
        );
        return "done";
      }
      await assertLease(claim, deps);
    }
  } finally {
    cancel();
  }
  throw new RetryableError(
    "store-busy",
    `The documents of this run were changed by others ${maxReruns + 1} times.`,
  );
}

function toEnd(claim: Claim, outcome: Outcome, deps: Deps) {
  const skipped = outcome.skipped ?? null;
  return update(claim.read, {
    state: "done",
    lease: null,
    error: null,
    skipped,
    expiresAt: addMs(deps.clock.now(), doneRetentionMs),
  });
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
