import type { Deps } from "../../functions/src/ports/deps.ts";
import { exactly } from "../support/dump.ts";
import { tally } from "../support/ledgers.ts";
import { openWorld, startCrms, type Weather } from "../support/world.ts";
import { commandOf, type Verdict, verdictOf } from "./figures.ts";
import { tenantsCalled } from "./tenants.ts";

const storm: Weather = { kill: 0.3, cut: 0.1, duplicate: 0.3, lose: 0 };

/** A storm: its seed says what happens when. `spoil` plants a fault of our own, to see it found. */
export interface Storm {
  readonly seed: number;
  readonly signals: number;
  readonly spoil?: (deps: Deps) => Partial<Deps>;
  /** Whether to list every delivery and every document that came of it. */
  readonly keep?: boolean;
}

/** R1: signals through crashes, duplicates, disorder, cut connections and a replay of fifteen minutes, counted in the CRMs' own ledgers. */
export async function oncePerEffect({
  seed,
  signals,
  spoil,
  keep = false,
}: Storm): Promise<
  Verdict & {
    readonly trail: readonly string[];
    readonly documents: readonly string[];
  }
> {
  const crms = await startCrms();
  const world = openWorld(seed, crms);
  if (spoil !== undefined) Object.assign(world.deps, spoil(world.deps));
  const tenants = tenantsCalled(["north", "south", "west"]);
  await tenants.handIn(world, signals);
  await world.settle(storm);
  for (const tenantId of tenants.tenantIds) await world.approveAll(tenantId);
  await world.settle(storm);
  world.replayRings(15 * 60_000);
  await world.settle(storm);

  const { accountsByTenant } = tenants;
  const came = await tally(world, crms, {
    handedIn: signals,
    accountsByTenant,
  });
  const documents = keep ? await exactly(world.database.db) : [];
  const { deliveries, runs, kills, cuts, duplicates, ticks } = world.counts;
  await Promise.all([world.close(), crms.close()]);
  const verdict = verdictOf(
    [
      { what: "R1 signals lost", reached: came.lost, promised: ["=", 0] },
      {
        what: "R1 CRM records twice",
        reached: came.duplicated,
        promised: ["=", 0],
      },
      {
        what: "R1 CRM records at another tenant's account",
        reached: came.crossTenant,
        promised: ["=", 0],
      },
      {
        what: "R1 CRM records missing",
        reached: 2 * signals - came.records,
        promised: ["=", 0],
      },
      { what: "R1 messages parked", reached: came.parked, promised: ["=", 0] },
      {
        what: "R1 runs that were killed, %",
        reached: Math.round((100 * kills) / runs),
        promised: ["≥", 25],
      },
    ],
    `R1 seed=${seed} signals=${signals}: ${JSON.stringify(came)} after ${deliveries} deliveries, ${runs} runs, ${kills} kills, ${cuts} cuts, ${duplicates} duplicates, ${ticks} ticks`,
    commandOf("--seed", seed, "--signals", signals, "r1"),
  );
  return { ...verdict, trail: world.trail, documents };
}
