import type { SourceItem } from "../domain/signals/signal.ts";
import type { PolledKind, Source } from "../domain/sources/source.ts";
import type { TenantId } from "../domain/kernel/ids.ts";

/** The bytes behind a source item. */
export interface Fetched {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly url: string;
  readonly licence: string;
}

/** An entry of a source's list that is left out, and why. */
export interface DroppedItem {
  /** The source's own id of it, else one made of what it says. */
  readonly itemId: string;
  readonly title: string;
  readonly detail: string;
}

/** What a poll brings. */
export interface PollResult {
  readonly items: readonly SourceItem[];
  readonly cursor: Readonly<Record<string, string>>;
  readonly dropped?: readonly DroppedItem[];
}

/** A source of signals, one vendor each. */
export interface Connector {
  readonly kind: PolledKind;
  /** The same with the keys of this tenant, and of no other; absent where no key is asked for. */
  readonly forTenant?: (tenantId: TenantId) => Connector;
  /**
   * What is new since the cursor, oldest first, and the cursor that stands for having seen it. An entry of the source's
   * list that cannot be read takes no other along.
   * With a null cursor: the newest three of each form, board or feed. Throws RetryableError or PermanentError;
   * a source that fails gives nothing, never anything made up.
   */
  readonly poll: (
    source: Source,
    cursor: Readonly<Record<string, string>> | null,
    abortSignal: AbortSignal,
  ) => Promise<PollResult>;
  /** The document itself; null where the source no longer has it. Needs no key of its vendor: what only the vendor's key can reach comes with the item. */
  readonly fetch: (
    item: SourceItem,
    source: Source,
    abortSignal: AbortSignal,
  ) => Promise<Fetched | null>;
}
