import * as at from "../../functions/src/domain/collections.ts";
import {
  OpportunityId,
  type TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import { connectedCrms, type Crms, type World } from "./world.ts";

/** What a run came to, counted in the CRM stand-ins' own ledgers. */
export interface Tally {
  /** Signals handed in of which there is neither a card, nor a recorded reason, nor a parked message. */
  readonly lost: number;
  /** Records in a CRM beyond one for each approved card. */
  readonly duplicated: number;
  /** Records whose CRM account belongs to another tenant than their card. */
  readonly crossTenant: number;
  readonly cards: number;
  readonly records: number;
  readonly parked: number;
}

/** Counts what became of `handedIn` signals of these tenants. `accountsByTenant`: the CRM account ids of each. */
export async function tally(
  world: World,
  crms: Crms,
  {
    handedIn,
    accountsByTenant,
  }: {
    readonly handedIn: number;
    readonly accountsByTenant: ReadonlyMap<TenantId, ReadonlySet<string>>;
  },
): Promise<Tally> {
  const standIns = connectedCrms.map((crm) => crms[crm]);
  const messages = await world.messages();
  const stuck = messages.filter(({ data }) => data.state === "parked");
  for (const { id, data } of stuck.slice(0, 5))
    console.log(
      `parked: ${id} after ${data.starts} starts, ${data.attempts} attempts: ${data.error?.code} ${data.error?.message}`,
    );
  const parked = stuck.length;
  let cards = 0;
  let explained = 0;
  let records = 0;
  let duplicated = 0;
  let crossTenant = 0;
  const owners = new Map<string, TenantId>();
  for (const [tenantId, accountIds] of accountsByTenant) {
    for (const id of accountIds) owners.set(id, tenantId);
    const opportunities = await world.database.db
      .collection(at.opportunities(tenantId).path)
      .get();
    const dropped = await world.database.db
      .collection(at.decisions(tenantId).path)
      .where("verdict", "==", "dropped")
      .get();
    explained += dropped.size;
    cards += opportunities.size;
    for (const document of opportunities.docs) {
      const { state } =
        (
          await world.database.store.read(
            at.opportunity(tenantId, OpportunityId.parse(document.id)),
          )
        )?.data ?? {};
      if (state === undefined || !("contentHash" in state)) continue;
      const key = `clientpulse-${document.id}-v${state.version}`;
      for (const crm of standIns) {
        const written = crm.ledger().tasks.filter((task) => task.key === key);
        records += written.length;
        duplicated += Math.max(0, written.length - 1);
        crossTenant += written.filter(
          ({ accountId }) =>
            accountId === null || owners.get(accountId) !== tenantId,
        ).length;
      }
    }
  }
  const keyless =
    standIns.flatMap((crm) => crm.ledger().tasks).length - records;
  return {
    lost: Math.max(0, handedIn - cards - explained),
    duplicated: duplicated + keyless,
    crossTenant,
    cards,
    records,
    parked,
  };
}
