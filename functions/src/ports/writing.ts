import type { TenantId, SignalId } from "../domain/kernel/ids.ts";
import type { ModelCall } from "../domain/prompts/modelCall.ts";
import type { Unstamped } from "../domain/kernel/document.ts";
import type { Account } from "../domain/accounts/account.ts";
import type { Signal } from "../domain/signals/signal.ts";
import type { Playbook, Asset } from "../domain/cards/library.ts";
import type { KnownLinks } from "../domain/text/links.ts";
import type { Claim } from "../domain/cards/claims.ts";
import type { Card } from "../domain/cards/opportunity.ts";
import type { PrintableDocument } from "../domain/reports/printableDocument.ts";

/** Paid model answers, by the hash of the request. */
export interface Answers {
  readonly read: (
    tenantId: TenantId,
    inputHash: string,
  ) => Promise<ModelCall | null>;
  /** Stores an answer unless there is one already; returns the stored one, which is the first. */
  readonly keep: (
    tenantId: TenantId,
    call: Unstamped<ModelCall>,
  ) => Promise<ModelCall>;
}

/** What a card is written from: one account's redacted evidence, and what fits it. */
export interface Brief {
  readonly tenantId: TenantId;
  readonly account: Pick<Account, "name" | "aliases">;
  /** The main signal first; each with its archived text. */
  readonly signals: readonly {
    readonly id: SignalId;
    readonly data: Signal;
    readonly text: string;
  }[];
  readonly playbook: { readonly id: string; readonly data: Playbook } | null;
  readonly assets: readonly { readonly id: string; readonly data: Asset }[];
  /** The only addresses that the card may contain. */
  readonly links: KnownLinks;
  /** What a person asked to change, for a refined card. */
  readonly note: string | null;
  /** What was wrong with the draft that this one replaces. */
  readonly faults: readonly {
    readonly claim: string;
    readonly fault: string;
  }[];
}

/** A card as a writer drafts it, before anything in it is trusted. */
export interface Draft {
  readonly title: string;
  readonly claims: readonly Claim[];
  readonly quotes: readonly {
    readonly id: string;
    readonly signalId: SignalId;
    readonly quote: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly outreach: Card["outreach"];
}

/** Drafts cards. Throws RetryableError while the model is unavailable, PermanentError if it refuses. */
export interface Writer {
  readonly name: string;
  /** The model that it asks, which costs money: a run takes its lease first. Null where it asks none. */
  readonly model: string | null;
  readonly draft: (brief: Brief, signal: AbortSignal) => Promise<Draft>;
}

/** Prints a document to a file: every text in full, within the page. */
export interface Printer {
  readonly print: (
    document: PrintableDocument,
  ) => Promise<Uint8Array<ArrayBuffer>>;
}
