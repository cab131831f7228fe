import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Candidate } from "../../domain/resolution/evidence.ts";
import { AccountId, type TenantId } from "../../domain/kernel/ids.ts";
import { toClues, clueKeys } from "../../domain/resolution/lookup.ts";
import {
  type RankedAccount,
  rankCandidates,
} from "../../domain/resolution/rankCandidates.ts";
import type { Job, Outcome } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import { need, type Read } from "../../ports/store.ts";
import type { Guess } from "../../domain/resolution/resolution.ts";
import type { Resolved } from "./resolved.ts";
import { askPerson, dropUnowned } from "./unresolved.ts";

/** The most accounts found under one key; a key that finds more is as common as any word. */
const maxFound = 20;
/** The most candidates shown to whoever decides. */
const maxCandidates = 10;
/** Below this confidence, nobody is asked. */
const worthAsking = 0.2;
/** The most merges that are followed. */
export const maxSteps = 5;

type Needs = Pick<Deps, "store" | "recent" | "redactor">;

/** The result for a document that is about no account, or whose account a person must choose. */
interface Ended {
  readonly kind: "ended";
  readonly outcome: Outcome;
}

/**
 * The account that a received document is about: the one that it names, or the one that its identifiers, domains and
 * names point to with enough confidence; if that was merged, the survivor. An unresolved document waits for a person;
 * one about nobody, or about the tenant's own company, ends here.
 */
export async function resolveAccount(
  job: Job<"signal-received">,
  deps: Needs,
): Promise<Resolved | Ended> {
  const { accountId, resolvedBy = null } = job.payload;
  if (accountId === null) return resolveByEvidence(job, deps);
  const holder = await need(at.account(job.tenantId, accountId), deps.recent);
  const account = await followMerges(job.tenantId, holder, deps);
  return toResolved(job, { account, holder, resolvedBy });
}

/** The account itself, or what it was merged into, over at most five merges. */
export async function followMerges(
  tenantId: TenantId,
  account: Read<Account>,
  { store }: Pick<Deps, "store">,
): Promise<Read<Account>> {
  let survivor = account;
  for (let step = 0; survivor.data.mergedInto !== null; step++) {
    const { mergedInto } = survivor.data;
    const next =
      step < maxSteps
        ? await store.read(at.account(tenantId, mergedInto))
        : null;
    if (next === null)
      throw new PermanentError(
        "not-found",
        `The account ${account.id} leads to no account within ${maxSteps} merges.`,
      );
    survivor = next;
  }
  return survivor;
}

function toResolved(
  job: Job<"signal-received">,
  found: Pick<Resolved, "account" | "holder" | "resolvedBy">,
): Resolved {
  const { account, holder } = found;
  const accountId = AccountId.parse(account.id);
  const payload = { ...job.payload, accountId };
  const { name, aliases } = account.data;
  const merged =
    holder.id === account.id ? [] : [holder.data.name, ...holder.data.aliases];
  return {
    kind: "resolved",
    job: { ...job, payload },
    names: { name, aliases: [...aliases, ...merged] },
    ...found,
  };
}

async function resolveByEvidence(
  job: Job<"signal-received">,
  deps: Needs,
): Promise<Resolved | Ended> {
  const { tenantId, payload } = job;
  const { item, handedIn, about = {} } = payload;
  const tenant = await need(at.tenant(tenantId), deps.recent);
  const text = deps.redactor.redact(handedIn?.text ?? "");
  const title = deps.redactor.redact(item.title || (handedIn?.title ?? ""));
  const clues = toClues(about, { title, text, url: item.url });
  const found = await findCandidates(tenantId, clueKeys(clues), deps);
  const { likely, isOwnCompany } = rankCandidates(
    found.map(({ candidate }) => candidate),
    clues,
    tenant.data.own,
  );
  if (isOwnCompany)
    return toEnded(
      dropUnowned(job, "own-company", "It is about the tenant's own company."),
    );
  const [best] = likely;
  if (best === undefined || best.confidence <= worthAsking)
    return toEnded(dropUnowned(job, "no-account", "It names no account."));

  const accounts = new Map(
    found.map(({ survivor }) => [survivor.id, survivor] as const),
  );
  const { resolutionThreshold: threshold } = tenant.data;
  if (best.confidence < threshold) {
    const candidates = likely
      .slice(0, maxCandidates)
      .map((one) => toGuess(one, accounts.get(one.id)));
    const question = { title, text, candidates, threshold };
    return toEnded(await askPerson(job, question, deps));
  }
  const account = accounts.get(best.id);
  if (account === undefined)
    throw new PermanentError(
      "not-found",
      `The account ${best.id} is not among those found.`,
    );
  const { kind, found: value, confidence } = best;
  const resolvedBy = `${kind} ${value} (${confidence})`.slice(0, 300);
  return toResolved(job, { account, holder: account, resolvedBy });
}

function toEnded(outcome: Outcome): Ended {
  return { kind: "ended", outcome };
}

interface FoundAccount {
  readonly candidate: Candidate;
  /** What the candidate was merged into, or the candidate itself. */
  readonly survivor: Read<Account>;
}

/** The accounts that have one of the keys. */
async function findCandidates(
  tenantId: TenantId,
  keys: readonly string[],
  deps: Pick<Deps, "store">,
): Promise<readonly FoundAccount[]> {
  if (keys.length === 0) return [];
  const reads = await deps.store.query({
    collection: at.accounts(tenantId),
    where: [["lookup", "array-contains-any", keys]],
    limit: maxFound,
    // An unreadable account may be the right one: better ask a person than give the document to another.
    unreadable: "refuse",
  });
  return Promise.all(
    reads.map(async (read) => {
      const survivor = await followMerges(tenantId, read, deps);
      const { name, parentId } = survivor.data;
      return {
        survivor,
        candidate: {
          id: AccountId.parse(read.id),
          account: read.data,
          survivor: { id: AccountId.parse(survivor.id), name, parentId },
        },
      };
    }),
  );
}

function toGuess(
  { id, name, confidence, kind, found }: RankedAccount,
  account: Read<Account> | undefined,
): Guess {
  const audience = account?.data.audience ?? [];
  return { accountId: id, name, confidence, evidence: kind, found, audience };
}
