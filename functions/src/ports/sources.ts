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
  /** The source's own id for it, or else one made from its content. */
  readonly itemId: string;
  readonly title: string;
  readonly detail: string;
}

/** What a poll returns. */
export interface PollResult {
  readonly items: readonly SourceItem[];
  readonly cursor: Readonly<Record<string, string>>;
  readonly dropped?: readonly DroppedItem[];
}

/** A kind of source, one vendor each. */
export interface Connector {
  readonly kind: PolledKind;
  /** The same connector with the keys of this tenant and of no other; absent where no key is needed. */
  readonly forTenant?: (tenantId: TenantId) => Connector;
  /**
   * What is new since the cursor, oldest first, and the cursor after it. An entry that cannot be read does not affect
   * the others. With a null cursor: the newest three of each form, board or feed. Throws RetryableError or
   * PermanentError; a source that fails returns nothing, never anything made up.
   */
  readonly poll: (
    source: Source,
    cursor: Readonly<Record<string, string>> | null,
    abortSignal: AbortSignal,
  ) => Promise<PollResult>;
  /**
   * The document itself; null where the source no longer has it. Needs no vendor key: what only the key can reach
   * comes with the item.
   */
  readonly fetch: (
    item: SourceItem,
    source: Source,
    abortSignal: AbortSignal,
  ) => Promise<Fetched | null>;
}
