import { normalName } from "./accountNames.ts";
import {
  type Candidate,
  type Evidence,
  type EvidenceKind,
  findEvidence,
  ownCompanyConfidence,
  locateNames,
  confidenceByKind,
} from "./evidence.ts";
import type { AccountId } from "../kernel/ids.ts";
import type { Clues } from "./lookup.ts";
import type { OwnCompany } from "./ownCompany.ts";

/** The most that evidence other than an identifier adds up to. */
const highest = 0.99;
/** If two accounts are this close to each other, a person decides. */
const near = 0.1;
/** The confidence in an account when another is as likely. */
const ambiguous = 0.5;

/** An account that a signal may be about, with the confidence that it is. */
export interface RankedAccount {
  readonly id: AccountId;
  readonly name: string;
  /** 0 to 1, in thousandths. */
  readonly confidence: number;
  /** The kind of its strongest evidence, and what was found. */
  readonly kind: EvidenceKind;
  readonly found: string;
}

interface WeighedAccount extends RankedAccount {
  readonly parentId: AccountId | null;
  readonly evidence: readonly Evidence[];
}

/**
 * The accounts that a signal may be about, likeliest first; `isOwnCompany`: it is about the tenant's own company, and
 * no account is named as plainly. Independent evidence adds up as 1 − Π(1 − c), to 0.99 at most; only an identifier
 * is certain. Accounts within 0.1 of the likeliest are ambiguous (0.5), except that a subsidiary beats its parent.
 */
export function rankCandidates(
  candidates: readonly Candidate[],
  clues: Clues,
  own: OwnCompany,
): {
  readonly likely: readonly RankedAccount[];
  readonly isOwnCompany: boolean;
} {
  const spans = locateNames(candidates, clues);
  const weighed = mergeBySurvivor(
    candidates.map(({ account, survivor }) => ({
      survivor,
      evidence: findEvidence(account, clues, spans),
    })),
  );
  const [first] = weighed;
  const ours = ownCompanyConfidence(own, clues);
  if (ours > 0 && (first === undefined || ours - first.confidence > near))
    return { likely: [], isOwnCompany: true };
  return { likely: settleRivals(weighed), isOwnCompany: false };
}

/** The candidates merged by survivor, each once, likeliest first. */
function mergeBySurvivor(
  found: readonly {
    readonly survivor: Candidate["survivor"];
    readonly evidence: readonly Evidence[];
  }[],
): readonly WeighedAccount[] {
  const ids = new Set(found.map(({ survivor }) => survivor.id));
  return [...ids]
    .flatMap((id): readonly WeighedAccount[] => {
      const its = found.filter(({ survivor }) => survivor.id === id);
      const evidence = its
        .flatMap((one) => one.evidence)
        .sort((a, b) => confidenceByKind[b.kind] - confidenceByKind[a.kind]);
      const [survivor] = its.map((one) => one.survivor);
      const [strongest] = evidence;
      if (survivor === undefined || strongest === undefined) return [];
      const { kind, found: value } = strongest;
      const confidence = combineConfidence(evidence);
      return [{ ...survivor, confidence, kind, found: value, evidence }];
    })
    .sort((a, b) => b.confidence - a.confidence || compare(a.id, b.id));
}

function combineConfidence(evidence: readonly Evidence[]): number {
  if (evidence.some(({ kind }) => kind === "identifier")) return 1;
  const best = new Map<string, number>();
  for (const { place, kind } of evidence)
    best.set(place, Math.max(best.get(place) ?? 0, confidenceByKind[kind]));
  const doubt = [...best.values()].reduce((left, c) => left * (1 - c), 1);
  return thousandths(Math.min(highest, 1 - doubt));
}

/** If several are as likely, none is certain; but an identifier decides alone, and a subsidiary beats its parent. */
function settleRivals(
  weighed: readonly WeighedAccount[],
): readonly RankedAccount[] {
  const [first] = weighed;
  if (first === undefined) return [];
  const rivals = weighed.filter(({ confidence }) =>
    first.confidence === 1
      ? confidence === 1
      : thousandths(first.confidence - confidence) <= near,
  );
  const yielding = rivals.filter((one) =>
    rivals.some((other) => yields(one, other)),
  );
  const left = rivals.filter((one) => !yielding.includes(one));
  const undecided = left.length > 1 ? weighed : yielding;
  return weighed
    .map(({ id, name, confidence, kind, found }) => ({
      id,
      name,
      kind,
      found,
      confidence: undecided.some((one) => one.id === id)
        ? Math.min(ambiguous, confidence)
        : confidence,
    }))
    .sort(
      (a, b) =>
        Number(left.some(({ id }) => id === b.id)) -
          Number(left.some(({ id }) => id === a.id)) ||
        b.confidence - a.confidence,
    );
}

/**
 * Whether a parent gives way to its subsidiary: always, unless only the parent is meant, being found by what is its
 * own while the subsidiary is found by an alias.
 */
function yields(one: WeighedAccount, other: WeighedAccount): boolean {
  if (other.parentId === one.id) return isMeant(other, one);
  return one.parentId === other.id && !isMeant(one, other);
}

function isMeant(child: WeighedAccount, parent: WeighedAccount): boolean {
  const isOwn = ({ kind }: Evidence) => !kind.startsWith("alias");
  const contains = ` ${normalName(child.name)} `.includes(
    ` ${normalName(parent.name)} `,
  );
  return contains || child.evidence.some(isOwn) || !parent.evidence.some(isOwn);
}

function thousandths(value: number): number {
  return Math.round(1000 * value) / 1000;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
