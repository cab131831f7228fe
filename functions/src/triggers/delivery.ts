import { backoffMs } from "../domain/backoff.ts";
import * as at from "../domain/collections.ts";
import {
  type ErrorCode,
  LeaseLostError,
  PermanentError,
  RetryableError,
} from "../domain/errors.ts";
import type { MessageId, TenantId } from "../domain/ids.ts";
import { addMs, dayMs } from "../domain/instant.ts";
import { claimable, maxStarts, type Message } from "../domain/message.ts";
import { leaseSlackMs, topics } from "../domain/topics.ts";
import {
  type Author,
  commitOutcome,
  ring,
  ringOf,
} from "../pipeline/commit.ts";
import type { AnyStage, Outcome } from "../pipeline/outcome.ts";
import { type Deps, type Read, update } from "../pipeline/ports.ts";

/** What became of one delivery. `not-mine`: another execution owns the message, or owned it first. `unreached`: the database did not answer, and the sweeper will ring again. */
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

/** How long a done message is kept, so that a late copy of its work is recognised. */
const doneRetentionMs = 30 * dayMs;

/** How often a run whose documents were changed under it starts over at once. */
const maxReruns = 3;

interface Claim {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  /** The message as claimed; its stamp is the fencing token of all that this run commits. */
  readonly read: Read<Message>;
  readonly owner: string;
  readonly stage: AnyStage;
}

interface Wanted {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
}

type StageOf = (topic: AnyStage["topic"]) => AnyStage;

/**
 * Runs the stage of one message at most once at a time, and commits what it wants together with the
 * message's end. Returns normally, whatever happens.
 */
export async function deliver(
  wanted: Wanted,
  stageOf: StageOf,
  deps: Deps,
): Promise<Delivered> {
  try {
    return await claimAndRun(wanted, stageOf, deps);
  } catch (error) {
    deps.log.write(
      "ERROR",
      "the database did not answer; the sweeper will ring again",
      { ...wanted, error: messageOf(error) },
    );
    return "unreached";
  }
}

async function claimAndRun(
  { tenantId, messageId }: Wanted,
  stageOf: StageOf,
  deps: Deps,
): Promise<Delivered> {
  const read = await deps.store.read(at.message(tenantId, messageId));
  if (read === null) return "unknown";
  const verdict = claimable(read.data, deps.clock.now());
  if (verdict !== "yes") return verdict;

  const stage = stageOf(read.data.topic);
  if (read.data.starts >= maxStarts) {
    const crashed = {
      code: "crashed" as const,
      message: `Started ${maxStarts} times without an end: it kills its process.`,
    };
    return park(
      { tenantId, messageId, read, owner: "", stage },
      crashed,
      read.data.attempts,
      deps,
    );
  }
  const claim = await take(
    { tenantId, messageId, read, owner: deps.chance.id(), stage },
    deps,
  );
  if (claim === null) return "not-mine";
  try {
    return await run(claim, deps);
  } catch (error) {
    return fail(claim, error, deps);
  }
}

async function take(wanted: Claim, deps: Deps): Promise<Claim | null> {
  const now = deps.clock.now();
  const expiresAt = addMs(
    now,
    topics[wanted.stage.topic].timeoutMs + leaseSlackMs,
  );
  const patch = {
    lease: { owner: wanted.owner, expiresAt },
    starts: wanted.read.data.starts + 1,
    ringAt: expiresAt,
  };
  const taken = await deps.store.commit([update(wanted.read, patch)], now);
  if (taken.kind === "conflict") return null;
  return {
    ...wanted,
    read: {
      ...wanted.read,
      data: { ...wanted.read.data, ...patch },
      stamp: taken.stamp,
    },
  };
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
  try {
    for (let again = 0; again <= maxReruns; again++) {
      const stillMine = () => assertMine(claim, deps);
      const job = {
        tenantId,
        messageId,
        message: read.data,
        payload: payload.data,
        signal,
        stillMine,
      };
      const outcome = await beforeTimeout(stage.run(job, deps), signal);
      const committed = await commitOutcome(
        outcome,
        authorOf(claim),
        [endOf(claim, outcome, deps)],
        deps,
      );
      if (committed.kind === "committed") {
        deps.log.write(
          "INFO",
          outcome.skipped === undefined ? "done" : "skipped",
          factsOf(claim, { reason: outcome.skipped }),
        );
        return "done";
      }
      await assertMine(claim, deps);
    }
  } finally {
    cancel();
  }
  throw new RetryableError(
    "store-busy",
    `The documents of this run were changed under it ${maxReruns + 1} times.`,
  );
}

function endOf(claim: Claim, outcome: Outcome, deps: Deps) {
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
        new RetryableError(
          "timed-out",
          "The run was not over within its time.",
        ),
      );
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

async function assertMine(claim: Claim, deps: Deps): Promise<void> {
  const current = await deps.store.read(claim.read.ref);
  const lease = current?.data.lease ?? null;
  const mine =
    current?.data.state === "open" &&
    lease?.owner === claim.owner &&
    lease.expiresAt > deps.clock.now();
  if (!mine)
    throw new LeaseLostError(`${claim.messageId} is no longer this run's.`);
}

async function fail(
  claim: Claim,
  error: unknown,
  deps: Deps,
): Promise<Delivered> {
  if (error instanceof LeaseLostError) return "not-mine";
  const { data } = claim.read;
  const reason = { code: codeOf(error), message: messageOf(error) };
  const attempts = data.attempts + 1;
  if (
    error instanceof PermanentError ||
    attempts >= topics[claim.stage.topic].maxAttempts
  ) {
    return park(claim, reason, attempts, deps);
  }
  const now = deps.clock.now();
  const asked = error instanceof RetryableError ? error.retryAfterMs : null;
  const runAt = addMs(now, backoffMs(attempts, deps.chance.jitter(), asked));
  const patch = {
    lease: null,
    attempts,
    runAt,
    ringAt: runAt,
    error: { ...reason, at: now },
  };
  const waiting = await deps.store.commit([update(claim.read, patch)], now);
  if (waiting.kind === "conflict") return "not-mine";
  deps.log.write(
    "WARNING",
    "will be tried again",
    factsOf(claim, { attempts, runAt, ...reason }),
  );
  await ring(
    [ringOf(claim.tenantId, claim.messageId, { ...data, runAt })],
    deps,
  );
  return "later";
}

async function park(
  claim: Claim,
  reason: { code: ErrorCode; message: string },
  attempts: number,
  deps: Deps,
): Promise<Delivered> {
  for (let again = 0; again <= maxReruns; again++) {
    const now = deps.clock.now();
    const parked = update(claim.read, {
      state: "parked",
      lease: null,
      attempts,
      error: { ...reason, at: now },
    });
    const parking = (meaning: Outcome) =>
      commitOutcome(meaning, authorOf(claim), [parked], deps);
    const committed = await meaningOf(claim, reason, deps)
      .then(parking)
      .catch(async (error: unknown) => {
        if (error instanceof RetryableError) throw error;
        // What can never be written must not keep the message open for ever.
        deps.log.write(
          "ERROR",
          "what parking means could not be written",
          factsOf(claim, { error: messageOf(error) }),
        );
        return parking({});
      });
    if (committed.kind === "committed") {
      deps.log.write(
        "ERROR",
        "parked",
        factsOf(claim, { attempts, ...reason }),
      );
      return "parked";
    }
    const current = await deps.store.read(claim.read.ref);
    if (
      current?.data.state !== "open" ||
      current.data.starts !== claim.read.data.starts
    )
      return "not-mine";
  }
  return "not-mine";
}

/** What parking means to the message's documents; a payload that cannot be read means nothing to any. */
async function meaningOf(
  claim: Claim,
  error: { code: ErrorCode; message: string },
  deps: Deps,
): Promise<Outcome> {
  const payload = topics[claim.stage.topic].payload.safeParse(
    claim.read.data.payload,
  );
  if (claim.stage.whenParked === undefined || !payload.success) return {};
  return claim.stage.whenParked(
    { tenantId: claim.tenantId, payload: payload.data, error },
    deps,
  );
}

function authorOf({ tenantId, messageId, read, stage }: Claim): Author {
  const { traceId, runId } = read.data;
  return {
    tenantId,
    actor: `system:${stage.topic}`,
    origin: { traceId, runId, causedBy: messageId },
  };
}

function codeOf(error: unknown): ErrorCode {
  return error instanceof PermanentError || error instanceof RetryableError
    ? error.code
    : "unknown";
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(
    0,
    1000,
  );
}

function factsOf(
  claim: Claim,
  facts: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { tenantId, messageId, stage, read } = claim;
  return {
    tenantId,
    messageId,
    topic: stage.topic,
    traceId: read.data.traceId,
    runId: read.data.runId,
    starts: read.data.starts,
    ...facts,
  };
}
