import type { Account } from "../../domain/accounts/account.ts";
import {
  type Claim,
  type Evidence,
  type EvidenceRef,
  toReceipt,
} from "../../domain/cards/claims.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import type { SignalId, TenantId } from "../../domain/kernel/ids.ts";
import type { Card } from "../../domain/cards/opportunity.ts";
import { scoreCard } from "../../domain/cards/scoring.ts";
import type { Signal } from "../../domain/signals/signal.ts";
import type { Tenant } from "../../domain/tenants/tenant.ts";
import { checkDraft, type Checked, linksFor } from "./checkDraft.ts";
import type { Brief } from "../../ports/writing.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Related } from "./findRelated.ts";

/** A signal with its archived text. */
export interface SourceText {
  readonly id: SignalId;
  readonly data: Signal;
  readonly text: string;
}

/** What a card is written from. */
export interface CardMaterial extends Pick<
  Related,
  "assets" | "playbook" | "gaps"
> {
  /** The card's own signals first, then the related ones. */
  readonly sources: readonly SourceText[];
  /** What a person asked to change in the last draft. */
  readonly note: string | null;
}

interface Wanted extends CardMaterial {
  readonly tenantId: TenantId;
  readonly tenant: Tenant;
  readonly account: Account;
}

/** A card of verified claims, with its quotes. */
export interface WrittenCard {
  readonly card: Card;
  readonly evidence: readonly {
    readonly id: string;
    readonly data: Evidence;
  }[];
}

/**
 * Has a card drafted and trusts none of it: checks every quote against its snapshot, and every sentence for unknown
 * links, for instructions to its reader and for words that are in no quote. A faulty draft goes back once; what still
 * fails is dropped. Null if no FOUND claim is left.
 */
export async function writeCard(
  wanted: Wanted,
  deps: Pick<Deps, "writer" | "clock"> & { readonly abortSignal: AbortSignal },
): Promise<WrittenCard | null> {
  const brief: Brief = {
    tenantId: wanted.tenantId,
    account: wanted.account,
    signals: wanted.sources,
    playbook: wanted.playbook,
    assets: wanted.assets,
    links: linksFor(wanted),
    note: wanted.note,
    faults: [],
  };
  const checked = await draftAndCheck(brief, deps);
  const found = checked.claims.filter(({ kind }) => kind === "FOUND").length;
  if (found === 0) return null;

  const faulty = checked.faults.filter(({ kind }) => kind === "FOUND").length;
  const score = scoreCard({
    account: wanted.account,
    tenant: wanted.tenant,
    signals: wanted.sources.map(({ data }) => data),
    verifiedClaims: found,
    claims: found + faulty,
    hasPlaybook: wanted.playbook !== null,
    assets: wanted.assets.length,
    now: deps.clock.now(),
  });
  const { name, model } = deps.writer;
  const card = toCard(wanted, checked, { score, writer: { name, model } });
  return { card, evidence: checked.evidence };
}

/** A draft, redrafted once if it had faults. */
async function draftAndCheck(
  brief: Brief,
  {
    writer,
    abortSignal,
  }: Pick<Deps, "writer"> & { readonly abortSignal: AbortSignal },
): Promise<Checked> {
  const first = checkDraft(await writer.draft(brief, abortSignal), brief);
  if (first.faults.length === 0) return first;
  const { faults } = first;
  const repaired = await writer.draft({ ...brief, faults }, abortSignal);
  return checkDraft(repaired, brief);
}

function toCard(
  { playbook, assets, gaps }: Wanted,
  { title, claims, evidence, outreach }: Checked,
  { score, writer }: Pick<Card, "score" | "writer">,
): Card {
  const refs = evidence.map(({ id, data }): EvidenceRef => {
    const { signalId, snapshotId, start, end, quoteHash } = data;
    return { id, signalId, snapshotId, start, end, quoteHash };
  });
  return {
    title,
    summary: summarise(claims),
    claims: [...claims],
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
    assets: assets.map(({ id, data: { title, url } }) => ({ id, title, url })),
    outreach,
    writer,
    gaps: [...gaps],
    receipt: toReceipt(claims, refs),
  };
}

/**
 * Like writeCard, but if the model does not answer on the last try and the tenant prefers a plain card to waiting for
 * a person, the fallback writes it and the card says so.
 */
export async function writeCardOrFallBack(
  wanted: Wanted,
  isLastTry: boolean,
  deps: Pick<Deps, "writer" | "fallbackWriter" | "clock" | "log"> & {
    readonly abortSignal: AbortSignal;
  },
): Promise<WrittenCard | null> {
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
      "The model did not answer: this card contains only sentences of the evidence.";
    return writeCard(
      { ...wanted, gaps: [...wanted.gaps, gap] },
      { ...deps, writer: deps.fallbackWriter },
    );
  }
}

/** A summary from the first findings; it consists of verified claims only and needs no proof of its own. */
function summarise(claims: readonly Claim[]): string {
  const found = claims.filter(({ kind }) => kind === "FOUND").slice(0, 2);
  return found
    .map(({ text }) => text)
    .join(" ")
    .slice(0, 4000);
}
