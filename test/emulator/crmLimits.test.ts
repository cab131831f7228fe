import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hubspotDefaults, startHubspot } from "../../dev/standins/hubspot.ts";
import { startSalesforce } from "../../dev/standins/salesforce.ts";
import { hubspot } from "../../functions/src/adapters/crms/hubspot.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { tally } from "../support/ledgers.ts";
import { type Crms, fair, openWorld, type World } from "../support/world.ts";

/** Each card is two activations, one for each CRM. */
const activations = Number(process.env["R6_ACTIVATIONS"] ?? 200);
const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const account = anAccount();

/** What HubSpot is said to take in ten seconds, and what it does take since other apps use the account too. */
const said = 20;
const taken = 16;
const windowMs = 10_000;
/** A task and its note. */
const requestsPerTask = 2;

describe("R6, a CRM that takes no more than so many requests", () => {
  let crms: Crms;
  let world: World;
  let refused = 0;
  const accepted: number[] = [];

  beforeAll(async () => {
    const [sales, hub] = await Promise.all([
      startSalesforce({ port: 0 }),
      startHubspot({ port: 0, limit }),
    ]);
    const close = async () =>
      void (await Promise.all([sales.close(), hub.close()]));
    crms = { salesforce: sales, hubspot: hub, close };
    world = openWorld(Number(process.env["R6_SEED"] ?? 7), crms);
  });
  afterAll(async () => {
    await world.close();
    await crms.close();
  });

  it(
    "gets every approved card all the same, in hardly more than the time that the limit takes",
    { timeout: 1_800_000 },
    async () => {
      const cards = activations / 2;
      const slow = hubspot({
        baseUrl: crms.hubspot.url,
        accessToken: hubspotDefaults.accessToken,
        requestsPerTenSeconds: said,
      });
      Object.assign(world.deps.crms, { hubspot: slow });
      await world.write(aTenantWith(tenantId, [[accountId, account]]));
      for (let n = 0; n < cards; n++)
        await world.emit(tenantId, aTip(accountId, n));
      await world.settle(fair);
      await world.approveAll(tenantId);
      await world.settle(fair);

      const came = await tally(world, crms, {
        handedIn: cards,
        accountsByTenant: new Map([
          [tenantId, new Set(Object.values(account.identifiers))],
        ]),
      });
      const atBestMs = (cards * requestsPerTask * windowMs) / taken;
      const tookMs = Math.max(...accepted) - Math.min(...accepted);
      const ratio = tookMs / atBestMs;
      console.log(
        `R6 activations=${activations}: ${JSON.stringify(came)}, ${refused} requests refused by 429, ${(tookMs / 1000).toFixed(0)} s where the limit takes ${(atBestMs / 1000).toFixed(0)} s (${ratio.toFixed(2)})`,
      );
      expect(came).toEqual({
        lost: 0,
        duplicated: 0,
        crossTenant: 0,
        cards,
        records: activations,
        parked: 0,
      });
      expect(refused).toBeGreaterThan(0);
      expect(ratio).toBeLessThanOrEqual(1.3);
    },
  );

  function limit(): number | null {
    const now = world.clock.now().getTime();
    const recent = accepted.slice(-taken);
    const oldest = recent[0];
    if (
      recent.length < taken ||
      oldest === undefined ||
      oldest <= now - windowMs
    ) {
      accepted.push(now);
      return null;
    }
    refused++;
    return Math.ceil((oldest + windowMs - now) / 1000);
  }
});
