import type { Claim } from "../cards/claims.ts";
import type { Card, OpportunityStatus } from "../cards/opportunity.ts";
import type { Factor } from "../cards/scoring.ts";
import type { Category } from "../signals/signal.ts";
import type { Theme } from "../signals/themes.ts";

interface Tables {
  readonly status: Readonly<Record<OpportunityStatus, string>>;
  readonly category: Readonly<Record<Category, string>>;
  readonly theme: Readonly<Record<Theme, string>>;
  readonly factor: Readonly<Record<Factor, string>>;
  readonly claim: Readonly<Record<Claim["kind"], string>>;
  readonly channel: Readonly<
    Record<Card["outreach"][number]["channel"], string>
  >;
}

/** The English names of the product's own terms, wherever a person reads them. */
export const englishNames = {
  status: {
    draft: "Being redrafted",
    in_review: "To review",
    approved: "Approved",
    activating: "Writing to CRM",
    activated: "In the CRM",
    partially_activated: "Partly in the CRM",
    activation_failed: "CRM write failed",
    not_connected: "No CRM connected",
    rejected: "Rejected",
    snoozed: "Snoozed",
    expired: "Expired",
  },
  category: {
    leadership_change: "Leadership change",
    acquisition: "Acquisition",
    earnings: "Earnings",
    funding: "Funding",
    partnership: "Partnership",
    product_launch: "Product launch",
    expansion: "Expansion",
    hiring: "Hiring",
    restructuring: "Restructuring",
    legal: "Legal",
    security_incident: "Security incident",
    governance: "Governance",
    deal_event: "Deal event",
    engagement: "Engagement",
    other: "Other",
  },
  theme: {
    ai: "AI",
    cloud: "Cloud",
    cybersecurity: "Cybersecurity",
    data_platform: "Data platform",
    automation: "Automation",
    erp_crm: "ERP and CRM",
    digital_commerce: "Digital commerce",
    payments: "Payments",
    customer_experience: "Customer experience",
    cost_cutting: "Cost cutting",
    supply_chain: "Supply chain",
    manufacturing: "Manufacturing",
    sustainability: "Sustainability",
    energy: "Energy",
    regulation: "Regulation",
    workforce: "Workforce",
    leadership: "Leadership",
    merger_integration: "Merger integration",
    international_expansion: "International expansion",
    real_estate: "Real estate",
    research: "Research",
    pricing: "Pricing",
  },
  factor: {
    impact: "Impact",
    urgency: "Urgency",
    fit: "Fit",
    access: "Access",
    feasibility: "Feasibility",
    confidence: "Confidence",
  },
  claim: { FOUND: "Found", CALCULATED: "Calculated", INFERRED: "Inferred" },
  channel: { email: "E-mail", call: "Call" },
  step: {
    written: "Card written",
    "more evidence": "More evidence came",
    rewritten: "Redrafted",
    approve: "Approved",
    withdraw: "Approval taken back",
    reject: "Rejected",
    reopen: "Reopened",
    refine: "New draft asked for",
    "outreach edited": "Outreach edited",
    snooze: "Snoozed",
    wake: "Woken",
    escalated: "Escalated to the lead",
    expire: "Expired",
    retry: "CRM write asked for again",
  },
} satisfies Tables & Record<string, unknown>;

/** The same terms in another language. */
export type Names = typeof englishNames;
