import { afterAll, beforeAll, expect, it } from "vitest";
import { startHubspot } from "../../dev/standins/hubspot.ts";
import { startSalesforce } from "../../dev/standins/salesforce.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { tally } from "../support/ledgers.ts";
import { seeded } from "../support/seeded.ts";
import { type Crms, openWorld } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const account = anAccount();
const cards = 12;

let crms: Crms;
beforeAll(async () => {
  const chance = seeded(3);
  const chaos = () =>
    chance() < 0.3 ? { after: "apply" as const, times: 1 } : null;
  const [salesforce, hubspot] = await Promise.all([
    startSalesforce({ port: 0, chaos }),
    startHubspot({ port: 0, chaos, isUnique: false, searchLagMs: 60_000 }),
  ]);
  const close = async () =>
    void (await Promise.all([salesforce.close(), hubspot.close()]));
  crms = { salesforce, hubspot, close };
});
afterAll(() => crms.close());

it("each card is one task and one note in a HubSpot that keeps no property unique, though workers die, answers are lost and its search lags", async () => {
  const world = openWorld(17, crms);
  await world.write(aTenantWith(tenantId, [[accountId, account]]));
  for (let n = 0; n < cards; n++)
    await world.emit(tenantId, aTip(accountId, n));
  const weather = { kill: 0.1, cut: 0.05, duplicate: 0.1, lose: 0.05 };
  await world.settle(weather);
  await world.approveAll(tenantId);
  await world.settle(weather);

  const owned = new Set(Object.values(account.identifiers));
  const came = await tally(world, crms, {
    handedIn: cards,
    accountsByTenant: new Map([[tenantId, owned]]),
  });
  expect(came).toMatchObject({ lost: 0, duplicated: 0, records: 2 * cards });
  const notes = crms.hubspot.ledger().notes.map(({ key }) => key);
  expect(notes).toHaveLength(cards);
  expect(new Set(notes).size).toBe(cards);
  await world.close();
});
