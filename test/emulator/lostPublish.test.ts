import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  fair,
  openWorld,
  percentile,
  startCrms,
} from "../support/world.ts";

const tenantId = aTenantId("north");
const signals = 100;
const accounts = [0, 1, 2, 3].map(
  (n) =>
    [
      anAccountId(`globex-${n}`),
      anAccount({
        identifiers: { salesforce: `00100000000000${n}`, hubspot: `90${n}` },
      }),
    ] as const,
);

describe("R3: half of all publishes are lost", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it(
    "nothing is stuck after two sweeps, and 95 % of the work starts within a minute",
    { timeout: 300_000 },
    async () => {
      const world = openWorld(3, crms);
      await world.write(aTenantWith(tenantId, accounts));
      // Whoever handed them in had their publishes lost as well: the world rings for half of what is emitted.
      for (let n = 0; n < signals; n++)
        await world.emit(
          tenantId,
          aTip(accounts[n % 4]?.[0] ?? accountOf(), n),
        );
      await world.settle({ ...fair, lose: 0.5 });
      await world.approveAll(tenantId);
      await world.settle({ ...fair, lose: 0.5 });

      const lags = world.lags.map(({ ms }) => ms);
      const p95 = percentile(lags, 0.95);
      const longest = Math.max(...lags);
      const came = await tally(world, crms, {
        handedIn: signals,
        accountsByTenant: new Map([
          [
            tenantId,
            new Set(accounts.flatMap(([, a]) => Object.values(a.identifiers))),
          ],
        ]),
      });
      console.log(
        `R3: ${world.counts.lost} publishes lost of ${lags.length} messages; lag p95 ${p95} ms, longest ${longest} ms; ${JSON.stringify(came)}`,
      );
      expect(world.counts.lost).toBeGreaterThan(0.3 * lags.length);
      expect(came).toMatchObject({
        lost: 0,
        duplicated: 0,
        cards: signals,
        records: 2 * signals,
        parked: 0,
      });
      expect(longest).toBeLessThanOrEqual(120_000);
      expect(p95).toBeLessThanOrEqual(60_000);
      await world.close();
    },
  );
});

function accountOf(): never {
  throw new Error("There are four accounts.");
}
