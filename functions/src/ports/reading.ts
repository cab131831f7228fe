import type { Span } from "../domain/text/chunks.ts";
import type { Fetched } from "./sources.ts";
import type { Annotations } from "../domain/signals/annotations.ts";
import type { TenantId } from "../domain/kernel/ids.ts";
import type { Classified } from "../domain/signals/classifying.ts";

/** A document read: its plain text, without boilerplate, and what it says of itself. */
export interface ReadDocument {
  readonly title: string | null;
  readonly text: string;
  /** ISO 639-1 where known, else `und`. */
  readonly language: string;
  /** Whoever is named as its author, people or an agency, as it names them. */
  readonly author: string | null;
  /** When it was published, as the document itself says. */
  readonly publishedAt: Date | null;
  /** The address that the document names as its own (`rel=canonical` and its like). */
  readonly canonicalUrl: string | null;
  /** Its headings in their order: of a filing its parts and items, of an article its subheadings. */
  readonly sections: readonly Section[];
}

/** A heading, and the stretch of the text that it stands over, itself included, up to the next. */
export interface Section extends Span {
  readonly title: string;
}

/** Turns fetched bytes into text; throws PermanentError where there is nothing readable, or reading it costs more than a document may. */
export interface Reader {
  readonly read: (
    fetched: Fetched,
    signal: AbortSignal,
  ) => Promise<ReadDocument>;
}

/** Replaces e-mail addresses, phone, card, account (IBAN) and social security numbers and IP addresses by `[email]`, `[phone]`, `[card]`, `[iban]`, `[ssn]` and `[ip]`. Applying it twice changes nothing. */
export interface Redactor {
  readonly redact: (text: string) => string;
}

/** Finds who and what a redacted text speaks of: at most 20 of each kind, by rule alone, so that the same text gives the same. */
export interface Annotator {
  readonly annotate: (
    document: {
      readonly text: string;
      /** ISO 639-1, or `und`. */
      readonly language: string;
      /** What a day without a year is near to; null where that is not known. */
      readonly publishedAt: Date | null;
      /** Names that are recognised wherever they stand: those of the account. */
      readonly own: readonly string[];
    },
    signal: AbortSignal,
  ) => Promise<Annotations>;
}

/** Says what a document is about where the rules do not know. Throws RetryableError while the model is unavailable, PermanentError where it refuses. */
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
