import { contentHash } from "../../domain/kernel/hash.ts";
import type { AccountId } from "../../domain/kernel/ids.ts";
import { toOccurrence } from "../../domain/signals/occurrence.ts";
import { type SignalType, sourceFacts } from "../../domain/sources/source.ts";
import { measureMention } from "../../domain/weighing/relevance.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Redactor, Section } from "../../ports/reading.ts";
import { urlWithoutPersons } from "../redaction.ts";
import { archive } from "../snapshots.ts";
import type { Dropped } from "./drop.ts";
import { findDocument, type Found } from "./findDocument.ts";
import type { Resolved } from "./resolved.ts";

/** A shorter text contains nothing that could serve as evidence. */
const minCharacters = 40;

/** The mention of a document that need not name its account, because other evidence does. */
const mentionedByEvidence = 0.7;

/** A document that has been read and redacted and is about its account; not a signal yet. */
export interface DocumentRead {
  readonly accountId: AccountId;
  readonly type: SignalType;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  /** The hash of its content. */
  readonly hash: string;
  readonly licence: string;
  readonly language: string;
  readonly author: string | null;
  /** How plainly it is about the account, 0 to 1. */
  readonly mention: number;
  readonly snapshot: NonNullable<ReturnType<typeof archive>>;
  readonly fetchedAt: Date;
  /** When it was published, if it says so; never later than it was received. */
  readonly publishedAt: Date | null;
  readonly occurredAt: Date;
  /** The future date that it announces. */
  readonly announcedFor: Date | null;
}

/** The document behind a received item, redacted, archived and dated; or why it is dropped. */
export async function readDocument(
  resolved: Resolved,
  deps: Pick<Deps, "clock" | "connectors" | "reader" | "redactor">,
): Promise<DocumentRead | Dropped> {
  const { job, holder } = resolved;
  const { payload } = job;
  const found = await findDocument(job, holder, deps);
  if ("reason" in found) return found;

  const { item } = payload;
  const text = deps.redactor.redact(found.text);
  const title = deps.redactor
    .redact(item.title || found.title || item.publisher)
    .slice(0, 500)
    .replace(/\p{Cs}/gu, "");
  const characters = `It has ${text.length} characters of text.`;
  if (text.length < minCharacters)
    return { reason: "empty", detail: characters };

  const mention = toMention(resolved, { title, text });
  if (mention === 0)
    return {
      reason: "not-about-account",
      detail: `It does not name ${resolved.account.data.name} or an alias.`,
    };

  const { licence, language } = found;
  const fetchedAt = deps.clock.now();
  const url = cleanUrl(item.url, found, deps.redactor);
  const snapshot = archive(
    job.tenantId,
    { text, sections: sectionsIn(text, found.sections, deps.redactor) },
    { url, licence, fetchedAt },
  );
  if (snapshot === null) return { reason: "too-large", detail: characters };

  const stated = [item.publishedAt, found.publishedAt];
  const { occurredAt, announcedFor } = toOccurrence(
    stated,
    job.message.createdAt,
  );
  return {
    accountId: payload.accountId,
    type: sourceFacts[item.source].type,
    title,
    text,
    url,
    hash: contentHash(text),
    licence,
    language,
    author: cleanAuthor(found.author, deps.redactor),
    mention,
    snapshot,
    fetchedAt,
    publishedAt: stated.some((date) => date !== null) ? occurredAt : null,
    occurredAt,
    announcedFor,
  };
}

function toMention(
  { job, names, resolvedBy }: Resolved,
  words: { readonly title: string; readonly text: string },
): number {
  const { source } = job.payload.item;
  return Math.max(
    measureMention(names, { source, ...words }),
    resolvedBy === null ? 0 : mentionedByEvidence,
  );
}

function cleanUrl(
  itemUrl: string | null,
  { canonicalUrl, url }: Found,
  redactor: Redactor,
): string | null {
  const from = itemUrl ?? canonicalUrl ?? url;
  return from === null ? null : urlWithoutPersons(from, redactor);
}

/** A person's name may appear in a byline; their address may not. */
function cleanAuthor(author: string | null, redactor: Redactor): string | null {
  if (author === null) return null;
  const name = redactor
    .redact(author)
    .slice(0, 200)
    .replace(/\p{Cs}/gu, "");
  return name === "" ? null : name;
}

/** The sections at their positions in the redacted text. */
function sectionsIn(
  text: string,
  sections: readonly Section[],
  redactor: Redactor,
): readonly Section[] {
  let from = 0;
  const found = sections.flatMap((section) => {
    const title = redactor.redact(section.title);
    const start = title === "" ? -1 : text.indexOf(title, from);
    if (start === -1) return [];
    from = start + title.length;
    return [{ title, start }];
  });
  return found.map((section, i) => ({
    ...section,
    end: found[i + 1]?.start ?? text.length,
  }));
}
