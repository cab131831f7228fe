import type { Claim, Evidence } from "../cards/claims.ts";
import {
  type Language,
  momentsIn,
  type Words,
  wordsIn,
} from "./exportWords.ts";
import type { HistoryEntry, Opportunity } from "../cards/opportunity.ts";
import type { Block, Fact, PrintableDocument } from "./printableDocument.ts";

/** A quote as checked at the export; without a source, it is lost. */
export interface CheckedQuote {
  readonly id: string;
  readonly verified: boolean;
  readonly source: Evidence | null;
}

/** For whom a document is exported, and when. */
export interface Exported {
  readonly language: Language;
  readonly by: string;
  readonly at: Date;
}

interface CardFacts {
  readonly opportunity: Opportunity;
  readonly quotes: readonly CheckedQuote[];
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  readonly hasOlderHistory: boolean;
  readonly nameOf: (by: string) => string;
}

type Speech = Words & ReturnType<typeof momentsIn>;

/** A card as a document for people who do not use the console; marks claims that no longer hold. */
export function toCardDocument(
  facts: CardFacts,
  { language, by, at }: Exported,
): PrintableDocument {
  const { opportunity, quotes } = facts;
  const say = { ...wordsIn[language], ...momentsIn(language) };
  const { card, version } = opportunity;
  return {
    language,
    layout: "portrait",
    kind: `${say.house} · ${say.card}`,
    title: card.title,
    figure: { value: card.score.total.toFixed(1), name: say.of100 },
    facts: factBlocks(opportunity, say),
    blocks: [
      { kind: "paragraph", text: card.summary, tone: "plain" },
      ...scoreBlocks(opportunity, say),
      { kind: "heading", text: say.claims },
      ...card.claims.map((claim) => claimBlock(claim, { card, quotes }, say)),
      ...gapBlocks(opportunity, say),
      ...helpBlocks(opportunity, say),
      ...draftBlocks(opportunity, say),
      ...historyBlocks(facts, say),
    ],
    author: by,
    at,
    foot: {
      text: `${say.exported} ${say.full(at)} ${say.exportedBy} ${by} · ${say.version} ${version}`,
      page: say.page,
    },
  };
}

function factBlocks(
  { accountName, category, card, state, ...opportunity }: Opportunity,
  say: Speech,
): readonly Fact[] {
  const { name, model } = card.writer;
  return [
    { name: say.account, value: accountName },
    { name: say.categoryName, value: say.category[category] },
    { name: say.statusName, value: say.status[state.status] },
    ...(state.status === "in_review"
      ? [{ name: say.due, value: say.full(state.dueAt) }]
      : []),
    ...(state.status === "snoozed"
      ? [{ name: say.snoozedUntil, value: say.full(state.until) }]
      : []),
    { name: say.received, value: say.full(opportunity.receivedAt) },
    { name: say.version, value: String(opportunity.version) },
    { name: say.writtenBy, value: model ?? name },
    ...(opportunity.provenance === "live"
      ? []
      : [{ name: say.data, value: say.provenance[opportunity.provenance] }]),
  ];
}

function scoreBlocks(
  { card: { score } }: Opportunity,
  say: Speech,
): readonly Block[] {
  return [
    {
      kind: "heading",
      text: say.factors,
      note: `${say.weights} ${score.weightsVersion}`,
    },
    {
      kind: "bars",
      bars: score.factors.map(({ factor, value, weight, reason }) => ({
        name: say.factor[factor],
        value,
        share: `${say.share} ${Math.round(100 * weight)} %`,
        reason,
      })),
    },
  ];
}

function claimBlock(
  claim: Claim,
  { card, quotes }: Pick<CardFacts, "quotes"> & Pick<Opportunity, "card">,
  say: Speech,
): Block {
  const toNumber = (id: string) =>
    card.claims.findIndex((other) => other.id === id) + 1;
  const base = {
    kind: "claim",
    number: toNumber(claim.id),
    of: claim.kind,
    label: say.claim[claim.kind],
    text: claim.text,
    warning: null,
    quote: null,
    source: null,
  } as const;
  switch (claim.kind) {
    case "CALCULATED":
      return { ...base, notes: [`${say.formula}: ${claim.formula}`] };
    case "INFERRED": {
      const numbers = claim.basis.map(toNumber).join(", ");
      return { ...base, notes: [`${say.basis} ${numbers}: ${say.inferred}`] };
    }
    case "FOUND": {
      const found = quotes.find(({ id }) => id === claim.evidenceId);
      const source = found?.source ?? null;
      if (source === null) return { ...base, warning: say.lost, notes: [] };
      const verified = found?.verified === true;
      return {
        ...base,
        warning: verified ? null : say.unverified,
        quote: source.quote,
        source: { text: source.title, url: source.url },
        notes: [
          `${source.publisher} · ${say.published} ${say.day(source.publishedAt)}, ${say.archived} ${say.full(source.fetchedAt)}`,
          `${say.licence}: ${source.licence}`,
          ...(verified ? [say.verified] : []),
        ],
      };
    }
  }
}

function gapBlocks({ card }: Opportunity, say: Speech): readonly Block[] {
  if (card.gaps.length === 0) return [];
  const text = `${say.gaps}: ${card.gaps.join(" ")}`;
  return [{ kind: "paragraph", text, tone: "warning" }];
}

function helpBlocks(
  { card: { playbook, assets } }: Opportunity,
  say: Speech,
): readonly Block[] {
  const plain = { kind: "item", label: null, text: null, link: null } as const;
  return [
    ...(playbook === null
      ? []
      : [
          { kind: "heading", text: say.playbook } as const,
          { ...plain, title: playbook.title, text: playbook.action },
        ]),
    ...(assets.length === 0
      ? []
      : [{ kind: "heading", text: say.assets } as const]),
    ...assets.map(({ title, url }) => ({
      ...plain,
      title,
      link: { text: url, url },
    })),
  ];
}

function draftBlocks(
  { card: { outreach } }: Opportunity,
  say: Speech,
): readonly Block[] {
  if (outreach.length === 0) return [];
  return [
    { kind: "heading", text: say.outreach, note: say.outreachNote },
    ...outreach.map(({ channel, subject, body }) => ({
      kind: "item" as const,
      label: say.channel[channel],
      title: subject,
      text: body,
      link: null,
    })),
  ];
}

function historyBlocks(
  { history, hasOlderHistory, nameOf }: CardFacts,
  say: Speech,
): readonly Block[] {
  if (history.length === 0) return [];
  const steps: Readonly<Record<string, string>> = say.step;
  const statuses: Readonly<Record<string, string>> = say.status;
  return [
    {
      kind: "heading",
      text: say.history,
      ...(hasOlderHistory && { note: say.newest }),
    },
    {
      kind: "table",
      columns: [
        { name: say.when, width: 24, align: "left" },
        { name: say.who, width: 18, align: "left" },
        { name: say.what, width: 22, align: "left" },
        { name: say.standing, width: 16, align: "left" },
        { name: say.note, width: 20, align: "left" },
      ],
      rows: history.map(({ at, by, what, to, note }) => [
        say.full(at),
        by.startsWith("system:") ? say.house : nameOf(by),
        // A write to the CRMs is named by its result.
        steps[what] ?? statuses[to] ?? what,
        statuses[to] ?? to,
        note ?? "",
      ]),
    },
  ];
}
