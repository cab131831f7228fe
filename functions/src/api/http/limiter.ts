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

/** Whether a request may be made, and what is left to its caller. */
export interface Allowance {
  readonly granted: boolean;
  /** About how many are left: what other instances hold is not known here. */
  readonly left: number;
  /** When there is some again, where there is none; else when all of it is there again. */
  readonly at: Date;
}

/** Whose requests are counted: a person by their uid or a system, in a tenant, or a person who is in none. */
export interface Counted {
  readonly tenantId: TenantId | null;
  readonly id: string;
}

/** Keeps callers to their rates over all instances. */
export interface Limiter {
  readonly take: (caller: Counted, rate: Rate) => Promise<Allowance>;
}

type Budgeted = ReturnType<typeof at.budget>;
type Needs = Pick<Deps, "store" | "clock">;

/** Rivals for one person's budget are that person's own requests on other instances. */
const tries = 10;
/** Beyond so many callers in a minute those that are over are forgotten. */
const maxShares = 5_000;

/**
 * Takes shares of each caller's budget document and spends them in memory, so that most requests cost no
 * operation and no document is written for each. What an instance leaves unspent is lost to its caller:
 * the limit may come a share too early, never too late.
 */
export function sharingLimiter(deps: Needs): Limiter {
  const shares = new Map<string, { spent: number; readonly share: Share }>();
  const asking = new Map<string, Promise<void>>();

  return {
    take: async (caller, rate) => {
      const ref = budgetOf(caller, rate);
      for (;;) {
        const now = deps.clock.now();
        const held = shares.get(ref.path);
        if (held !== undefined && held.share.until > now) {
          const { requests, besides, until, wholeAt } = held.share;
          if (requests === 0) return { granted: false, left: 0, at: until };
          if (held.spent < requests) {
            const left = requests - ++held.spent + besides;
            return { granted: true, left, at: wholeAt };
          }
        }
        await (asking.get(ref.path) ?? ask(ref, rate));
      }
    },
  };

  /** Of the requests that come meanwhile one asks for all. */
  function ask(ref: Budgeted, rate: Rate): Promise<void> {
    const asked = replenish(ref, rate).finally(() => asking.delete(ref.path));
    asking.set(ref.path, asked);
    return asked;
  }

  async function replenish(ref: Budgeted, rate: Rate) {
    const share = await taken(ref, rate, deps);
    if (shares.size >= maxShares) forget();
    shares.set(ref.path, { spent: 0, share });
  }

  function forget() {
    const now = deps.clock.now();
    for (const [path, { share }] of shares)
      if (share.until <= now) shares.delete(path);
  }
}

function budgetOf({ tenantId, id }: Counted, { name }: Rate): Budgeted {
  return tenantId === null
    ? at.personBudget(Uid.parse(id), name)
    : at.budget(tenantId, `${id}_${name}`);
}

async function taken(
  ref: Budgeted,
  rate: Rate,
  { store, clock }: Needs,
): Promise<Share> {
  for (let n = 0; n < tries; n++) {
    const now = clock.now();
    // A count that cannot be read begins anew: it must not keep its caller out.
    const found = await readOrUnreadable(ref, { store });
    const read = found === "unreadable" ? null : found;
    const share = nextShare(read?.data.usedUntil ?? null, rate, now);
    if (share.requests === 0) return share;
    const { budget } = share;
    const anew = found === "unreadable" ? put : create;
    const write = read === null ? anew(ref, budget) : update(read, budget);
    if ((await store.commit([write], now)).kind === "committed") return share;
  }
  // So many at once is too many, whatever the budget says.
  const until = addMs(clock.now(), secondMs);
  const none = nextShare(until, { ...rate, burst: 0 }, clock.now());
  return { ...none, until };
}

/** Keeps whoever calls without saying who they are to a rate of this one instance: all such callers share it. */
export function ownLimiter({ clock }: Pick<Deps, "clock">) {
  let usedUntil: Date | null = null;
  let held: { readonly share: Share; spent: number } | null = null;
  return (rate: Rate): Allowance => {
    const now = clock.now();
    if (
      held === null ||
      held.share.until <= now ||
      held.spent >= held.share.requests
    ) {
      const share = nextShare(usedUntil, rate, now);
      usedUntil = share.budget.usedUntil;
      held = { share, spent: 0 };
    }
    const { requests, besides, until, wholeAt } = held.share;
    if (requests === 0) return { granted: false, left: 0, at: until };
    return {
      granted: true,
      left: requests - ++held.spent + besides,
      at: wholeAt,
    };
  };
}
