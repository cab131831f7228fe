import { backoffMs } from "../domain/messages/backoff.ts";
import * as at from "../domain/collections.ts";
import {
  type ErrorCode,
  LeaseLostError,
  PermanentError,
  RetryableError,
} from "../domain/kernel/errors.ts";
import { addMs } from "../domain/kernel/instant.ts";
import type { Message } from "../domain/messages/message.ts";
import { topics } from "../domain/messages/topics.ts";
import { commitOutcome } from "./commit.ts";
import { ring, toRing } from "./ring.ts";
import type { Outcome } from "../ports/stage.ts";
import type { Deps } from "../ports/deps.ts";
import { update } from "../ports/store.ts";
import { toAuthor, type Claim, logFacts } from "./claim.ts";

/** How often parking restarts because the documents that it marks were changed meanwhile. */
const maxReparks = 3;

/**
 * A vendor that is busy without saying for how long is asked again after 10 to 20 s, as after this many failed runs.
 */
const busyTries = 3;

interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Decides what a run's error means for its message: retry later, or park it. */
export async function fail(
  claim: Claim,
  error: unknown,
  deps: Deps,
): Promise<"later" | "parked" | "not-mine"> {
  if (error instanceof LeaseLostError) return "not-mine";
  const { data } = claim.read;
  const { maxAttempts } = topics[claim.stage.topic];
  const reason = {
    code: toErrorCode(error),
    message: toErrorMessage(error, deps),
  };
  const now = deps.clock.now();
  const isBusy = isWaitedOut(data, reason.code, now);
  const attempts = isBusy ? data.attempts : data.attempts + 1;
  if (error instanceof PermanentError || attempts >= maxAttempts) {
    return park(claim, { reason, attempts }, deps);
  }
  const asked = error instanceof RetryableError ? error.retryAfterMs : null;
  const tries = isBusy ? busyTries : attempts;
  const runAt = addMs(now, backoffMs(tries, deps.chance.jitter(), asked));
  const patch = {
    lease: null,
    starts: 0,
    attempts,
    turnAt: null,
    runAt,
    ringAt: runAt,
    error: { ...reason, at: now },
  };
  const waiting = await deps.store.commit([update(claim.read, patch)], now);
  if (waiting.kind === "conflict") return "not-mine";
  deps.log.write(
    "WARNING",
    "will be retried",
    logFacts(claim, { attempts, runAt, ...reason }),
  );
  await ring(
    [toRing(claim.tenantId, claim.messageId, { ...data, ...patch })],
    deps,
  );
  return "later";
}

/** A busy vendor has refused nothing: within the topic's patience, this is not a failed run. */
function isWaitedOut(
  { topic, createdAt }: Message,
  code: ErrorCode,
  now: Date,
): boolean {
  const { busyMs = 0 } = topics[topic];
  return code === "vendor-busy" && now < addMs(createdAt, busyMs);
}

/** Parks a message for a person, together with what that means for its documents. */
export async function park(
  claim: Claim,
  { reason, attempts }: { readonly reason: Reason; readonly attempts: number },
  deps: Deps,
): Promise<"parked" | "not-mine"> {
  for (let again = 0; again <= maxReparks; again++) {
    const now = deps.clock.now();
    const parked = update(claim.read, {
      state: "parked",
      lease: null,
      attempts,
      error: { ...reason, at: now },
    });
    const parking = (meaning: Outcome) =>
      commitOutcome({ outcome: meaning, own: [parked] }, toAuthor(claim), deps);
    const committed = await parkedOutcome(claim, reason, deps)
      .then(parking)
      .catch(async (error: unknown) => {
        if (error instanceof RetryableError) throw error;
        // An outcome that can never be written must not keep the message open for ever.
        deps.log.write(
          "ERROR",
          "the effects of parking could not be written",
          logFacts(claim, { error: toErrorMessage(error, deps) }),
        );
        return parking({});
      });
    if (committed.kind === "committed") {
      deps.log.write(
        "ERROR",
        "parked",
        logFacts(claim, { attempts, ...reason }),
      );
      return "parked";
    }
    const current = await deps.store.read(
      at.message(claim.tenantId, claim.messageId),
    );
    if (
      current?.data.state !== "open" ||
      current.data.starts !== claim.read.data.starts
    )
      return "not-mine";
  }
  return "not-mine";
}

/** What parking means for the message's documents; nothing where the payload cannot be read. */
async function parkedOutcome(
  { tenantId, read, stage }: Claim,
  error: Reason,
  deps: Deps,
): Promise<Outcome> {
  const payload = topics[stage.topic].payload.safeParse(read.data.payload);
  if (stage.whenParked === undefined || !payload.success) return {};
  return stage.whenParked({ tenantId, payload: payload.data, error }, deps);
}

function toErrorCode(error: unknown): ErrorCode {
  return error instanceof PermanentError || error instanceof RetryableError
    ? error.code
    : "unknown";
}

/**
 * An error's message, shortened to what a document can hold, and redacted, since vendors echo what they were sent.
 */
export function toErrorMessage(
  error: unknown,
  { redactor }: Pick<Deps, "redactor">,
): string {
  const said = error instanceof Error ? error.message : String(error);
  try {
    return redactor.redact(said).slice(0, 1000);
  } catch {
    // A text that breaks redaction must not keep its message from being parked.
    return "It failed with a message that could not be redacted.";
  }
}
