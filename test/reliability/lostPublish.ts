import { tally } from "../support/ledgers.ts";
import { fair, openWorld, percentile, startCrms } from "../support/world.ts";
import { commandOf, type Verdict, verdictOf } from "./figures.ts";
import { tenantsCalled } from "./tenants.ts";

/** R3: half of all publishes are lost, those of whoever handed the signals in as well; the sweeper rings for them. */
export async function lostPublish({
  seed,
  signals,
}: {
  readonly seed: number;
  readonly signals: number;
}): Promise<Verdict> {
  const crms = await startCrms();
  const world = openWorld(seed, crms);
  const { handIn, tenantIds, accountsByTenant } = tenantsCalled(["north"]);
  await handIn(world, signals);
  await world.settle({ ...fair, lose: 0.5 });
  for (const tenantId of tenantIds) await world.approveAll(tenantId);
  await world.settle({ ...fair, lose: 0.5 });

  const lags = world.lags.map(({ ms }) => ms);
  const p95 = percentile(lags, 0.95);
  const longest = Math.max(...lags);
  const came = await tally(world, crms, {
    handedIn: signals,
    accountsByTenant,
  });
  const { lost, published } = world.counts;
  await Promise.all([world.close(), crms.close()]);
  return verdictOf(
    [
      {
        what: "R3 signals lost or stuck",
        reached: came.lost + came.parked + 2 * signals - came.records,
        promised: ["=", 0],
      },
      {
        what: "R3 CRM records twice",
        reached: came.duplicated,
        promised: ["=", 0],
      },
      {
        what: "R3 longest wait, s (two sweeps)",
        reached: longest / 1000,
        promised: ["≤", 120],
      },
      { what: "R3 lag p95, s", reached: p95 / 1000, promised: ["≤", 60] },
      {
        what: "R3 publishes lost, %",
        reached: Math.round((100 * lost) / published),
        promised: ["≥", 40],
      },
    ],
    `R3 seed=${seed} signals=${signals}: ${lost} of ${published} publishes lost, ${lags.length} messages; lag p95 ${p95} ms, longest ${longest} ms; ${JSON.stringify(came)}`,
    commandOf("--seed", seed, "--signals", signals, "r3"),
  );
}
