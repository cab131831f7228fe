import type { Firestore } from "firebase-admin/firestore";
import type { CrmName } from "../domain/crm/activation.ts";
import type { Crm } from "../ports/crm.ts";
import type { Classifier } from "../ports/reading.ts";
import type { Embedder, Vectors } from "../ports/vectors.ts";
import type { Answers, Writer } from "../ports/writing.ts";
import type { EmbeddedBy } from "./vectors/dimension.ts";

/** Something that an operator sets in the environment. */
export interface Setting<T extends string | number = string | number> {
  readonly name: string;
  readonly default: T;
  /** The smallest number that is accepted; any is where absent. */
  readonly least?: number;
}

/** A setting that is a text, or a whole number where its default is one. */
export function text(name: string, standard = ""): Setting<string> {
  return { name, default: standard };
}
export function integer(name: string, standard: number): Setting<number> {
  return { name, default: standard };
}

/** A whole number from 1; anything less is refused when it is read. */
export function count(name: string, standard: number): Setting<number> {
  return { name, default: standard, least: 1 };
}

/** A vendor's settings, and its secrets by the names they have in the cloud; each under the name it has in the vendor's code. */
export type Settings = Readonly<Record<string, Setting>>;
export type Secrets = Readonly<Record<string, string>>;

export type Values<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<string>
    ? string
    : S[Name] extends Setting<number>
      ? number
      : string | number;
};

/** What a builder is given. Values are read when they are used, and a secret only where a function is bound to it. */
export interface Given<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> {
  readonly settings: Values<S>;
  readonly secrets: { readonly [Name in keyof K]: () => string };
}

/** What every vendor says of itself. */
export interface Definition<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> {
  readonly settings: S;
  /** Bound only to the functions that use vendors of this kind. */
  readonly secrets: K;
}

/** A vendor that takes the place of others of its kind, and may be stood in for. */
interface Alternative<S extends Settings, K extends Secrets> extends Definition<
  S,
  K
> {
  readonly name: string;
  /** What stands in for the vendor with these settings, as people are told; null where nothing does. */
  standIn(settings: Values<S>): string | null;
}

/** A CRM that approved cards are written to. */
export interface CrmDefinition<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> extends Definition<S, K> {
  readonly name: CrmName;
  /** Names the one tenant whose CRM it is. */
  readonly tenant: Setting<string>;
  /** Where it is asked: one on this machine is a stand-in. */
  address(settings: Values<S>): string;
  /** What an operator is warned of before a deploy, a sentence each. */
  check(settings: Values<S>, tenant: string): readonly string[];
  build(given: Given<S, K>): Crm;
}

/** A writer of cards; CARD_WRITER names the one that is used. */
export interface WriterDefinition<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> extends Alternative<S, K> {
  build(given: Given<S, K>, keep: { readonly answers: Answers }): Writer;
}

/** Whoever says what a document is about; CLASSIFIER names the one that is used. */
export interface ClassifierDefinition<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> extends Definition<S, K> {
  readonly name: string;
  /** Null where the rules alone decide. */
  build(
    given: Given<S, K>,
    keep: { readonly answers: Answers },
  ): Classifier | null;
}

/** An embedder; of their list the first that is set up is used. */
export interface EmbedderDefinition<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> extends Alternative<S, K> {
  isSetUp(settings: Values<S>): boolean;
  build(given: Given<S, K>): Embedder;
}

/** A vector index; of their list the first that is set up is used. */
export interface VectorsDefinition<
  S extends Settings = Settings,
  K extends Secrets = Secrets,
> extends Alternative<S, K> {
  isSetUp(settings: Values<S>): boolean;
  /** Throws where it cannot hold vectors of this dimension. */
  build(
    given: Given<S, K>,
    into: { readonly db: Firestore; readonly by: EmbeddedBy },
  ): Vectors;
}

/** Each says no more than that its argument is a definition, and lets the builder know the types of its settings. */
export function defineCrm<S extends Settings, K extends Secrets>(
  definition: CrmDefinition<S, K>,
): CrmDefinition<S, K> {
  return definition;
}
export function defineWriter<S extends Settings, K extends Secrets>(
  definition: WriterDefinition<S, K>,
): WriterDefinition<S, K> {
  return definition;
}
export function defineClassifier<S extends Settings, K extends Secrets>(
  definition: ClassifierDefinition<S, K>,
): ClassifierDefinition<S, K> {
  return definition;
}
export function defineEmbedder<S extends Settings, K extends Secrets>(
  definition: EmbedderDefinition<S, K>,
): EmbedderDefinition<S, K> {
  return definition;
}
export function defineVectors<S extends Settings, K extends Secrets>(
  definition: VectorsDefinition<S, K>,
): VectorsDefinition<S, K> {
  return definition;
}

/** Whether a URL leads to this machine: a stand-in, never a vendor. */
export function isLocal(url: string): boolean {
  return /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|\/|$)/.test(url);
}
