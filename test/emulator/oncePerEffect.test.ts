import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, TenantId } from "../../functions/src/domain/ids.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { tally } from "../support/ledgers.ts";
import {
  type Crms,
  openWorld,
  startCrms,
  type Weather,
} from "../support/world.ts";

const signals = Number(process.env["R1_SIGNALS"] ?? 200);
const seeds = (process.env["R1_SEEDS"] ?? "1,2").split(",").map(Number);
const storm: Weather = { kill: 0.3, cut: 0.1, duplicate: 0.3, lose: 0 };

/** Three tenants with four accounts each, told apart by the CRM account that each is linked to. */
const tenants = ["north", "south", "west"].map((name, t) => {
  const tenantId = aTenantId(name);
  const accounts = [0, 1, 2, 3].map((a) => {
    const id = anAccountId(`${name}-${a}`);
    return [
      id,
      anAccount({
        identifiers: {
          salesforce: `0010000000000${t}${a}`,
          hubspot: `90${t}${a}`,
        },
      }),
    ] as const;
  });
  return { tenantId, accounts };
});
const accountsByTenant = new Map(
  tenants.map(({ tenantId, accounts }) => [
    tenantId,
    new Set(accounts.flatMap(([, a]) => Object.values(a.identifiers))),
  ]),
);

describe.each(seeds)("R1, seed %i", (seed) => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it(
    "every signal has exactly one effect through crashes, duplicates, disorder, cut connections and a replay",
    { timeout: 600_000 },
    async () => {
      const world = openWorld(seed, crms);
      for (const { tenantId, accounts } of tenants)
        await world.write(aTenantWith(tenantId, accounts));
      for (let n = 0; n < signals; n++) {
        const [tenantId, accountId] = placeOf(n);
        await world.emit(tenantId, aTip(accountId, n));
      }
      await world.settle(storm);
      for (const { tenantId } of tenants) await world.approveAll(tenantId);
      await world.settle(storm);
      world.replayRings(15 * 60_000);
      await world.settle(storm);

      const came = await tally(world, crms, {
        handedIn: signals,
        accountsByTenant,
      });
      const { deliveries, runs, kills, cuts, duplicates, ticks } = world.counts;
      console.log(
        `R1 seed=${seed} signals=${signals}: ${JSON.stringify(came)} after ${deliveries} deliveries, ${runs} runs, ${kills} kills, ${cuts} cuts, ${duplicates} duplicates, ${ticks} ticks`,
      );
      expect(came).toEqual({
        lost: 0,
        duplicated: 0,
        crossTenant: 0,
        cards: signals,
        records: 2 * signals,
        parked: 0,
      });
      expect(kills / runs).toBeGreaterThan(0.2);
      await world.close();
    },
  );
});

function placeOf(n: number): readonly [TenantId, AccountId] {
  const tenant = tenants[n % tenants.length];
  const account = tenant?.accounts[Math.floor(n / tenants.length) % 4];
  if (tenant === undefined || account === undefined)
    throw new Error("There is no such place.");
  return [tenant.tenantId, account[0]];
}
