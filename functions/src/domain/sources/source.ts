import { z } from "zod";
import { addMs, dayMs } from "../kernel/instant.ts";

/** The kind of signal; half-lives and weights are set per type. */
export const SignalType = z.enum([
  "filing",
  "news",
  "job",
  "crm",
  "metric",
  "tip",
]);
export type SignalType = z.infer<typeof SignalType>;

/** Part of a document's id, hence without a slash. */
const SourceKey = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^/]+$/, "must not hold a slash");

/** A company's name at a job board: part of its address there. */
const Board = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][\w.-]*$/i, "must be the board's name, as in its address");

/** What to search for: usually the account's name in quotes. */
const Phrase = z.string().trim().min(2).max(200);

/**
 * The forms to poll, named as the SEC names them; amendments come with their form. Absent: those that usually matter.
 */
const SecForms = z
  .array(
    z
      .string()
      .regex(
        /^[A-Z0-9][A-Z0-9 -]{0,19}$/,
        "must be a form's name, such as 8-K",
      ),
  )
  .max(30)
  .optional();

const source = <Kind extends string, Settings extends z.core.$ZodLooseShape>(
  kind: Kind,
  settings: Settings,
) => z.object({ kind: z.literal(kind), key: SourceKey, ...settings });

/** One place where an account's signals are found. `key` tells it apart from its siblings and names its cursor. */
export const Source = z.discriminatedUnion("kind", [
  source("sec", {
    cik: z.string().regex(/^\d{10}$/, "must be ten digits, zeros in front"),
    forms: SecForms,
  }),
  source("sec_search", { query: Phrase, forms: SecForms }),
  source("rss", {
    url: z.url({ protocol: /^https?$/ }).max(2000),
    publisher: z.string().min(1).max(200),
    reliability: z.number().min(0.6).max(0.85),
    licence: z.string().min(1).max(300),
  }),
  source("gdelt", { query: Phrase }),
  source("newsapi", {
    query: Phrase,
    language: z.string().length(2).optional(),
  }),
  source("serper", { query: Phrase, country: z.string().length(2).optional() }),
  source("google_cse", {
    query: Phrase,
    engine: z.string().min(3).max(100),
  }),
  source("greenhouse", { board: Board }),
  source("lever", { site: Board, region: z.enum(["global", "eu"]).optional() }),
  source("ashby", { board: Board }),
  source("workable", { account: Board }),
  source("smartrecruiters", { company: Board }),
  source("recruitee", { company: Board }),
  source("personio", {
    company: Board,
    domain: z.enum(["de", "com"]).optional(),
  }),
  source("hubspot", { companyId: z.string().regex(/^\d{1,20}$/) }),
  source("salesforce", {
    accountId: z.string().regex(/^[a-z0-9]{15}(?:[a-z0-9]{3})?$/i),
  }),
  source("ga4", { propertyId: z.string().regex(/^\d{1,20}$/) }),
  source("youtube", { channelId: z.string().regex(/^UC[\w-]{22}$/) }),
  source("tiktok", { advertiserId: z.string().regex(/^\d{1,30}$/) }),
]);
export type Source = z.infer<typeof Source>;

/** The kinds that are polled on a schedule; one connector each. */
export type PolledKind = Source["kind"];
export const polledKinds = Source.options.map(({ shape }) => shape.kind.value);

/** Where a signal comes from: a connector, or one of the ways in which others submit signals. */
export const SourceKind = z.enum([...polledKinds, "webhook", "csv", "manual"]);
export type SourceKind = z.infer<typeof SourceKind>;

/** What a connector may need a key for: the names of the entries of SOURCE_KEYS. */
export const keyNames = [
  "newsapi",
  "serper",
  "google",
  "youtube",
  "tiktok",
  "ga4",
  "hubspot",
  "salesforce",
] as const;
export type KeyName = (typeof keyNames)[number];

/** The keys that reach only the open web: one may serve all tenants. Any other belongs to one tenant. */
export const sharedKeys: ReadonlySet<KeyName> = new Set([
  "newsapi",
  "serper",
  "google",
]);

/** What is known about a kind of source before any of it is polled. */
export interface SourceFacts {
  /** As errors, logs and pages call it. */
  readonly name: string;
  readonly type: SignalType;
  /** How reliable it is, 0 to 1, unless the source itself says: SEC 0.95; news between 0.60 and 0.85 by outlet. */
  readonly reliability: number;
  /** What its documents may be used for, unless the source or the document says otherwise. */
  readonly licence: string;
  /** `own`: everything it brings is about the account. `named`: only what names the account is. */
  readonly about: "own" | "named";
  readonly key: KeyName | null;
  /** Requests per second over all instances, as the vendor asks for or tolerates. */
  readonly perSecond: number;
  /**
   * Requests per UTC day over all instances; null where the vendor sets no limit. An entry of SOURCE_KEYS may set
   * another.
   */
  readonly perDay: number | null;
  /** The sites that its pages come from. */
  readonly hosts: readonly string[];
  /** After this long without anything new it counts as silent; null where silence means nothing. */
  readonly silentAfterDays: number | null;
  /** When the vendor shuts it down, if announced. */
  readonly endsAt?: Date;
}

const quoted = "© its publisher, quoted as evidence";
const posted = "Public job board; © the hiring company, quoted as evidence";
const tenantsOwn = "The tenant's own data";

const news = {
  type: "news",
  licence: quoted,
  about: "named",
  reliability: 0.65,
  perDay: null,
  hosts: [],
  silentAfterDays: 60,
} as const;
const jobs = {
  type: "job",
  licence: posted,
  about: "own",
  reliability: 0.9,
  key: null,
  perSecond: 2,
  perDay: null,
  silentAfterDays: 120,
} as const;
const crm = {
  type: "crm",
  licence: tenantsOwn,
  about: "own",
  reliability: 0.9,
  perSecond: 4,
  perDay: null,
  hosts: [],
  silentAfterDays: null,
} as const;
const metric = {
  type: "metric",
  licence: tenantsOwn,
  about: "own",
  reliability: 0.85,
  perSecond: 2,
  perDay: null,
  hosts: [],
  silentAfterDays: null,
} as const;

/** Every kind of source: what it is, what it needs and what it allows. */
export const sourceFacts: Readonly<Record<SourceKind, SourceFacts>> = {
  sec: {
    name: "SEC EDGAR",
    type: "filing",
    reliability: 0.95,
    licence: "Public domain (US federal government filing)",
    about: "own",
    key: null,
    // SEC, Accessing EDGAR Data, Fair access: ten a second over all machines.
    perSecond: 10,
    perDay: null,
    hosts: ["sec.gov"],
    silentAfterDays: 120,
  },
  sec_search: {
    name: "SEC EDGAR full-text search",
    type: "filing",
    reliability: 0.95,
    licence: "Public domain (US federal government filing)",
    about: "named",
    key: null,
    perSecond: 10,
    perDay: null,
    hosts: ["sec.gov"],
    silentAfterDays: null,
  },
  rss: { ...news, name: "Feed", reliability: 0.7, key: null, perSecond: 5 },
  // GDELT DOC 2.0 asks for one request every five seconds.
  gdelt: { ...news, name: "GDELT", key: null, perSecond: 0.2 },
  // NewsAPI's developer plan: 100 requests a day.
  newsapi: {
    ...news,
    name: "NewsAPI",
    key: "newsapi",
    perSecond: 1,
    perDay: 100,
  },
  serper: {
    ...news,
    name: "Serper",
    key: "serper",
    perSecond: 5,
    perDay: 2500,
  },
  // Custom Search JSON API: 100 queries a day are free; closed to new customers, and to everybody from 2027.
  google_cse: {
    ...news,
    name: "Google Custom Search",
    key: "google",
    perSecond: 1,
    perDay: 100,
    endsAt: new Date("2027-01-01T00:00:00Z"),
  },
  greenhouse: { ...jobs, name: "Greenhouse", hosts: ["greenhouse.io"] },
  lever: { ...jobs, name: "Lever", hosts: ["lever.co"] },
  ashby: { ...jobs, name: "Ashby", hosts: ["ashbyhq.com"] },
  workable: { ...jobs, name: "Workable", hosts: ["workable.com"] },
  smartrecruiters: {
    ...jobs,
    name: "SmartRecruiters",
    hosts: ["smartrecruiters.com"],
  },
  recruitee: { ...jobs, name: "Recruitee", hosts: ["recruitee.com"] },
  personio: {
    ...jobs,
    name: "Personio",
    hosts: ["personio.de", "personio.com"],
  },
  hubspot: { ...crm, name: "HubSpot", key: "hubspot" },
  salesforce: { ...crm, name: "Salesforce", key: "salesforce" },
  ga4: { ...metric, name: "Google Analytics", key: "ga4" },
  youtube: { ...metric, name: "YouTube Analytics", key: "youtube" },
  tiktok: { ...metric, name: "TikTok Ads", key: "tiktok" },
  webhook: {
    ...news,
    name: "Webhook",
    key: null,
    reliability: 0.75,
    licence: "Provided by the tenant",
    perSecond: 10,
    silentAfterDays: null,
  },
  csv: {
    ...news,
    name: "CSV",
    type: "tip",
    about: "own",
    key: null,
    reliability: 0.75,
    licence: "Provided by the tenant",
    perSecond: 10,
    silentAfterDays: null,
  },
  manual: {
    ...news,
    name: "Tip",
    type: "tip",
    about: "own",
    key: null,
    reliability: 0.75,
    licence: "Provided by the tenant",
    perSecond: 10,
    silentAfterDays: null,
  },
};

/**
 * When the vendor shuts this kind of source down, from sixty days before; null until then, and where no shutdown is
 * announced.
 */
export function endsSoon(kind: SourceKind, now: Date): Date | null {
  const { endsAt } = sourceFacts[kind];
  return endsAt !== undefined && addMs(endsAt, -60 * dayMs) <= now
    ? endsAt
    : null;
}
