import type {
  AccountId,
  TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import type { World } from "../support/world.ts";

/** Tenants with four accounts each, told apart by the CRM account that each is linked to. */
export function tenantsCalled(names: readonly string[]) {
  const tenants = names.map((name, t) => ({
    tenantId: aTenantId(name),
    accounts: [0, 1, 2, 3].map((a) => {
      const salesforce = `0010000000000${t}${a}`;
      const identifiers = { salesforce, hubspot: `90${t}${a}` };
      return [anAccountId(`${name}-${a}`), anAccount({ identifiers })] as const;
    }),
  }));
  const places = [0, 1, 2, 3].flatMap((a) =>
    tenants.flatMap(({ tenantId, accounts }): [TenantId, AccountId][] => {
      const account = accounts[a];
      return account === undefined ? [] : [[tenantId, account[0]]];
    }),
  );
  return {
    tenantIds: tenants.map(({ tenantId }) => tenantId),
    /** The ids in the CRMs of each tenant's accounts. */
    accountsByTenant: new Map(
      tenants.map(({ tenantId, accounts }) => [
        tenantId,
        new Set(accounts.flatMap(([, a]) => Object.values(a.identifiers))),
      ]),
    ),
    /** Writes them, and hands in so many tips, one tenant and account after the other. */
    handIn: async (world: World, signals: number): Promise<void> => {
      for (const { tenantId, accounts } of tenants)
        await world.write(aTenantWith(tenantId, accounts));
      for (let n = 0; n < signals; n++) {
        const place = places[n % places.length];
        if (place !== undefined) await world.emit(place[0], aTip(place[1], n));
      }
    },
  };
}
