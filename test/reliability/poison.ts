import * as at from "../../functions/src/domain/collections.ts";
import type { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import {
  maxStarts,
  type Message,
} from "../../functions/src/domain/messages/message.ts";
import { topics } from "../../functions/src/domain/messages/topics.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import type { Read } from "../../functions/src/ports/store.ts";
import { replay } from "../../functions/src/pipeline/upkeep/replay.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import {
  type Crms,
  fair,
  openWorld,
  percentile,
  startCrms,
  type World,
} from "../support/world.ts";
import { commandOf, type Verdict, verdictOf } from "./figures.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const poisons = ["poison", "killer"] as const;

interface Poisoned {
  readonly seed: number;
  readonly signals: number;
}

/** R4: among so many signals two are poison, one that breaks its run and one that kills its process; in the end both are cured and replayed. */
export async function poison({ seed, signals }: Poisoned): Promise<Verdict> {
  const crms = await startCrms();
  const healthyMs = await p95WithoutPoison({ seed, signals }, crms);
  const drug = { cured: false };
  const world: World = openWorld(seed, crms, {
    redactor: poisoned(() => world, drug),
  });
  const [breaker, killer] = await handIn(world, signals, poisons);
  await world.settle(fair);
  const parked = await parkedOf(world);
  const asPromised = parked.filter((read) =>
    isParked(read, { breaker, killer }),
  );
  const otherLags = world.lags
    .filter(({ messageId }) => !parked.some(({ id }) => messageId.endsWith(id)))
    .map(({ ms }) => ms);
  const othersMs = percentile(otherLags, 0.95);
  const cardsBefore = await cardsOf(world);

  drug.cured = true;
  await replayAll(world, parked);
  await world.settle(fair);
  const left = (await parkedOf(world)).length;
  const cardsAfter = await cardsOf(world);
  await Promise.all([world.close(), crms.close()]);
  const ratio = othersMs / healthyMs;
  return verdictOf(
    [
      {
        what: "R4 poison parked as promised, of 2",
        reached: asPromised.length,
        promised: ["=", 2],
      },
      {
        what: "R4 others parked, or without a card",
        reached: parked.length - 2 + signals - cardsBefore,
        promised: ["=", 0],
      },
      {
        what: "R4 p95 of the others / p95 without poison",
        reached: Number(ratio.toFixed(3)),
        promised: ["≤", 1.2],
      },
      {
        what: "R4 without a card after the replay",
        reached: left + signals + 2 - cardsAfter,
        promised: ["=", 0],
      },
    ],
    `R4 seed=${seed} signals=${signals} and 2 poisoned: ${asPromised.length} parked, after ${topics["signal-received"].maxAttempts} attempts and after ${maxStarts} starts; p95 of the others ${othersMs} ms against ${healthyMs} ms without; ${cardsAfter} carded after the replay`,
    commandOf("--seed", seed, "--signals", signals, "r4"),
  );
}

/** A redactor that a text can break: by an error of our own, or by taking the process with it. */
function poisoned(
  world: () => World,
  drug: { readonly cured: boolean },
): Deps["redactor"] {
  return {
    redact: (text) => {
      if (drug.cured) return text;
      if (text.includes("a killer text")) world().die();
      if (text.includes("a poison text"))
        throw new TypeError("Cannot read properties of undefined (poison)");
      return text;
    },
  };
}

/** Parked at exactly its limit, with the reason, the tenant and the trace, and kept for ever. */
function isParked(
  read: Awaited<ReturnType<World["messages"]>>[number],
  {
    breaker,
    killer,
  }: {
    readonly breaker: MessageId | undefined;
    readonly killer: MessageId | undefined;
  },
): boolean {
  const { error, attempts, starts, traceId, expiresAt } = read.data;
  const known =
    read.tenantId === tenantId && traceId !== "" && expiresAt === null;
  const { maxAttempts } = topics["signal-received"];
  if (read.id === breaker)
    return (
      known &&
      attempts === maxAttempts &&
      error?.code === "unknown" &&
      error.message.includes("poison")
    );
  return (
    known &&
    read.id === killer &&
    starts === maxStarts &&
    error?.code === "crashed"
  );
}

async function p95WithoutPoison(
  { seed, signals }: Poisoned,
  crms: Crms,
): Promise<number> {
  const world = openWorld(seed, crms);
  await handIn(world, signals, []);
  await world.settle(fair);
  await world.close();
  const lags = world.lags.map(({ ms }) => ms);
  return percentile(lags, 0.95);
}

async function handIn(
  world: World,
  signals: number,
  poison: readonly string[],
): Promise<readonly MessageId[]> {
  await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  for (let n = 0; n < signals; n++)
    await world.emit(tenantId, aTip(accountId, n));
  const ids: MessageId[] = [];
  for (const kind of poison) {
    const text = `a ${kind} text that is long enough to be read as a signal`;
    ids.push(await world.emit(tenantId, aTip(accountId, kind, { text })));
  }
  return ids;
}

async function parkedOf(world: World) {
  const messages = await world.messages();
  return messages.filter(({ data }) => data.state === "parked");
}

async function cardsOf(world: World): Promise<number> {
  const { path } = at.opportunities(tenantId);
  const counted = await world.database.db.collection(path).count().get();
  return counted.data().count;
}

/** Each of them opened again, as an operator does by the API. */
async function replayAll(
  world: World,
  parked: readonly Read<Message>[],
): Promise<void> {
  for (const read of parked) {
    const outcome = replay(read, world.clock.now());
    if (outcome === null) throw new Error("It cannot be replayed.");
    const { traceId } = read.data;
    const origin = { traceId, runId: null, causedBy: null };
    const author = { tenantId, actor: "olga", origin };
    await commitOutcome({ outcome }, author, world.deps);
  }
}
