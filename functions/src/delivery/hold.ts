import { addMs } from "../domain/kernel/instant.ts";
import { isRenewed, leaseMs, renewEveryMs } from "../domain/messages/topics.ts";
import type { Deps } from "../ports/deps.ts";
import { update } from "../ports/store.ts";
import {
  assertLease,
  type Claim,
  claim,
  leaseLost,
  logFacts,
} from "./claim.ts";
import { toErrorMessage } from "./fail.ts";

/**
 * A run's hold on its message: from its first start only the stamp, by which one of several runs can commit; a lease
 * from the moment that it asks for one. The lease of long work is renewed while the run lives, so that it is short
 * when the run's process dies.
 */
export interface Hold {
  readonly current: () => Claim;
  readonly isLeased: () => boolean;
  /** Takes the lease unless this run has it; throws LeaseLostError where another was faster. */
  readonly takeLease: () => Promise<void>;
  /** Throws LeaseLostError unless the message is open and leased to this run, which is leased to it first. */
  readonly assertLease: () => Promise<void>;
  /** Commits by the claim as it is, which no renewal changes meanwhile. */
  readonly commit: <T>(work: (claim: Claim) => Promise<T>) => Promise<T>;
  /** Ends the renewals, and waits for one that is on its way. */
  readonly end: () => Promise<void>;
}

/** The hold of a run that begins with this claim, leased or not. */
export function holdOn(
  begun: Claim,
  { isLeased }: { readonly isLeased: boolean },
  deps: Deps,
): Hold {
  let held = begun;
  let leasing: Promise<void> | null = isLeased ? Promise.resolve() : null;
  const renewals = renewing(
    () => held,
    (claimed) => void (held = claimed),
    deps,
  );
  if (isLeased) renewals.start();

  const take = async () => {
    const taken = await claim(begun, deps);
    if (taken === null) throw leaseLost(begun);
    held = taken;
    renewals.start();
  };
  return {
    current: () => held,
    isLeased: () => leasing !== null,
    takeLease: () => (leasing ??= take()),
    assertLease: async () => {
      if (leasing === null) return (leasing = take());
      await leasing;
      await assertLease(held, deps);
    },
    commit: async (work) => {
      await renewals.stop();
      try {
        return await work(held);
      } finally {
        if (leasing !== null) renewals.start();
      }
    },
    end: renewals.stop,
  };
}

/** Renews a claim's lease from time to time, where its work takes longer than that lasts. */
function renewing(
  current: () => Claim,
  change: (claimed: Claim) => void,
  deps: Deps,
) {
  let cancel: () => void = () => undefined;
  let underWay: Promise<void> = Promise.resolve();
  let isOn = false;

  const start = () => {
    if (!isRenewed(current().stage.topic)) return;
    isOn = true;
    const timer = deps.clock.abortAfter(renewEveryMs);
    ({ cancel } = timer);
    const next = async () => {
      const renewed = await renew(current(), deps);
      if (renewed !== null) change(renewed);
      if (renewed !== null && isOn) start();
    };
    timer.signal.addEventListener("abort", () => (underWay = next()), {
      once: true,
    });
  };
  const stop = async () => {
    isOn = false;
    cancel();
    await underWay;
  };
  return { start, stop };
}

/** The claim with a longer lease, or as it is where the database does not answer; null where another run has it. */
async function renew(claimed: Claim, deps: Deps): Promise<Claim | null> {
  const { read, stage, owner } = claimed;
  const now = deps.clock.now();
  const expiresAt = addMs(now, leaseMs(stage.topic));
  const patch = { lease: { owner, expiresAt }, ringAt: expiresAt };
  try {
    const renewed = await deps.store.commit([update(read, patch)], now);
    if (renewed.kind === "conflict") return null;
    const { stamp } = renewed;
    return {
      ...claimed,
      read: { ...read, data: { ...read.data, ...patch }, stamp },
    };
  } catch (error) {
    deps.log.write(
      "WARNING",
      "a lease could not be renewed",
      logFacts(claimed, { error: toErrorMessage(error, deps) }),
    );
    return claimed;
  }
}
