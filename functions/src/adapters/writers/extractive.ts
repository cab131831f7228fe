import { sentencesOf } from "../../domain/chunks.ts";
import type { Claim } from "../../domain/claims.ts";
import { PermanentError } from "../../domain/errors.ts";
import type { Category } from "../../domain/signal.ts";
import type { Brief, Draft, Writer } from "../../pipeline/ports.ts";

/** Sentences shorter say too little, longer ones are tables and lists that lost their shape; in characters. */
const shortest = 40;
const longest = 420;

/** How much of a long document is read for its telling sentences, in characters. */
const reach = 60_000;

const mainQuotes = 4;

const tellingWords: Readonly<Record<Category, RegExp>> = {
  leadership_change:
    /\b(?:resign\w*|appoint\w*|elect\w*|retire\w*|step\w* down|depart\w*|director|board|chief|officer|president)\b/giu,
  acquisition:
    /\b(?:acqui\w+|merger|merge|purchase|transaction|combin\w+|takeover)\b/giu,
  earnings:
    /\b(?:revenue|income|earnings|margin|quarter|guidance|results|growth|increase\w*|decrease\w*)\b/giu,
  funding:
    /\b(?:rais\w+|fund\w*|invest\w*|financing|notes|loan|credit|series)\b/giu,
  partnership:
    /\b(?:partner\w*|agreement|collaborat\w+|together|alliance|contract)\b/giu,
  product_launch:
    /\b(?:launch\w*|releas\w*|introduc\w*|unveil\w*|new|available|version|feature\w*)\b/giu,
  expansion:
    /\b(?:expan\w+|open\w*|new|office|region|market|plant|growth)\b/giu,
  hiring:
    /\b(?:team|role|hire|hiring|experience|build\w*|lead\w*|customers?|responsib\w+)\b/giu,
  restructuring:
    /\b(?:restructur\w+|layoff\w*|reduc\w+|workforce|severance|clos\w+|cost\w*)\b/giu,
  legal:
    /\b(?:court|lawsuit|settle\w*|claim\w*|regulat\w+|fine\w*|compl\w+)\b/giu,
  security_incident:
    /\b(?:breach\w*|incident|attack\w*|unauthori[sz]ed|data|vulnerab\w+|ransom\w*)\b/giu,
  governance:
    /\b(?:vote\w*|sharehold\w+|stockhold\w+|bylaws?|meeting|proposal\w*|auditor\w*)\b/giu,
  deal_event:
    /\b(?:stage|opportunity|amount|clos\w+|proposal|negotiat\w+|won|lost)\b/giu,
  other: /\b(?:announc\w+|plan\w*|will|new)\b/giu,
};

/** Sentences of forms and boilerplate that tell nothing about the company. */
const boilerplate =
  /\b(?:pursuant to the requirements|check mark|forward-looking statements|securities registered|exact name of registrant|commission file number|cookie|privacy policy|subscribe|all rights reserved|equal opportunity employer|without regard to)\b/iu;

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
  const spread = others
    .slice(0, 4)
    .flatMap((signal) => quotesOf(signal, brief, 1));
  const quotes = [...quotesOf(main, brief, mainQuotes), ...spread].map(
    (quote, i) => ({ ...quote, id: `q${i + 1}` }),
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
  const title = `${labels[main.data.category]} – ${main.data.title}`.slice(
    0,
    300,
  );
  return {
    title,
    claims,
    quotes,
    outreach: outreachOf(brief, main.data.title),
  };
}

interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly weight: number;
}

/** The most telling sentences of a signal, in the order of the text. */
function quotesOf(
  { id, data, text }: Brief["signals"][number],
  brief: Brief,
  most: number,
) {
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const sentence of sentencesOf(text.slice(0, reach))) {
    const { length } = sentence.text;
    if (
      length < shortest ||
      length > longest ||
      boilerplate.test(sentence.text) ||
      seen.has(sentence.text)
    )
      continue;
    if (brief.faults.some(({ claim }) => claim === sentence.text)) continue;
    seen.add(sentence.text);
    candidates.push({
      ...sentence,
      weight: weigh(sentence.text, sentence.start, { data, brief }),
    });
  }
  // A document of nothing but fragments: its longest stretch is better than silence.
  if (candidates.length === 0) candidates.push(...fragments(text));
  return [...candidates]
    .sort((a, b) => b.weight - a.weight || a.start - b.start)
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text: quote }) => ({
      signalId: id,
      quote,
      start,
      end,
    }));
}

function weigh(
  sentence: string,
  start: number,
  {
    data,
    brief,
  }: { readonly data: Brief["signals"][number]["data"]; readonly brief: Brief },
): number {
  const telling = Math.min(
    4,
    new Set(sentence.toLowerCase().match(tellingWords[data.category])).size,
  );
  const named = [brief.account.name, ...brief.account.aliases].some((name) =>
    sentence.includes(name),
  )
    ? 1
    : 0;
  const figures =
    Math.min(2, (sentence.match(/\d[\d.,]*|[$€£]/gu) ?? []).length) / 2;
  const wanted =
    brief.note === null ? 0 : 3 * sharedWords(brief.note, sentence);
  const titled = 2 * sharedWords(data.title, sentence);
  const early = 1 / (1 + start / 2000);
  // A heading or a table's cell is no sentence.
  const whole = /[.!?]["”’)\]]*$/u.test(sentence) ? 2 : 0;
  return whole + telling + named + figures + wanted + titled + early;
}

/** The share of the longer words of `a` that occur in `b`. */
function sharedWords(a: string, b: string): number {
  const words = [...new Set(a.toLowerCase().match(/\p{L}{4,}/gu) ?? [])];
  const other = b.toLowerCase();
  return words.length === 0
    ? 0
    : words.filter((word) => other.includes(word)).length / words.length;
}

function fragments(text: string): readonly Candidate[] {
  const [longestSentence] = sentencesOf(text.slice(0, reach)).toSorted(
    (a, b) => b.text.length - a.text.length,
  );
  if (longestSentence === undefined) return [];
  const quote = longestSentence.text.slice(0, longest);
  return [
    {
      start: longestSentence.start,
      end: longestSentence.start + quote.length,
      text: quote,
      weight: 0,
    },
  ];
}

function outreachOf(
  { account, playbook }: Brief,
  title: string,
): Draft["outreach"] {
  const fill = (template: string) =>
    template
      .replaceAll("{{account}}", account.name)
      .replaceAll("{{title}}", title);
  return (playbook?.data.outreach ?? []).map(({ channel, subject, body }) => ({
    channel,
    subject: fill(subject),
    body: fill(body),
  }));
}
