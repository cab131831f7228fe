import type { Claim } from "../../domain/cards/claims.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { eventTitle } from "../../domain/prompts/foreignText.ts";
import { outreachFrom } from "../../domain/cards/library.ts";
import type { Category } from "../../domain/signals/signal.ts";
import type { Brief, Draft, Writer } from "../../ports/writing.ts";
import { defineWriter } from "../definition.ts";
import {
  type QuotableSentence,
  findQuotableSentences,
} from "./parts/quotableSentences.ts";

export const extractive = defineWriter({
  name: "extractive",
  settings: {},
  secrets: {},
  standIn: () => "the extractive writer",
  build: () => extractiveWriter(),
});

const mainQuotes = 4;

/** A card's title is read at a glance, in characters. */
const headlineCharacters = 160;

const labels: Readonly<Record<Category, string>> = {
  leadership_change: "Change in leadership",
  acquisition: "Acquisition",
  earnings: "Results",
  funding: "Funding",
  partnership: "Partnership",
  product_launch: "Product launch",
  expansion: "Expansion",
  hiring: "Hiring",
  restructuring: "Restructuring",
  legal: "Legal matter",
  security_incident: "Security incident",
  governance: "Governance",
  deal_event: "Deal update",
  engagement: "Engagement",
  other: "News",
};

/** Builds cards from the evidence's own sentences alone: every claim is a quote. Deterministic, free, and says so on the card. */
export function extractiveWriter(): Writer {
  return {
    name: "extractive",
    model: null,
    draft: async (brief) => draft(brief),
  };
}

function draft(brief: Brief): Draft {
  const [main, ...others] = brief.signals;
  if (main === undefined)
    throw new PermanentError("bad-card", "A card needs at least one signal.");
  const best = findQuotableSentences(main, brief, mainQuotes);
  const spread = others
    .slice(0, 4)
    .flatMap((signal) => findQuotableSentences(signal, brief, 1));
  const quotes = [...inOrder(best), ...spread].map(
    ({ weight: _weight, ...quote }, i) => ({ ...quote, id: `q${i + 1}` }),
  );
  const found = quotes.map(({ id, quote }, i): Claim => ({
    kind: "FOUND",
    id: `c${i + 1}`,
    text: quote,
    evidenceId: id,
  }));
  const first = found[0];
  const claims: Claim[] = [...found];
  if (brief.signals.length > 1) {
    const text = `${brief.signals.length} signals of this account stand behind this card.`;
    claims.push({
      kind: "CALCULATED",
      id: "n1",
      text,
      formula: "the number of signals quoted or read for this card",
    });
  }
  if (brief.playbook !== null && first !== undefined) {
    const text = `This opens the play "${brief.playbook.data.title}": ${brief.playbook.data.action}`;
    claims.push({
      kind: "INFERRED",
      id: "i1",
      text: text.slice(0, 1000),
      basis: [first.id],
    });
  }
  const { account, links } = brief;
  const event = eventTitle(main.data.title, {
    links,
    otherwise: best[0]?.quote ?? account.name,
  });
  // A filing's own title is that of its form; what it says makes the better headline.
  const told = main.data.type === "filing" ? best[0]?.quote : undefined;
  const headline = shorten(
    (told ?? event).replace(/^\(\w{1,3}\)\s*/u, ""),
    headlineCharacters,
  );
  return {
    title: `${labels[main.data.category]}: ${headline}`,
    claims,
    quotes,
    outreach:
      brief.playbook === null
        ? []
        : outreachFrom(brief.playbook.data, account.name, event),
  };
}

function inOrder(
  sentences: readonly QuotableSentence[],
): readonly QuotableSentence[] {
  return [...sentences].sort((a, b) => a.start - b.start);
}

/** The text, cut behind a word where it is longer than so many characters. */
function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters).replace(/(?<!\s)\s+\S*$/u, "")} …`;
}
