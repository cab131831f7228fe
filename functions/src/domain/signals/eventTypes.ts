import { z } from "zod";

/** What one type of event is filed under, and what it is worth to an account manager. */
interface EventKind {
  /** One of the categories of signals. */
  readonly category: string;
  /**
   * 3: call today; 2: worth a card; 1: a line in a digest; 0: never. For somebody who sells services to the company;
   * what else is known of the event moves it.
   */
  readonly worth: number;
}

/** The types of events that documents tell, in the order of their categories. */
export const eventKinds = {
  executive_appointment: { category: "leadership_change", worth: 3 },
  executive_departure: { category: "leadership_change", worth: 3 },
  executive_absence: { category: "leadership_change", worth: 2 },
  executive_contract: { category: "leadership_change", worth: 1 },
  board_change: { category: "leadership_change", worth: 1 },
  merger_acquisition: { category: "acquisition", worth: 3 },
  divestiture: { category: "acquisition", worth: 3 },
  joint_venture: { category: "partnership", worth: 2 },
  strategic_review: { category: "acquisition", worth: 3 },
  deal_cancelled: { category: "acquisition", worth: 2 },
  earnings_report: { category: "earnings", worth: 1 },
  guidance: { category: "earnings", worth: 2 },
  trading_update: { category: "earnings", worth: 1 },
  restatement: { category: "earnings", worth: 2 },
  equity_funding: { category: "funding", worth: 2 },
  debt_financing: { category: "funding", worth: 1 },
  ipo: { category: "funding", worth: 2 },
  contract_win: { category: "partnership", worth: 2 },
  contract_end: { category: "partnership", worth: 2 },
  partnership: { category: "partnership", worth: 2 },
  licensing_deal: { category: "partnership", worth: 2 },
  tender: { category: "partnership", worth: 3 },
  product_launch: { category: "product_launch", worth: 1 },
  regulatory_approval: { category: "product_launch", worth: 1 },
  facility_opening: { category: "expansion", worth: 3 },
  office_move: { category: "expansion", worth: 2 },
  capex: { category: "expansion", worth: 3 },
  market_entry: { category: "expansion", worth: 2 },
  mass_hiring: { category: "hiring", worth: 2 },
  job_posting: { category: "hiring", worth: 1 },
  layoffs: { category: "restructuring", worth: 3 },
  facility_closure: { category: "restructuring", worth: 3 },
  cost_cutting: { category: "restructuring", worth: 2 },
  reorganisation: { category: "restructuring", worth: 2 },
  spin_off: { category: "restructuring", worth: 3 },
  bankruptcy: { category: "restructuring", worth: 3 },
  lawsuit: { category: "legal", worth: 1 },
  settlement_fine: { category: "legal", worth: 2 },
  investigation: { category: "legal", worth: 2 },
  court_ruling: { category: "legal", worth: 1 },
  security_incident: { category: "security_incident", worth: 3 },
  equity_stake: { category: "governance", worth: 1 },
  executive_compensation: { category: "governance", worth: 0 },
  shareholder_meeting: { category: "governance", worth: 0 },
  bylaws: { category: "governance", worth: 0 },
  auditor_change: { category: "governance", worth: 1 },
  listing_notice: { category: "governance", worth: 1 },
  insider_plan: { category: "governance", worth: 0 },
  dividend: { category: "other", worth: 0 },
  buyback: { category: "other", worth: 0 },
  price_move: { category: "other", worth: 0 },
  analyst_rating: { category: "other", worth: 0 },
  opinion: { category: "other", worth: 0 },
  market_report: { category: "other", worth: 0 },
  roundup: { category: "other", worth: 0 },
  ranking: { category: "other", worth: 0 },
  recap: { category: "other", worth: 0 },
  event_notice: { category: "other", worth: 0 },
  administrative: { category: "other", worth: 0 },
  award_or_sponsorship: { category: "other", worth: 0 },
  rebrand: { category: "other", worth: 1 },
  incident: { category: "other", worth: 2 },
  operations_disruption: { category: "other", worth: 2 },
  product_recall: { category: "other", worth: 1 },
  labour_dispute: { category: "other", worth: 1 },
  labour_agreement: { category: "other", worth: 1 },
  general_news: { category: "other", worth: 0 },
} as const satisfies Readonly<Record<string, EventKind>>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names of its keys.
const eventTypes = Object.keys(eventKinds) as (keyof typeof eventKinds)[];

/** A type of event. */
export const EventType = z.enum(eventTypes);
export type EventType = z.infer<typeof EventType>;
