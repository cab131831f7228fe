import * as at from "../domain/collections.ts";
import type { CollectionRef } from "../domain/collections.ts";
import type { Audience } from "../domain/document.ts";
import { PermanentError } from "../domain/errors.ts";
import type { TenantId } from "../domain/ids.ts";
import { addMs } from "../domain/instant.ts";
import { leaseSlackMs, topics } from "../domain/topics.ts";
import type { Job, Stage } from "./outcome.ts";
import { type Deps, type Read, update } from "./ports.ts";

/** How many documents one run reads; the rest follow in a continuation. */
const documentsPerRun = 100;

/** No run that read the old audience can still commit when the second round starts. */
const secondRoundAfterMs =
  Math.max(...Object.values(topics).map(({ timeoutMs }) => timeoutMs)) +
  leaseSlackMs;

interface Carrier {
  readonly accountId: string;
  readonly audience: Audience;
}

type Named = readonly [string, CollectionRef<Carrier>];

/** Everything below an account that carries its audience; what people look at first comes first. */
function carriers(tenantId: TenantId): readonly Named[] {
  return [
    ["opportunities", at.opportunities(tenantId)],
    ["inbox", at.inbox(tenantId)],
    ["contexts", at.contexts(tenantId)],
    ["activations", at.activations(tenantId)],
    ["signals", at.signals(tenantId)],
    ["decisions", at.decisions(tenantId)],
  ];
}

/**
 * Gives all that belongs to an account the audience that the account has now, page by page. A second round
 * follows once no run that began before the change can still write.
 */
export const reassign: Stage<
  "audience-changed",
  "store" | "clock" | "vectors"
> = {
  topic: "audience-changed",
  run: async ({ tenantId, payload, stillMine }, deps) => {
    const { accountId, version, round } = payload;
    const account = await deps.store.read(at.account(tenantId, accountId));
    if (account === null)
      throw new PermanentError(
        "not-found",
        `The account ${accountId} does not exist.`,
      );
    const { audience } = account.data;
    const { reads, last } = await nextPage({ tenantId, payload }, deps);
    const writes = reads
      .filter(({ data }) => !isSame(data.audience, audience))
      .map((read) => update(read, { audience }));
    const under = `${at.signals(tenantId).path}/`;
    const signals = reads.filter(({ ref }) => ref.path.startsWith(under));
    if (signals.length > 0) {
      await stillMine();
      const of = signals.map(({ id }) => id);
      await deps.vectors.setAudience(
        tenantId,
        { kind: "signal", of },
        audience,
      );
    }
    const again = { accountId, version, after: last };
    const secondAt = addMs(deps.clock.now(), secondRoundAfterMs);
    return {
      // The account unchanged since it was read: or an older change could overwrite a newer one's work, here and in the vector index.
      writes:
        writes.length + signals.length === 0
          ? []
          : [...writes, update(account, {})],
      emits:
        last !== null
          ? [{ topic: "audience-changed", payload: { ...again, round } }]
          : round === 1
            ? [
                {
                  topic: "audience-changed",
                  payload: { ...again, round: 2 },
                  runAt: secondAt,
                },
              ]
            : [],
    };
  },
};

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
