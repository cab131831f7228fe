import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Candidate } from "../../domain/resolution/grounds.ts";
import { AccountId, type TenantId } from "../../domain/kernel/ids.ts";
import { evidenceOf, hintKeysOf } from "../../domain/resolution/lookup.ts";
import type { Guess } from "../../domain/resolution/resolution.ts";
import { type Likely, whoseIs } from "../../domain/resolution/whose.ts";
import type { Job, Outcome } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Read } from "../../ports/store.ts";
import { asked, nobodysRecord } from "./unsure.ts";

/** Found under one of a document's keys: what is over this is named as widely as a word. */
const maxFound = 20;
/** Shown to whoever decides. */
const maxCandidates = 10;
/** Below this, nobody need be asked. */
const worthAsking = 0.2;
/** How far it is followed what an account was merged into. */
export const maxSteps = 5;

type Needs = Pick<Deps, "store" | "redactor">;

/** A received document of which it is known whose it is. */
export type OwnedJob = Job<"signal-received"> & {
  readonly payload: { readonly accountId: AccountId };
};

/** Whose a received document is. */
export interface Owned {
  readonly kind: "owned";
  readonly job: OwnedJob;
  readonly account: Read<Account>;
  /** The account whose source brought it: another where that was merged into this one. */
  readonly holder: Read<Account>;
  /** On what it rests, where whoever handed it in did not say. */
  readonly resolvedBy: string | null;
}

/** Nobody's: what becomes of it instead. */
interface Ended {
  readonly kind: "ended";
  readonly outcome: Outcome;
}

/**
 * The account that a received document is of: the one that it names, or the one that its identifiers, domains and
 * names lead to surely enough; and of that the one that it was merged into. What is not sure waits for a person;
 * what is nobody's, or the tenant's own company's, ends here.
 */
export async function ownerOf(
  job: Job<"signal-received">,
  deps: Needs,
): Promise<Owned | Ended> {
  const { accountId, resolvedBy = null } = job.payload;
  if (accountId === null) return resolved(job, deps);
  const holder = await deps.store.read(at.account(job.tenantId, accountId));
  if (holder === null)
    throw new PermanentError(
      "not-found",
      `The account ${accountId} does not exist.`,
    );
  const account = await standingFor(job.tenantId, holder, deps);
  return owned(job, { account, holder, resolvedBy });
}

/** The account that stands for one: itself, or what it was merged into, over five steps at most. */
export async function standingFor(
  tenantId: TenantId,
  read: Read<Account>,
  { store }: Pick<Deps, "store">,
): Promise<Read<Account>> {
  let standing = read;
  for (let step = 0; standing.data.mergedInto !== null; step++) {
    const { mergedInto } = standing.data;
    const next =
      step < maxSteps
        ? await store.read(at.account(tenantId, mergedInto))
        : null;
    if (next === null)
      throw new PermanentError(
        "not-found",
        `The account ${read.id} leads to no account that stands within ${maxSteps} merges.`,
      );
    standing = next;
  }
  return standing;
}

function owned(
  job: Job<"signal-received">,
  whose: Pick<Owned, "account" | "holder" | "resolvedBy">,
): Owned {
  const accountId = AccountId.parse(whose.account.id);
  const payload = { ...job.payload, accountId };
  return { kind: "owned", job: { ...job, payload }, ...whose };
}

async function resolved(
  job: Job<"signal-received">,
  deps: Needs,
): Promise<Owned | Ended> {
  const { tenantId, payload } = job;
  const { item, handedIn, about = {} } = payload;
  const tenant = await deps.store.read(at.tenant(tenantId));
  if (tenant === null)
    throw new PermanentError(
      "not-found",
      `The tenant ${tenantId} does not exist.`,
    );
  const text = deps.redactor.redact(handedIn?.text ?? "");
  const title = deps.redactor.redact(item.title || (handedIn?.title ?? ""));
  const evidence = evidenceOf(about, { title, text, url: item.url });
  const found = await candidatesFor(tenantId, hintKeysOf(evidence), deps);
  const { likely, own } = whoseIs(
    found.map(({ candidate }) => candidate),
    evidence,
    tenant.data.own,
  );
  if (own)
    return ended(
      nobodysRecord(
        job,
        "own-company",
        "It is about the tenant's own company.",
      ),
    );
  const [best] = likely;
  if (best === undefined || best.confidence <= worthAsking)
    return ended(nobodysRecord(job, "no-account", "It names no account."));
  const account = found.find(({ standing }) => standing.id === best.id);
  if (account === undefined)
    throw new PermanentError("not-found", `The account ${best.id} went away.`);
  const { resolutionThreshold } = tenant.data;
  if (best.confidence >= resolutionThreshold)
    return owned(job, {
      account: account.standing,
      holder: account.standing,
      resolvedBy: `${best.ground} ${best.found} (${best.confidence})`.slice(
        0,
        300,
      ),
    });
  const candidates = likely.slice(0, maxCandidates).map((one) => {
    const its = found.find(({ standing }) => standing.id === one.id);
    return guessOf(one, its?.standing.data.audience ?? []);
  });
  const unsure = { title, text, candidates, threshold: resolutionThreshold };
  return ended(await asked(job, unsure, deps));
}

function ended(outcome: Outcome): Ended {
  return { kind: "ended", outcome };
}

interface Standing {
  readonly candidate: Candidate;
  readonly standing: Read<Account>;
}

/** The accounts that have one of the keys, each with the one that stands for it. */
async function candidatesFor(
  tenantId: TenantId,
  keys: readonly string[],
  deps: Pick<Deps, "store">,
): Promise<readonly Standing[]> {
  if (keys.length === 0) return [];
  const reads = await deps.store.query({
    collection: at.accounts(tenantId),
    where: [["lookup", "array-contains-any", keys]],
    limit: maxFound,
    // It may be the one that this is about: a person decides, rather than that it is given to another.
    unreadable: "refuse",
  });
  return Promise.all(
    reads.map(async (read) => {
      const standing = await standingFor(tenantId, read, deps);
      const { name, parentId } = standing.data;
      return {
        standing,
        candidate: {
          id: AccountId.parse(read.id),
          account: read.data,
          standing: { id: AccountId.parse(standing.id), name, parentId },
        },
      };
    }),
  );
}

function guessOf(
  { id, name, confidence, ground, found }: Likely,
  audience: Guess["audience"],
): Guess {
  return { accountId: id, name, confidence, ground, found, audience };
}
