import type { Account } from "../domain/account.ts";
import {
  type Claim,
  type Evidence,
  type EvidenceRef,
  type Fault,
  faultOf,
  receiptOf,
} from "../domain/claims.ts";
import { RetryableError } from "../domain/errors.ts";
import { idFrom, sha256 } from "../domain/hash.ts";
import type { SignalId, TenantId } from "../domain/ids.ts";
import { happenedAt } from "../domain/occurrence.ts";
import type { Card } from "../domain/opportunity.ts";
import { scoreOf } from "../domain/scoring.ts";
import type { Signal } from "../domain/signal.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { Brief, Deps, Draft } from "./ports.ts";
import type { Related } from "./related.ts";

export interface SourceText {
  readonly id: SignalId;
  readonly data: Signal;
  readonly text: string;
}

interface Wanted extends Pick<Related, "assets" | "playbook" | "gaps"> {
  readonly tenantId: TenantId;
  readonly tenant: Tenant;
  readonly account: Account;
  /** The card's own signals first, then the related ones. */
  readonly sources: readonly SourceText[];
  readonly own: number;
  readonly note: string | null;
}

export interface Written {
  readonly card: Card;
  readonly evidence: readonly {
    readonly id: string;
    readonly data: Evidence;
  }[];
}

interface Checked {
  readonly claims: readonly Claim[];
  readonly evidence: Written["evidence"];
  readonly faults: readonly { readonly claim: string; readonly fault: Fault }[];
}

/**
 * Has a card drafted and believes nothing of it: every quote is checked against its snapshot, a faulty
 * draft goes back once, what still fails is dropped. Null where no FOUND claim is left.
 */
export async function writeCard(
  wanted: Wanted,
  deps: Pick<Deps, "writer" | "clock"> & { readonly abort: AbortSignal },
): Promise<Written | null> {
  const brief: Brief = {
    tenantId: wanted.tenantId,
    account: wanted.account,
    signals: wanted.sources,
    playbook: wanted.playbook,
    assets: wanted.assets,
    note: wanted.note,
    faults: [],
  };
  let draft = await deps.writer.draft(brief, deps.abort);
  let checked = check(draft, wanted.sources);
  if (checked.faults.length > 0) {
    draft = await deps.writer.draft(
      { ...brief, faults: checked.faults },
      deps.abort,
    );
    checked = check(draft, wanted.sources);
  }
  const found = checked.claims.filter(({ kind }) => kind === "FOUND").length;
  if (found === 0) return null;

  const score = scoreOf({
    account: wanted.account,
    tenant: wanted.tenant,
    signals: wanted.sources.map(({ data }) => data),
    verifiedClaims: found,
    claims: found + checked.faults.length,
    hasPlaybook: wanted.playbook !== null,
    assets: wanted.assets.length,
    now: deps.clock.now(),
  });
  const refs = checked.evidence.map(({ id, data }): EvidenceRef => {
    const { signalId, snapshotId, start, end, quoteHash } = data;
    return { id, signalId, snapshotId, start, end, quoteHash };
  });
  const { playbook } = wanted;
  return {
    evidence: checked.evidence,
    card: {
      title: draft.title,
      summary: summaryOf(checked.claims),
      claims: [...checked.claims],
      evidence: refs,
      score,
      playbook:
        playbook === null
          ? null
          : {
              id: playbook.id,
              title: playbook.data.title,
              action: playbook.data.action,
            },
      assets: wanted.assets.map(({ id, data: { title, url } }) => ({
        id,
        title,
        url,
      })),
      outreach: draft.outreach,
      writer: { name: deps.writer.name, model: deps.writer.model },
      gaps: [...wanted.gaps],
      receipt: receiptOf(checked.claims, refs),
    },
  };
}

/**
 * As writeCard; but where the model does not answer, this was the last try, and the tenant would rather have a plain
 * card than wait for a person, the fallback writes it, and the card says so.
 */
export async function writeCardOrFallBack(
  wanted: Wanted,
  isLastTry: boolean,
  deps: Pick<Deps, "writer" | "fallbackWriter" | "clock" | "log"> & {
    readonly abort: AbortSignal;
  },
): Promise<Written | null> {
  try {
    return await writeCard(wanted, deps);
  } catch (error) {
    const allowed = isLastTry && wanted.tenant.extractiveFallback;
    if (!allowed || !(error instanceof RetryableError)) throw error;
    deps.log.write(
      "WARNING",
      "the model did not answer; the card is written without it",
      { tenantId: wanted.tenantId, error: error.message },
    );
    const gap =
      "The model did not answer: this card holds sentences of the evidence alone.";
    return writeCard(
      { ...wanted, gaps: [...wanted.gaps, gap] },
      { ...deps, writer: deps.fallbackWriter },
    );
  }
}

/** The first of what was found; made of verified claims alone, so that it needs no proof of its own. */
function summaryOf(claims: readonly Claim[]): string {
  const found = claims.filter(({ kind }) => kind === "FOUND").slice(0, 2);
  return found
    .map(({ text }) => text)
    .join(" ")
    .slice(0, 4000);
}

function check(draft: Draft, sources: readonly SourceText[]): Checked {
  const quotes = new Map(draft.quotes.map((quote) => [quote.id, quote]));
  const faults: { claim: string; fault: Fault }[] = [];
  const standing = draft.claims.filter((claim) => {
    if (claim.kind !== "FOUND") return true;
    const quote = quotes.get(claim.evidenceId);
    const text = sources.find(({ id }) => id === quote?.signalId)?.text ?? "";
    const fault = faultOf(claim, quote, text);
    if (fault !== null) faults.push({ claim: claim.text, fault });
    return fault === null;
  });
  const claims = supported(standing);
  const renamed = new Map<string, string>();
  const evidence = new Map<string, Evidence>();
  // Of quotes that share an id only the one that was checked.
  for (const quote of quotes.values()) {
    const used = claims.some(
      (claim) => claim.kind === "FOUND" && claim.evidenceId === quote.id,
    );
    const source = sources.find(({ id }) => id === quote.signalId);
    if (!used || source === undefined) continue;
    const id = idFrom(source.data.snapshotId, quote.start, quote.end);
    renamed.set(quote.id, id);
    evidence.set(id, evidenceOf(quote, source));
  }
  return {
    faults,
    evidence: [...evidence].map(([id, data]) => ({ id, data })),
    claims: claims.map((claim) =>
      claim.kind === "FOUND"
        ? { ...claim, evidenceId: renamed.get(claim.evidenceId) ?? "" }
        : claim,
    ),
  };
}

/** An inference that rests on nothing that stands does not stand either, nor what rests on it. */
function supported(claims: readonly Claim[]): readonly Claim[] {
  const ids = new Set(claims.map(({ id }) => id));
  const kept = claims.filter(
    (claim) =>
      claim.kind !== "INFERRED" || claim.basis.every((id) => ids.has(id)),
  );
  return kept.length === claims.length ? kept : supported(kept);
}

function evidenceOf(
  quote: Draft["quotes"][number],
  { id, data }: SourceText,
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
