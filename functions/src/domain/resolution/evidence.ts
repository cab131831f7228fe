import { z } from "zod";
import type { Account } from "../accounts/account.ts";
import { normalName } from "./accountNames.ts";
import type { AccountId } from "../kernel/ids.ts";
import { domainsAbove, type Clues, toHost, identifierKey } from "./lookup.ts";
import type { Named } from "./namesInText.ts";
import { isOwnDomain, isOwnName, type OwnCompany } from "./ownCompany.ts";

/** The kinds of evidence that a signal is about an account. */
export const EvidenceKind = z.enum([
  "identifier",
  "domain",
  "page",
  "name",
  "alias",
  "name-in-title",
  "alias-in-title",
  "name-in-text",
  "alias-in-text",
]);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

/**
 * The confidence that each kind of evidence gives, 0 to 1; the product's own figures. Only an identifier is certain.
 */
export const confidenceByKind: Readonly<Record<EvidenceKind, number>> = {
  identifier: 1,
  domain: 0.97,
  page: 0.95,
  name: 0.92,
  alias: 0.88,
  "name-in-title": 0.8,
  "alias-in-title": 0.75,
  "name-in-text": 0.6,
  "alias-in-text": 0.6,
};
/** An account found under one of the evidence's keys. */
export interface Candidate {
  readonly id: AccountId;
  readonly account: Pick<
    Account,
    "name" | "aliases" | "domains" | "identifiers" | "moreIdentifiers"
  >;
  /** The account that stands for it: itself, or the one that it was merged into. */
  readonly survivor: {
    readonly id: AccountId;
    readonly name: string;
    readonly parentId: AccountId | null;
  };
}

/** One piece of evidence that a signal is about an account. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly found: string;
  /** Evidence from the same place counts once: a name and an alias in the same title do not add up. */
  readonly place: "identifier" | "domain" | "hint" | "title" | "text";
}

/** Where a document names candidates. */
export interface NamesFound {
  readonly title: readonly Named[];
  readonly text: readonly Named[];
}

/**
 * Where the candidates are named, except where a name is only a part of another candidate's: Apple Bank is not Apple.
 */
export function locateNames(
  candidates: readonly Candidate[],
  { inTitle, inText }: Clues,
): NamesFound {
  const names = new Set(
    candidates
      .flatMap(({ account }) => [account.name, ...account.aliases])
      .map(normalName),
  );
  const longest = (named: readonly Named[]) => {
    const known = named.filter(({ name }) => names.has(name));
    return known.filter((one) => !known.some((other) => isInside(one, other)));
  };
  return { title: longest(inTitle), text: longest(inText) };
}

function isInside(one: Named, other: Named): boolean {
  return (
    other.name !== one.name &&
    other.start <= one.start &&
    one.end <= other.end &&
    other.end - other.start > one.end - one.start
  );
}

/** All evidence that a document is about this account. */
export function findEvidence(
  account: Candidate["account"],
  evidence: Clues,
  spans: NamesFound,
): readonly Evidence[] {
  const found: Evidence[] = [];
  const ids = new Set(
    [
      ...Object.entries(account.identifiers),
      ...account.moreIdentifiers.map((m) => [m.name, m.value] as const),
    ].map(identifierKey),
  );
  const id = evidence.identifiers.find((one) => ids.has(identifierKey(one)));
  if (id !== undefined)
    found.push({
      kind: "identifier",
      found: id.join(" "),
      place: "identifier",
    });

  const domains = account.domains.map(toHost);
  const { host } = evidence;
  const exact = evidence.domains.find((domain) => domains.includes(domain));
  const under = [...evidence.domains, ...(host === null ? [] : [host])].find(
    (one) => domainsAbove(one).some((domain) => domains.includes(domain)),
  );
  if (exact !== undefined)
    found.push({ kind: "domain", found: exact, place: "domain" });
  else if (under !== undefined)
    found.push({ kind: "page", found: under, place: "domain" });

  const hints = new Set(evidence.names.map(normalName));
  const title = new Set(spans.title.map(({ name }) => name));
  const text = new Set(spans.text.map(({ name }) => name));
  for (const [n, name] of [account.name, ...account.aliases].entries()) {
    const wanted = normalName(name);
    if (wanted === "") continue;
    const kind = n === 0 ? "name" : "alias";
    if (hints.has(wanted))
      found.push({ kind: kind, found: name, place: "hint" });
    if (title.has(wanted))
      found.push({ kind: `${kind}-in-title`, found: name, place: "title" });
    if (text.has(wanted))
      found.push({ kind: `${kind}-in-text`, found: name, place: "text" });
  }
  return found;
}

/** The confidence that a signal is about the tenant's own company, 0 to 1. */
export function ownCompanyConfidence(own: OwnCompany, evidence: Clues): number {
  const { domains, names, host, inTitle, inText } = evidence;
  const isNamed = ({ name }: Named) => isOwnName(own, name);
  const best = [
    domains.some((domain) => isOwnDomain(own, domain))
      ? confidenceByKind.domain
      : 0,
    host !== null && isOwnDomain(own, host) ? confidenceByKind.page : 0,
    names.some((name) => isOwnName(own, name)) ? confidenceByKind.name : 0,
    inTitle.some(isNamed) ? confidenceByKind["name-in-title"] : 0,
    inText.some(isNamed) ? confidenceByKind["name-in-text"] : 0,
  ];
  return Math.max(...best);
}
