import type { Clock, Chance } from "./clock.ts";
import type { Recent, Store } from "./store.ts";
import type { Doorbell } from "./messaging.ts";
import type { PolledKind } from "../domain/sources/source.ts";
import type { Connector } from "./sources.ts";
import type { Reader, Redactor, Annotator, Classifier } from "./reading.ts";
import type { Embedder, Vectors } from "./vectors.ts";
import type { Writer } from "./writing.ts";
import type { CrmName, CrmOwner } from "../domain/crm/activation.ts";
import type { Crm, Pacer } from "./crm.ts";
import type { Provenance } from "../domain/kernel/document.ts";
import type { Log } from "./log.ts";

/** Everything that the stages, the API and the clock work with. */
export interface Deps {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly store: Store;
  /** The same database, for what may be some seconds old. */
  readonly recent: Recent;
  readonly doorbell: Doorbell;
  readonly connectors: Readonly<Partial<Record<PolledKind, Connector>>>;
  readonly reader: Reader;
  readonly redactor: Redactor;
  readonly annotator: Annotator;
  /** Null where only the rules classify. */
  readonly classifier: Classifier | null;
  readonly embedder: Embedder;
  readonly vectors: Vectors;
  readonly writer: Writer;
  /** Writes when the writer does not answer and the tenant allows it. */
  readonly fallbackWriter: Writer;
  readonly crms: Readonly<Record<CrmName, Crm>>;
  /**
   * Where each CRM leads: `live` to the vendor, `mock` to a stand-in. Nothing of another provenance is written there.
   */
  readonly crmProvenance: Readonly<Record<CrmName, Provenance>>;
  /** Who owns each CRM connection: no other tenant's card is written there. */
  readonly crmOwners: Readonly<Record<CrmName, CrmOwner>>;
  readonly pacer: Pick<Pacer, "book">;
  readonly log: Log;
}
