import { normalName } from "./accountNames.ts";
import {
  type Candidate,
  type Found,
  type Ground,
  groundsOf,
  ownSureness,
  spansOf,
  sureness,
} from "./grounds.ts";
import type { AccountId } from "../kernel/ids.ts";
import type { Evidence } from "./lookup.ts";
import type { OwnCompany } from "./ownCompany.ts";

/** As far as grounds add up that are no identifier. */
const highest = 0.99;
/** Two accounts this near to each other are told apart by a person. */
const near = 0.1;
/** As sure as it is where it may be another's as well. */
const ambiguous = 0.5;

/** Whose a signal may be, and how sure that is. */
export interface Likely {
  readonly id: AccountId;
  readonly name: string;
  /** 0 to 1, in thousandths. */
  readonly confidence: number;
  /** The surest of its grounds, and what was found. */
  readonly ground: Ground;
  readonly found: string;
}

interface Weighed extends Likely {
  readonly parentId: AccountId | null;
  readonly grounds: readonly Found[];
}

/**
 * Whose a signal is, the likeliest account first; `own`: it is about the tenant's own company, and no account is named
 * as plainly. Independent grounds add up as 1 − Π(1 − c), to 0.99 at most; an identifier alone is certain. Of accounts
 * within 0.1 of the likeliest none is sure (0.5), but a subsidiary before its parent.
 */
export function whoseIs(
  candidates: readonly Candidate[],
  evidence: Evidence,
  own: OwnCompany,
): { readonly likely: readonly Likely[]; readonly own: boolean } {
  const spans = spansOf(candidates, evidence);
  const weighed = merged(
    candidates.map(({ account, standing }) => ({
      standing,
      grounds: groundsOf(account, evidence, spans),
    })),
  );
  const [first] = weighed;
  const ours = ownSureness(own, evidence);
  if (ours > 0 && (first === undefined || ours - first.confidence > near))
    return { likely: [], own: true };
  return { likely: settled(weighed), own: false };
}

/** The accounts that stand for what was found, each once, the surest first. */
function merged(
  found: readonly {
    readonly standing: Candidate["standing"];
    readonly grounds: readonly Found[];
  }[],
): readonly Weighed[] {
  const ids = new Set(found.map(({ standing }) => standing.id));
  return [...ids]
    .flatMap((id): readonly Weighed[] => {
      const its = found.filter(({ standing }) => standing.id === id);
      const grounds = its
        .flatMap((one) => one.grounds)
        .sort((a, b) => sureness[b.ground] - sureness[a.ground]);
      const [standing] = its.map((one) => one.standing);
      const [surest] = grounds;
      if (standing === undefined || surest === undefined) return [];
      const { ground, found: what } = surest;
      const confidence = sumOf(grounds);
      return [{ ...standing, confidence, ground, found: what, grounds }];
    })
    .sort((a, b) => b.confidence - a.confidence || compare(a.id, b.id));
}

function sumOf(grounds: readonly Found[]): number {
  if (grounds.some(({ ground }) => ground === "identifier")) return 1;
  const best = new Map<string, number>();
  for (const { place, ground } of grounds)
    best.set(place, Math.max(best.get(place) ?? 0, sureness[ground]));
  const doubt = [...best.values()].reduce((left, c) => left * (1 - c), 1);
  return thousandths(Math.min(highest, 1 - doubt));
}

/** Where several are as likely, none is sure; but an identifier decides alone, and a subsidiary before its parent. */
function settled(weighed: readonly Weighed[]): readonly Likely[] {
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
  const unsure = left.length > 1 ? weighed : yielding;
  return weighed
    .map(({ id, name, confidence, ground, found }) => ({
      id,
      name,
      ground,
      found,
      confidence: unsure.some((one) => one.id === id)
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

/** Of parent and subsidiary the parent yields, unless it alone is meant: found by what is its own, the other by an alias. */
function yields(one: Weighed, other: Weighed): boolean {
  if (other.parentId === one.id) return isMeant(other, one);
  return one.parentId === other.id && !isMeant(one, other);
}

function isMeant(child: Weighed, parent: Weighed): boolean {
  const own = ({ ground }: Found) => !ground.startsWith("alias");
  const contains = ` ${normalName(child.name)} `.includes(
    ` ${normalName(parent.name)} `,
  );
  return contains || child.grounds.some(own) || !parent.grounds.some(own);
}

function thousandths(value: number): number {
  return Math.round(1000 * value) / 1000;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
