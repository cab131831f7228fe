import type { Account } from "../../domain/accounts/account.ts";
import {
  type Claim,
  type Evidence,
  type Fault,
  findFault,
} from "../../domain/cards/claims.ts";
import {
  eventTitle,
  foreignFault,
  inventionChecks,
} from "../../domain/prompts/foreignText.ts";
import { idFrom, sha256 } from "../../domain/kernel/hash.ts";
import { outreachFrom } from "../../domain/cards/library.ts";
import { happenedAt } from "../../domain/signals/occurrence.ts";
import { type KnownLinks, toKnownLinks } from "../../domain/text/links.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import type { Brief, Draft } from "../../ports/writing.ts";

/** The parts of a draft that pass, and what was wrong with the rest. */
export interface Checked {
  readonly title: string;
  readonly claims: readonly Claim[];
  readonly evidence: readonly {
    readonly id: string;
    readonly data: Evidence;
  }[];
  readonly outreach: Draft["outreach"];
  readonly faults: readonly {
    readonly claim: string;
    readonly fault: Fault;
    readonly kind: Claim["kind"];
  }[];
}

interface Linked extends Pick<Brief, "playbook" | "assets" | "note"> {
  readonly tenant: Pick<Tenant, "own">;
  readonly account: Pick<Account, "name" | "aliases" | "domains">;
  readonly sources: Brief["signals"];
}

/**
 * The tenant's own addresses and those of the account, its assets, its evidence and texts written by our own people.
 */
export function linksFor({
  tenant,
  account,
  sources,
  assets,
  playbook,
  note,
}: Linked): KnownLinks {
  return toKnownLinks({
    domains: [...tenant.own.domains, ...account.domains],
    urls: [
      ...assets.map(({ data }) => data.url),
      ...sources.flatMap(({ data }) => data.url ?? []),
    ],
    texts: [
      ...tenant.own.names,
      account.name,
      ...account.aliases,
      ...assets.flatMap(({ data }) => [data.title, data.summary]),
      ...ownTexts(playbook?.data ?? null),
      ...(note === null ? [] : [note]),
    ],
  });
}

function ownTexts(playbook: NonNullable<Brief["playbook"]>["data"] | null) {
  if (playbook === null) return [];
  const { title, action, outreach } = playbook;
  return [
    title,
    action,
    ...outreach.flatMap(({ subject, body }) => [subject, body]),
  ];
}

/** Checks a draft against its evidence: drops what fails and names its fault. */
export function checkDraft(draft: Draft, brief: Brief): Checked {
  const { signals: sources, links } = brief;
  const quotes = new Map(draft.quotes.map((quote) => [quote.id, quote]));
  const faults: { claim: string; fault: Fault; kind: Claim["kind"] }[] = [];
  const stands = (claim: Claim, fault: Fault | null) => {
    const { text, kind } = claim;
    if (fault !== null) faults.push({ claim: text, fault, kind });
    return fault === null;
  };
  const proven = draft.claims.filter((claim) => {
    if (claim.kind !== "FOUND") return true;
    const quote = quotes.get(claim.evidenceId);
    const source = sources.find(({ id }) => id === quote?.signalId);
    return stands(
      claim,
      findFault(claim, quote, source?.text ?? "") ??
        foreignFault(`${claim.text}\n${quote?.quote ?? ""}`, {
          links,
          isPosting: source?.data.type === "job",
        }),
    );
  });
  const rest = inventionChecks({
    links,
    documents: sources.map(({ text }) => text),
    allowed: ourWords(proven, quotes, brief),
    sameLanguage: sources.every(({ data }) =>
      ["en", "und"].includes(data.language),
    ),
  });
  const standing = proven.filter((claim) => {
    if (claim.kind === "FOUND") return true;
    const about = claim.kind === "CALCULATED" ? "anything" : undefined;
    return stands(claim, rest.faultOf(claim.text, about));
  });
  const claims = keepSupported(standing);
  const renamed = new Map<string, string>();
  const evidence = new Map<string, Evidence>();
  // Of quotes that share an id, only the one that was checked.
  for (const quote of quotes.values()) {
    const used = claims.some(
      (claim) => claim.kind === "FOUND" && claim.evidenceId === quote.id,
    );
    const source = sources.find(({ id }) => id === quote.signalId);
    if (!used || source === undefined) continue;
    const id = idFrom(source.data.snapshotId, quote.start, quote.end);
    renamed.set(quote.id, id);
    evidence.set(id, toEvidence(quote, source));
  }
  return {
    ...chooseWords(draft, rest, brief),
    faults,
    evidence: [...evidence].map(([id, data]) => ({ id, data })),
    claims: claims.map((claim) =>
      claim.kind === "FOUND"
        ? { ...claim, evidenceId: renamed.get(claim.evidenceId) ?? "" }
        : claim,
    ),
  };
}

/** What a card may repeat: its verified quotes, the titles of its documents, and texts written by our own people. */
function ourWords(
  claims: readonly Claim[],
  quotes: ReadonlyMap<string, Draft["quotes"][number]>,
  { account, signals, playbook, assets, links, note }: Brief,
): readonly string[] {
  return [
    ...claims.flatMap((claim) =>
      claim.kind === "FOUND"
        ? [claim.text, quotes.get(claim.evidenceId)?.quote ?? ""]
        : [],
    ),
    ...signals.map(({ data }) =>
      eventTitle(data.title, { links, otherwise: "" }),
    ),
    account.name,
    ...account.aliases,
    ...ownTexts(playbook?.data ?? null),
    ...assets.flatMap(({ data }) => [data.title, data.summary]),
    note ?? "",
  ];
}

/**
 * The title and the messages; where they contain what no card may, replacements made from the event's title and the
 * playbook.
 */
function chooseWords(
  draft: Draft,
  { faultOf: faultOfTitle, faultOfLetter }: ReturnType<typeof inventionChecks>,
  { account, signals, playbook, links }: Brief,
): Pick<Checked, "title" | "outreach"> {
  const event = eventTitle(signals[0]?.data.title ?? "", {
    links,
    otherwise: account.name,
  });
  const title = eventTitle(draft.title, { links, otherwise: event });
  const outreach = draft.outreach.filter(
    ({ subject, body }) => faultOfLetter(`${subject}\n${body}`) === null,
  );
  return {
    title: (faultOfTitle(title) === null ? title : event).slice(0, 300),
    outreach:
      outreach.length > 0 || playbook === null
        ? outreach
        : outreachFrom(playbook.data, account.name, event),
  };
}

/** Drops inferences that rest on nothing verified, and in turn whatever rests on them. */
function keepSupported(claims: readonly Claim[]): readonly Claim[] {
  const ids = new Set(claims.map(({ id }) => id));
  const kept = claims.filter(
    (claim) =>
      claim.kind !== "INFERRED" || claim.basis.every((id) => ids.has(id)),
  );
  return kept.length === claims.length ? kept : keepSupported(kept);
}

function toEvidence(
  quote: Draft["quotes"][number],
  { id, data }: Brief["signals"][number],
): Evidence {
  return {
    signalId: id,
    snapshotId: data.snapshotId,
    start: quote.start,
    end: quote.end,
    quote: quote.quote,
    quoteHash: sha256(quote.quote),
    url: data.url,
    title: data.title,
    publisher: data.publisher,
    publishedAt: happenedAt(data),
    fetchedAt: data.fetchedAt,
    licence: data.licence,
    language: data.language,
  };
}
