import type { Deps } from "../ports/deps.ts";
import type { TenantId } from "../domain/kernel/ids.ts";
import {
  type Origin,
  newMessage,
  type Emission,
} from "../domain/messages/message.ts";
import type { Outcome } from "../ports/stage.ts";
import { type Write, type Stamp, create, put } from "../ports/store.ts";
import * as at from "../domain/collections.ts";
import { asRaw } from "../domain/messages/unreadable.ts";
import { ring, toFirstRing, type Created } from "./ring.ts";
import { auditMonth } from "../domain/requests/audit.ts";
import { idFrom } from "../domain/kernel/hash.ts";
import { nextSlot } from "../domain/messages/folds.ts";
import type { TopicName } from "../domain/messages/topics.ts";

type Needs = Pick<Deps, "store" | "doorbell" | "clock" | "chance" | "log">;

/** Who commits: a person's uid or `system:<topic>`. */
export interface Author {
  readonly tenantId: TenantId;
  readonly actor: string;
  readonly origin: Origin;
}

/** What is committed together. */
interface Wanted {
  readonly outcome: Outcome;
  /** What is written besides the outcome: the end of a message, for one. */
  readonly own?: readonly Write[];
  /** Whether the caller itself goes on with the work of this topic. */
  readonly goesOnWith?: (topic: TopicName) => boolean;
}

/** A commit, and the message that it did not ring for because the caller goes on with it. */
type OutcomeCommitted =
  | { readonly kind: "conflict" }
  | {
      readonly kind: "committed";
      readonly stamp: Stamp;
      readonly kept: Created | null;
    };

/**
 * Commits an outcome: its writes, audit entries, decisions and new messages together with `own`, or nothing at all
 * (`conflict`). Leaves out messages that already exist. Then rings, unless a single message came of it that is due
 * and that the caller goes on with; the sweeper repeats a ring that is lost.
 */
export async function commitOutcome(
  { outcome, own = [], goesOnWith = () => false }: Wanted,
  author: Author,
  deps: Needs,
): Promise<OutcomeCommitted> {
  const now = deps.clock.now();
  const facts = [
    ...own,
    ...(outcome.writes ?? []),
    ...toRecords(outcome, author, { now, chance: deps.chance }),
  ];
  // Two requests for the same thing in one outcome are one piece of work.
  const emitted = [
    ...new Map(
      (outcome.emits ?? [])
        .map((emission) => newMessage(emission, author.origin, now))
        .map((message) => [message.id, message] as const),
    ).values(),
  ];
  const toWrite = ({ id, data }: (typeof emitted)[number]) =>
    create(at.message(author.tenantId, id), data);

  let newMessages = emitted;
  let committed = await deps.store.commit(
    [...facts, ...newMessages.map(toWrite)],
    now,
  );
  if (committed.kind === "conflict" && emitted.length > 0) {
    const existing = await deps.store.readAll(
      emitted.map(({ id }) => asRaw(at.message(author.tenantId, id))),
    );
    newMessages = emitted.filter((_, i) => existing[i] === null);
    if (
      newMessages.length < emitted.length &&
      facts.length + newMessages.length > 0
    ) {
      committed = await deps.store.commit(
        [...facts, ...newMessages.map(toWrite)],
        now,
      );
    }
  }
  if (committed.kind === "conflict") return committed;

  const { stamp } = committed;
  const created = newMessages.map((message) => ({ ...message, stamp, now }));
  const folds = await askForFolds(outcome.folds ?? [], author, deps);
  const all = [...created, ...folds];
  const [only = null] = all;
  if (
    only !== null &&
    all.length === 1 &&
    only.data.runAt <= deps.clock.now() &&
    goesOnWith(only.data.topic)
  )
    return { kind: "committed", stamp, kept: only };
  const rings = all.map((message) => toFirstRing(author.tenantId, message));
  await ring(rings, deps);
  return { kind: "committed", stamp, kept: null };
}

function toRecords(
  outcome: Outcome,
  author: Author,
  { now, chance }: { now: Date; chance: Deps["chance"] },
): readonly Write[] {
  const { tenantId, actor, origin } = author;
  const audits = (outcome.audit ?? []).map((entry) =>
    create(at.auditEntry(tenantId, auditMonth(now), chance.id()), {
      ...entry,
      at: now,
      actor,
      traceId: origin.traceId,
    }),
  );
  const decisions = (outcome.decisions ?? []).map((decision) =>
    put(
      at.decision(
        tenantId,
        `${idFrom(decision.accountId, decision.signalId ?? decision.itemId)}_${decision.stage}`,
      ),
      { ...decision, traceId: origin.traceId },
    ),
  );
  return [...audits, ...decisions];
}

/**
 * Requests folds, after the commit and outside it. A fold that already exists may have run, so the next slot's is
 * requested, which cannot have; if that exists too, all is well.
 */
async function askForFolds(
  folds: readonly Emission[],
  author: Author,
  deps: Needs,
) {
  const asked: Created[] = [];
  for (const fold of folds) {
    const now = deps.clock.now();
    for (const emission of [fold, nextSlot(fold)]) {
      const message = newMessage(emission, author.origin, now);
      const made = await deps.store.commit(
        [create(at.message(author.tenantId, message.id), message.data)],
        now,
      );
      if (made.kind === "conflict") continue;
      asked.push({ ...message, stamp: made.stamp, now });
      break;
    }
  }
  return asked;
}
