import type { Claim } from "../cards/claims.ts";
import type { Language } from "./exportWords.ts";

/** A document to be printed: its content and order. The printer decides how it looks. */
export interface PrintableDocument {
  readonly language: Language;
  readonly layout: "portrait" | "landscape";
  /** The kind of document, above the title. */
  readonly kind: string;
  readonly title: string;
  /** The figure beside the title, out of 100. */
  readonly figure: { readonly value: string; readonly name: string } | null;
  readonly facts: readonly Fact[];
  readonly blocks: readonly Block[];
  readonly author: string;
  readonly at: Date;
  /** At the foot of each page; `{page}` and `{pages}` in `page` are replaced. */
  readonly foot: { readonly text: string; readonly page: string };
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** A text with a link; an address that is not a web address is printed without one. */
export interface PrintableLink {
  readonly text: string;
  readonly url: string | null;
}

export type Block =
  | {
      readonly kind: "heading";
      readonly text: string;
      readonly note?: string;
    }
  | {
      readonly kind: "paragraph";
      readonly text: string;
      readonly tone: "plain" | "quiet" | "warning";
    }
  | {
      readonly kind: "bars";
      readonly bars: readonly {
        readonly name: string;
        /** 0 to 100. */
        readonly value: number;
        readonly share: string;
        readonly reason: string;
      }[];
    }
  | {
      readonly kind: "claim";
      readonly number: number;
      readonly of: Claim["kind"];
      readonly label: string;
      readonly text: string;
      /** Why it must not be relied on; null where it may be. */
      readonly warning: string | null;
      readonly quote: string | null;
      readonly source: PrintableLink | null;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "item";
      readonly label: string | null;
      readonly title: string;
      readonly text: string | null;
      readonly link: PrintableLink | null;
    }
  | {
      readonly kind: "table";
      readonly columns: readonly {
        readonly name: string;
        /** The share of the width, relative to the sum. */
        readonly width: number;
        readonly align: "left" | "right";
      }[];
      readonly rows: readonly (readonly string[])[];
    };
