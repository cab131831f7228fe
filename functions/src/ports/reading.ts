import type { Span } from "../domain/text/chunks.ts";
import type { Fetched } from "./sources.ts";
import type { Annotations } from "../domain/signals/annotations.ts";
import type { TenantId } from "../domain/kernel/ids.ts";
import type { Classified } from "../domain/signals/classifying.ts";

/** A document once read: its plain text, without boilerplate, and what it says about itself. */
export interface ReadDocument {
  readonly title: string | null;
  readonly text: string;
  /** ISO 639-1 where known, else `und`. */
  readonly language: string;
  /** Its author as the document names them, people or an agency. */
  readonly author: string | null;
  /** When it was published, according to the document itself. */
  readonly publishedAt: Date | null;
  /** The address that the document gives as its own (`rel=canonical` or similar). */
  readonly canonicalUrl: string | null;
  /** Its headings in order: the parts and items of a filing, the subheadings of an article. */
  readonly sections: readonly Section[];
}

/** A heading and the span of text below it, from the heading itself to the next one. */
export interface Section extends Span {
  readonly title: string;
}

/**
 * Turns fetched bytes into text; throws PermanentError where nothing is readable, or where reading costs more than
 * one document may.
 */
export interface Reader {
  readonly read: (
    fetched: Fetched,
    signal: AbortSignal,
  ) => Promise<ReadDocument>;
}

/**
 * Replaces e-mail addresses, phone, card, account (IBAN) and social security numbers and IP addresses with `[email]`,
 * `[phone]`, `[card]`, `[iban]`, `[ssn]` and `[ip]`. Applying it twice changes nothing.
 */
export interface Redactor {
  readonly redact: (text: string) => string;
}

/**
 * Finds who and what a redacted text mentions: at most 20 of each kind, by rule alone, so that the same text gives
 * the same result.
 */
export interface Annotator {
  readonly annotate: (
    document: {
      readonly text: string;
      /** ISO 639-1, or `und`. */
      readonly language: string;
      /** The reference point for a day without a year; null where unknown. */
      readonly publishedAt: Date | null;
      /** Names that are recognised anywhere: those of the account. */
      readonly own: readonly string[];
    },
    signal: AbortSignal,
  ) => Promise<Annotations>;
}

/**
 * Says what a document is about where the rules do not know. Throws RetryableError while the model is unavailable,
 * PermanentError if it refuses.
 */
export interface Classifier {
  readonly classify: (
    document: {
      readonly tenantId: TenantId;
      readonly title: string;
      /** Redacted. */
      readonly text: string;
    },
    signal: AbortSignal,
  ) => Promise<Classified>;
}
