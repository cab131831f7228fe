import type { Account } from "../../domain/accounts/account.ts";
import * as at from "../../domain/collections.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import { canonicalUrl } from "../../domain/text/url.ts";
import { drop } from "./drop.ts";
import type { Outcome } from "../../ports/stage.ts";
import { put } from "../../ports/store.ts";
import { headOf, type Recognised } from "./recognise.ts";
import type { OwnedJob } from "./resolve.ts";
import type { archive } from "../snapshots.ts";

interface ToldAgain {
  readonly title: string;
  readonly url: string | null;
  readonly licence: string;
  readonly publishedAt: Date | null;
  readonly snapshot: NonNullable<ReturnType<typeof archive>>;
  readonly now: Date;
}

/** Dropped, and kept beside the signal that it tells once more: unless it is that very page again. */
export function toldAgain(
  job: OwnedJob,
  account: Account,
  { head, exact, similarity }: Extract<Recognised, { kind: "told" }>,
  { title, url, licence, publishedAt, snapshot, now }: ToldAgain,
): Outcome {
  const { tenantId, payload, message } = job;
  const { item } = payload;
  const of = headOf(head);
  const dropped = drop(job, account, {
    reason: exact ? "duplicate" : "near-duplicate",
    detail: exact
      ? `Its text is that of the signal ${of}.`
      : `It tells once more what the signal ${of} tells, ${Math.round(100 * similarity)} % alike.`,
  });
  const isSamePage =
    url === null ||
    head.data.url === null ||
    canonicalUrl(url) === canonicalUrl(head.data.url);
  if (isSamePage) return dropped;
  const retelling = put(
    at.retelling(tenantId, of, idFrom(item.source, item.itemId, item.revision)),
    {
      source: item.source,
      itemId: item.itemId,
      url,
      title,
      publisher: item.publisher,
      licence,
      publishedAt,
      seenAt: message.createdAt,
      fetchedAt: now,
      snapshotId: exact ? head.data.snapshotId : snapshot.id,
      similarity,
    },
  );
  // The text of an exact duplicate is archived already, as its first telling's.
  const archived = exact ? [] : snapshot.writes;
  return { ...dropped, writes: [retelling, ...archived] };
}
