import * as at from "../../domain/collections.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import { canonicalUrl } from "../../domain/text/url.ts";
import type { Outcome } from "../../ports/stage.ts";
import { put } from "../../ports/store.ts";
import { drop } from "./drop.ts";
import { describeDuplicate, type Match, originalId } from "./findDuplicate.ts";
import type { DocumentRead } from "./readDocument.ts";
import type { Resolved } from "./resolved.ts";

/** Drops a duplicate and stores it with its original, unless it is the same page again. */
export function recordNearDuplicate(
  resolved: Pick<Resolved, "job" | "account">,
  document: Pick<
    DocumentRead,
    "title" | "url" | "licence" | "publishedAt" | "snapshot" | "fetchedAt"
  >,
  { original, exact, similarity }: Extract<Match, { kind: "duplicate" }>,
): Outcome {
  const { tenantId, payload, message } = resolved.job;
  const { item } = payload;
  const { url, snapshot } = document;
  const id = originalId(original);
  const dropped = drop(resolved, {
    reason: exact ? "duplicate" : "near-duplicate",
    detail: exact
      ? `Its text is the same as that of the signal ${id}.`
      : describeDuplicate(id, similarity),
  });
  const isSamePage =
    url === null ||
    original.data.url === null ||
    canonicalUrl(url) === canonicalUrl(original.data.url);
  if (isSamePage) return dropped;
  const record = put(
    at.nearDuplicate(
      tenantId,
      id,
      idFrom(item.source, item.itemId, item.revision),
    ),
    {
      source: item.source,
      itemId: item.itemId,
      url,
      title: document.title,
      publisher: item.publisher,
      licence: document.licence,
      publishedAt: document.publishedAt,
      seenAt: message.createdAt,
      fetchedAt: document.fetchedAt,
      snapshotId: exact ? original.data.snapshotId : snapshot.id,
      similarity,
    },
  );
  // The text of an exact duplicate is already archived as the original's.
  const archived = exact ? [] : snapshot.writes;
  return { ...dropped, writes: [record, ...archived] };
}
