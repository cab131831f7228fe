import { z } from "zod";
import { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import type { CollectionRef } from "../../domain/kernel/references.ts";
import { Audience, maxAudience } from "../../domain/kernel/document.ts";
import { AccountId, type TenantId } from "../../domain/kernel/ids.ts";
import { addMs } from "../../domain/kernel/instant.ts";
import { toAudience, mergeAudiences } from "../../domain/people/roles.ts";
import {
  leaseSlackMs,
  type Payload,
  topics,
} from "../../domain/messages/topics.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import { need, type Read, recentMs, update } from "../../ports/store.ts";

type Needs = "store" | "clock" | "vectors";

/** How many documents one run reads; a continuation takes the rest. */
const documentsPerRun = 100;

/** By the time the second round starts, no run that read the old audience can still commit. */
const secondRoundAfterMs =
  Math.max(...Object.values(topics).map(({ timeoutMs }) => timeoutMs)) +
  leaseSlackMs +
  recentMs;

/**
 * Only the audience is parsed, so that an otherwise unreadable document still changes hands; an unreadable audience
 * counts as none and is set again.
 */
const Carrier = z.object({
  accountId: z.string(),
  audience: Audience.catch([]),
  updatedAt: z.unknown(),
});
type Carrier = z.infer<typeof Carrier>;

/** The same for an account that is merged into another. */
const Merged = Account.pick({
  owners: true,
  teams: true,
  audience: true,
  version: true,
  updatedAt: true,
});

type Named = readonly [string, CollectionRef<Carrier>];

/** Every collection of documents that carry their account's audience, those that people read first in front. */
function carriers(tenantId: TenantId): readonly Named[] {
  return [
    at.opportunities(tenantId),
    at.inbox(tenantId),
    at.contexts(tenantId),
    at.activations(tenantId),
    at.signals(tenantId),
    at.decisions(tenantId),
  ].map(({ path }) => [at.lastSegment(path), { path, schema: Carrier }]);
}

/**
 * Gives everything that belongs to an account its current audience, page by page. A second round follows once no run
 * that began before the change can still write.
 */
export const reassign: Stage<"audience-changed", Needs> = {
  topic: "audience-changed",
  run: reassignPage,
};

async function reassignPage(
  job: Job<"audience-changed">,
  deps: Pick<Deps, Needs>,
): Promise<Outcome> {
  const { tenantId, payload } = job;
  const { accountId, version, round } = payload;
  const account = await need(at.account(tenantId, accountId), deps.store);
  const { audience } = account.data;
  const { reads, last } = await nextPage(job, deps);
  const writes = reads
    .filter(({ data }) => !isSame(data.audience, audience))
    .map((read) => update(read, { audience }));
  const isIndexed = await setAudienceOfSignals(job, { reads, audience }, deps);
  // Whoever sees an account also sees what was merged into it, and in turn what was merged into that.
  const below =
    round === 1 && payload.after === null
      ? await mergedBelow(tenantId, account, deps)
      : [];
  const isChanged = writes.length + below.length > 0 || isIndexed;
  const next = { accountId, version, after: last, round };
  const secondAt = addMs(deps.clock.now(), secondRoundAfterMs);
  return {
    // The account must be unchanged since it was read, or an older change could overwrite a newer one, here and in
    // the vector index.
    writes: isChanged
      ? [...writes, ...below.map(({ write }) => write), update(account, {})]
      : [],
    emits: [
      ...below.map(({ emit }) => emit),
      ...(last !== null ? [toEmission(next)] : []),
      ...(last === null && round === 1
        ? [{ ...toEmission({ ...next, round: 2 }), runAt: secondAt }]
        : []),
    ],
    audit: below.map(({ audit }) => audit),
  };
}

function toEmission(payload: Payload<"audience-changed">) {
  return { topic: "audience-changed", payload } as const;
}

/** Gives the vectors of a page's signals the account's audience; returns whether there are any. */
async function setAudienceOfSignals(
  { tenantId, assertLease }: Job<"audience-changed">,
  {
    reads,
    audience,
  }: { readonly reads: readonly Read<Carrier>[]; readonly audience: Audience },
  { vectors }: Pick<Deps, "vectors">,
): Promise<boolean> {
  const under = `${at.signals(tenantId).path}/`;
  const signals = reads.filter(({ ref }) => ref.path.startsWith(under));
  if (signals.length === 0) return false;
  await assertLease();
  const of = signals.map(({ id }) => id);
  await vectors.setAudience(tenantId, { kind: "signal", of }, audience);
  return true;
}

/** The accounts merged into this one that are not yet visible to everybody who sees it. */
async function mergedBelow(
  tenantId: TenantId,
  { id, data: { audience } }: Read<Account>,
  { store }: Pick<Deps, "store">,
) {
  const merged = await store.query({
    collection: { ...at.accounts(tenantId), schema: Merged },
    where: [["mergedInto", "==", id]],
    limit: documentsPerRun,
    unreadable: "refuse",
  });
  return merged.flatMap((read) => {
    const { owners, teams, audience: before, version } = read.data;
    // Its own audience comes first: whoever exceeds the limit cannot see it.
    const after = mergeAudiences([toAudience(owners, teams), audience]).slice(
      0,
      maxAudience,
    );
    if (isSame(before, after)) return [];
    const next = version + 1;
    return {
      write: update(read, { audience: after, version: next }),
      emit: toEmission({
        accountId: AccountId.parse(read.id),
        version: next,
        round: 1,
        after: null,
      }),
      audit: {
        action: "UPDATE" as const,
        entity: { kind: "account", id: read.id },
        before: { audience: before, version },
        after: { audience: after, version: next },
        reason: `whoever sees the account "${id}", which it is merged into, sees it too`,
      },
    };
  });
}

/** The account's next documents, across collections; `last` is null where there are no more. */
async function nextPage(
  { tenantId, payload }: Pick<Job<"audience-changed">, "tenantId" | "payload">,
  { store }: Pick<Deps, "store">,
) {
  const { accountId, after } = payload;
  const all = carriers(tenantId);
  const first = all.findIndex(([name]) => name === after?.collection);
  const reads: Read<Carrier>[] = [];
  for (const [name, collection] of all.slice(Math.max(0, first))) {
    const limit = documentsPerRun - reads.length;
    const found = await store.query({
      collection,
      where: [["accountId", "==", accountId]],
      orderBy: [["__name__", "asc"]],
      limit,
      ...(name === after?.collection ? { startAfter: [after.id] } : {}),
    });
    reads.push(...found);
    const end = found.at(-1);
    if (found.length === limit && end !== undefined)
      return { reads, last: { collection: name, id: end.id } };
  }
  return { reads, last: null };
}

function isSame(a: Audience, b: Audience): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
