import * as at from "../../domain/collections.ts";
import { type TenantId, Uid } from "../../domain/kernel/ids.ts";
import { addMs, secondMs } from "../../domain/kernel/instant.ts";
import {
  nextShare,
  type Rate,
  type Share,
} from "../../domain/requests/rate.ts";
import { create, put, update } from "../../ports/store.ts";
import type { Deps } from "../../ports/deps.ts";
import { readOrUnreadable } from "../../ports/readOrUnreadable.ts";

/** Whether a request is allowed, and what its caller has left. */
export interface Allowance {
  readonly granted: boolean;
  /** Roughly how many are left: what other instances hold is not known here. */
  readonly left: number;
  /** When more become available if none are left; otherwise when the budget is full again. */
  readonly at: Date;
}

/** Whose requests are counted: a person (by uid) or a system in a tenant, or a person without a tenant. */
export interface RateKey {
  readonly tenantId: TenantId | null;
  readonly id: string;
}

/** Holds callers to their rates across all instances. */
export interface Limiter {
  readonly take: (caller: RateKey, rate: Rate) => Promise<Allowance>;
}

type BudgetRef = ReturnType<typeof at.budget>;
type Needs = Pick<Deps, "store" | "clock">;

/** Only the same person's requests on other instances compete for a budget. */
const tries = 10;
/** With more shares than this, expired ones are dropped from memory. */
const maxShares = 5_000;

/**
 * Takes shares of each caller's budget document and spends them in memory, so that most requests cost no database
 * operation. What an instance leaves unspent is lost to its caller: the limit can apply one share too early, never too
 * late.
 */
export function sharedLimiter(deps: Needs): Limiter {
  const shares = new Map<string, { spent: number; readonly share: Share }>();
  const asking = new Map<string, Promise<void>>();

  return {
    take: async (caller, rate) => {
      const ref = budgetRef(caller, rate);
      for (;;) {
        const now = deps.clock.now();
        const current = shares.get(ref.path);
        if (current !== undefined && current.share.until > now) {
          const { requests, besides, until, wholeAt } = current.share;
          if (requests === 0) return { granted: false, left: 0, at: until };
          if (current.spent < requests) {
            const left = requests - ++current.spent + besides;
            return { granted: true, left, at: wholeAt };
          }
        }
        await (asking.get(ref.path) ?? ask(ref, rate));
      }
    },
  };

  /** Concurrent requests wait for the same share. */
  function ask(ref: BudgetRef, rate: Rate): Promise<void> {
    const asked = replenish(ref, rate).finally(() => asking.delete(ref.path));
    asking.set(ref.path, asked);
    return asked;
  }

  async function replenish(ref: BudgetRef, rate: Rate) {
    const share = await takeShare(ref, rate, deps);
    if (shares.size >= maxShares) forget();
    shares.set(ref.path, { spent: 0, share });
  }

  function forget() {
    const now = deps.clock.now();
    for (const [path, { share }] of shares)
      if (share.until <= now) shares.delete(path);
  }
}

function budgetRef({ tenantId, id }: RateKey, { name }: Rate): BudgetRef {
  return tenantId === null
    ? at.personBudget(Uid.parse(id), name)
    : at.budget(tenantId, `${id}_${name}`);
}

async function takeShare(
  ref: BudgetRef,
  rate: Rate,
  { store, clock }: Needs,
): Promise<Share> {
  for (let n = 0; n < tries; n++) {
    const now = clock.now();
    // An unreadable budget starts over: it must not lock its caller out.
    const stored = await readOrUnreadable(ref, { store });
    const read = stored === "unreadable" ? null : stored;
    const share = nextShare(read?.data.usedUntil ?? null, rate, now);
    if (share.requests === 0) return share;
    const { budget } = share;
    const createOrPut = stored === "unreadable" ? put : create;
    const write =
      read === null ? createOrPut(ref, budget) : update(read, budget);
    if ((await store.commit([write], now)).kind === "committed") return share;
  }
  // This many conflicts mean too many requests, whatever the budget says.
  const until = addMs(clock.now(), secondMs);
  const none = nextShare(until, { ...rate, burst: 0 }, clock.now());
  return { ...none, until };
}

/** Holds all anonymous callers of this instance to one shared rate. */
export function instanceLimiter({ clock }: Pick<Deps, "clock">) {
  let usedUntil: Date | null = null;
  let current: { readonly share: Share; spent: number } | null = null;
  return (rate: Rate): Allowance => {
    const now = clock.now();
    if (
      current === null ||
      current.share.until <= now ||
      current.spent >= current.share.requests
    ) {
      const share = nextShare(usedUntil, rate, now);
      usedUntil = share.budget.usedUntil;
      current = { share, spent: 0 };
    }
    const { requests, besides, until, wholeAt } = current.share;
    if (requests === 0) return { granted: false, left: 0, at: until };
    return {
      granted: true,
      left: requests - ++current.spent + besides,
      at: wholeAt,
    };
  };
}
