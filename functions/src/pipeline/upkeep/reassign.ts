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
  type PayloadOf,
  topics,
} from "../../domain/messages/topics.ts";
import type { Job, Outcome, Stage } from "../../ports/stage.ts";
import type { Deps } from "../../ports/deps.ts";
import { need, type Read, update } from "../../ports/store.ts";

type Needs = "store" | "clock" | "vectors";

/** How many documents one run reads; the rest follow in a continuation. */
const documentsPerRun = 100;

/** No run that read the old audience can still commit when the second round starts. */
const secondRoundAfterMs =
  Math.max(...Object.values(topics).map(({ timeoutMs }) => timeoutMs)) +
  leaseSlackMs;

/** No more of a document than its audience, so that one that cannot be read is still seen by nobody who may not; an audience that cannot be read is none, and is set anew. */
const Carrier = z.object({
  accountId: z.string(),
  audience: Audience.catch([]),
  updatedAt: z.unknown(),
});
type Carrier = z.infer<typeof Carrier>;

/** The same of an account that is merged into another. */
const Merged = Account.pick({
  owners: true,
  teams: true,
  audience: true,
  version: true,
  updatedAt: true,
});

type Named = readonly [string, CollectionRef<Carrier>];

/** Everything below an account that carries its audience; what people look at first comes first. */
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
 * Gives all that belongs to an account the audience that the account has now, page by page. A second round
 * follows once no run that began before the change can still write.
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
  // What is merged into it is seen by whoever sees it, and that by what is merged into that, in turn.
  const below =
    round === 1 && payload.after === null
      ? await mergedBelow(tenantId, account, deps)
      : [];
  const isChanged = writes.length + below.length > 0 || isIndexed;
  const next = { accountId, version, after: last, round };
  const secondAt = addMs(deps.clock.now(), secondRoundAfterMs);
  return {
    // The account unchanged since it was read: or an older change could overwrite a newer one's work, here and in the vector index.
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

function toEmission(payload: PayloadOf<"audience-changed">) {
  return { topic: "audience-changed", payload } as const;
}

/** Gives the vectors of a page's signals the account's audience; whether there are any. */
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

/** The accounts that are merged into one and are yet to be seen by all who see that. */
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
    // Its own come first: more than an audience holds cannot see it.
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
        reason: `others see the account "${id}" that it is merged into`,
      },
    };
  });
}

/** The next documents of the account, over the bounds of collections; `last` is null where there are no more. */
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
