import { z } from "zod";
import type { Account } from "../accounts/account.ts";
import { normalName } from "./accountNames.ts";
import { firstWords, type Named, namesIn } from "./namesInText.ts";

/** What whoever hands in a signal knows about its account. */
export const About = z
  .object({
    /** Such as `salesforce`, `hubspot`, `cik`, `ticker`; named as accounts name theirs. */
    identifiers: z
      .record(z.string().min(1).max(50), z.string().min(1).max(200))
      .refine((ids) => Object.keys(ids).length <= 10, "at most ten"),
    /** Domains, or addresses on them. */
    domains: z.array(z.string().min(1).max(2000)).max(10),
    names: z.array(z.string().min(1).max(200)).max(10),
  })
  .partial();
export type About = z.infer<typeof About>;

/** What a document contains that points to its account. */
export interface Clues {
  readonly identifiers: readonly (readonly [string, string])[];
  readonly domains: readonly string[];
  readonly names: readonly string[];
  /** The host of its page. */
  readonly host: string | null;
  readonly inTitle: readonly Named[];
  readonly inText: readonly Named[];
}

/** Enough for everything that an account's form allows. */
const maxKeys = 150;
/** Firestore, Query limits: at most 30 values of array-contains-any. */
const maxAsked = 30;
const maxNamesAsked = 25;
/** A document names its subject near the beginning. */
const wordsRead = 300;
const charactersRead = 10_000;

/**
 * The keys under which an account is found: its identifiers, domains and names, each in one spelling; at most 150.
 */
export function accountKeys(
  account: Pick<
    Account,
    "name" | "aliases" | "domains" | "identifiers" | "moreIdentifiers"
  >,
): string[] {
  const keys = [
    ...Object.entries(account.identifiers).map(identifierKey),
    nameKey(account.name),
    ...account.domains.map((domain) => `domain:${toHost(domain)}`),
    ...account.moreIdentifiers.map(({ name, value }) =>
      identifierKey([name, value]),
    ),
    ...account.aliases.map(nameKey),
  ];
  return [...new Set(keys)].filter(isKey).slice(0, maxKeys);
}

/** What a document, and whoever handed it in, say about its account. */
export function toClues(
  about: About,
  {
    title,
    text,
    url,
  }: {
    readonly title: string;
    readonly text: string;
    readonly url: string | null;
  },
): Clues {
  return {
    identifiers: Object.entries(about.identifiers ?? {}),
    domains: (about.domains ?? []).map(toHost),
    names: about.names ?? [],
    host: url === null ? null : toHost(url),
    inTitle: namesIn(title.slice(0, charactersRead)),
    inText: namesIn(firstWords(text.slice(0, charactersRead), wordsRead)),
  };
}

/** The keys to look up, strongest first: at most 30, of which 25 are names in the title or the text. */
export function clueKeys(evidence: Clues): string[] {
  const { identifiers, domains, names, host } = evidence;
  const hints = [
    ...identifiers.map(identifierKey),
    ...names.map(nameKey),
    ...[...domains, ...(host === null ? [] : [host])].flatMap((domain) =>
      domainsAbove(domain).map((one) => `domain:${one}`),
    ),
  ];
  const sure = [...new Set(hints)].filter(isKey);
  const read = likeliest(evidence)
    .slice(0, maxNamesAsked)
    .map((name) => `name:${name}`);
  return [...new Set([...sure, ...read])].slice(0, maxAsked);
}

/** The names in a document; those that may owe their capitals to a headline alone come last. */
function likeliest({ inTitle, inText }: Clues): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name, whole } of inText)
    counts.set(name, (counts.get(name) ?? 0) + (whole ? 1 : 0));
  const byCount = [...counts]
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name);
  const titles = inTitle.map(({ name }) => name);
  return [
    ...new Set([
      ...titles.filter((name) => counts.has(name)),
      ...inTitle.filter(({ whole }) => whole).map(({ name }) => name),
      ...byCount,
      ...titles,
      ...counts.keys(),
    ]),
  ];
}

/**
 * An identifier in one spelling: Salesforce's 18 characters are its 15 with a checksum, and a CIK may lack its
 * leading zeros.
 */
export function identifierKey([name, value]: readonly [
  string,
  string,
]): string {
  const plain = value.trim();
  const kind = name.trim().toLowerCase();
  if (kind === "salesforce" && /^[a-z0-9]{18}$/i.test(plain))
    return `id:${kind}:${plain.slice(0, 15)}`;
  if (kind === "cik") return `id:${kind}:${plain.padStart(10, "0")}`;
  if (kind === "ticker") return `id:${kind}:${plain.toUpperCase()}`;
  return `id:${kind}:${plain}`;
}

function nameKey(name: string): string {
  return `name:${normalName(name)}`;
}

function isKey(key: string): boolean {
  return !key.endsWith(":");
}

/** The host of a web or e-mail address, in lower case and without www. */
export function toHost(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/[/?#][^]*/, "")
    .replace(/^.*@/, "")
    .replace(/:\d*$/, "")
    .replace(/\.$/, "")
    .replace(/^www\./, "");
}

/** A host and the domains above it, down to two labels; at most four. */
export function domainsAbove(host: string): readonly string[] {
  const labels = host.split(".");
  const near = labels.slice(-5);
  return near.slice(0, -1).map((_, i) => near.slice(i).join("."));
}
