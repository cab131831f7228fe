import type { Category } from "../signals/signal.ts";
import { sourceFacts, type SourceKind } from "../sources/source.ts";
import type { Account } from "../accounts/account.ts";
import { normalForm } from "../kernel/normalForm.ts";

/** The reliability of a source; an outlet's own figure wins within the 0.60–0.85 that news can reach. */
export function toReliability(
  source: SourceKind,
  outlet: number | null,
): number {
  if (source !== "rss" || outlet === null)
    return sourceFacts[source].reliability;
  return Math.min(0.85, Math.max(0.6, outlet));
}

/**
 * How plainly a text is about the account, 0 to 1: 1 for the account's own publications and for names in the title,
 * 0.7 for a name in the text.
 */
export function measureMention(
  account: Pick<Account, "name" | "aliases">,
  found: { source: SourceKind; title: string; text: string },
): number {
  if (sourceFacts[found.source].about === "own") return 1;
  const names = [account.name, ...account.aliases];
  if (names.some((name) => hasName(found.title, name))) return 1;
  if (names.some((name) => hasName(found.text, name))) return 0.7;
  return 0;
}

/** The longest name that an account's form allows, in characters. */
const longestName = 200;

/**
 * Whether a text contains the name as a whole word, however its spaces and apostrophes are written. Lower case does
 * not count (a target is not Target), unless the name itself is in lower case. Scripts without capitals often run
 * words together: a name may stand next to one of their letters.
 */
function hasName(text: string, name: string): boolean {
  const wanted = normaliseSpaces(name).trim();
  if (wanted === "" || wanted.length > longestName) return false;
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  // bounded: a name of at most 200 characters
  const whole = new RegExp(
    `(?<![\\p{Lu}\\p{Ll}\\p{Lt}\\p{M}\\p{Nd}])${escaped}(?![\\p{Lu}\\p{Ll}\\p{Lt}\\p{M}\\p{Nd}])`,
    "giu",
  );
  const needsCapital = wanted !== wanted.toLowerCase();
  return (normaliseSpaces(text).match(whole) ?? []).some(
    (found) => !needsCapital || found !== found.toLowerCase(),
  );
}

function normaliseSpaces(text: string): string {
  return normalForm(text, "NFC").replace(/[’ʼ]/gu, "'").replace(/\s+/gu, " ");
}

/**
 * The relevance of a signal to its account, 0.0–1.0: what it is about (60 %) and how plainly it is about them (40 %);
 * a signal that is not about them has none.
 */
export function toRelevance(
  categoryWeights: Readonly<Record<Category, number>>,
  category: Category,
  mention: number,
): number {
  if (mention === 0) return 0;
  return (
    Math.round(1000 * (0.6 * categoryWeights[category] + 0.4 * mention)) / 1000
  );
}

/** The relevance of a signal after its category was corrected: as plainly about the account as before. */
export function shiftRelevance(
  categoryWeights: Readonly<Record<Category, number>>,
  relevance: number,
  { from, to }: { readonly from: Category; readonly to: Category },
): number {
  const moved = relevance + 0.6 * (categoryWeights[to] - categoryWeights[from]);
  return Math.round(1000 * Math.min(1, Math.max(0, moved))) / 1000;
}
