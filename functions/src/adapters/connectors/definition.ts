import type { PolledKind } from "../../domain/sources/source.ts";
import type { Connector } from "../../ports/sources.ts";
import type { Settings, Values } from "../definition.ts";
import type { Reach } from "./reach.ts";

/** A connector. What people see of its kind is its row in domain/sources/source.ts; its vendor's key, where it asks for one, is an entry of SOURCE_KEYS. */
export interface ConnectorDefinition<
  Kind extends PolledKind = PolledKind,
  S extends Settings = Settings,
> {
  readonly kind: Kind;
  readonly settings: S;
  connect(reach: Reach, settings: Values<S>): Connector;
}

/** Says no more than that it is a definition, and lets `connect` know the types of its settings. */
export function defineConnector<Kind extends PolledKind, S extends Settings>(
  definition: ConnectorDefinition<Kind, S>,
): ConnectorDefinition<Kind, S> {
  return definition;
}
