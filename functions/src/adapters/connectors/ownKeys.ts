import type { TenantId } from "../../domain/kernel/ids.ts";
import { type PolledKind, sourceFacts } from "../../domain/sources/source.ts";
import type { Connector } from "../../ports/sources.ts";

export type Connectors = Readonly<Record<PolledKind, Connector>>;

/** The same connectors, of which those that ask for a key can be had with a tenant's own. */
export function withOwnKeys(
  shared: Connectors,
  ofTenant: (tenantId: TenantId) => Connectors,
): Readonly<Partial<Record<PolledKind, Connector>>> {
  return Object.fromEntries(
    Object.values(shared).map((connector) => [
      connector.kind,
      sourceFacts[connector.kind].key === null
        ? connector
        : {
            ...connector,
            forTenant: (tenantId: TenantId) =>
              ofTenant(tenantId)[connector.kind],
          },
    ]),
  );
}
