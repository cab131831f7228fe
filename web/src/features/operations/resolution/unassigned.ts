import { z } from "zod";
import { EvidenceKind } from "../../../../../functions/src/domain/resolution/evidence.ts";
import { AccountId } from "../../../../../functions/src/domain/kernel/ids.ts";
import { SourceKind } from "../../../../../functions/src/domain/sources/source.ts";

const Moment = z.iso.datetime().transform((text) => new Date(text));

/** A signal whose account is unresolved, as the API returns it. */
export const Unassigned = z.object({
  id: z.string(),
  title: z.string(),
  excerpt: z.string(),
  version: z.int(),
  item: z.object({
    source: SourceKind,
    url: z.string().nullable(),
    publisher: z.string(),
  }),
  candidates: z.array(
    z.object({
      accountId: AccountId,
      name: z.string(),
      confidence: z.number(),
      evidence: EvidenceKind,
      found: z.string(),
    }),
  ),
  hint: z
    .object({ kind: z.enum(["alias", "domain"]), value: z.string() })
    .nullable(),
  receivedAt: Moment,
});
export type Unassigned = z.infer<typeof Unassigned>;

export const UnassignedPage = z.object({
  items: z.array(Unassigned),
  nextCursor: z.string().nullable(),
});

/** How many candidates have a key of their own. */
export const candidatesWithKey = 3;

/** The id `by` places further down the list, or up; its end where there is none. Without a current one, the first. */
export function stepFrom(
  ids: readonly string[],
  current: string | null,
  by: number,
): string | null {
  const at = current === null ? -1 : ids.indexOf(current);
  const next = at === -1 ? 0 : at + by;
  return ids[Math.max(0, Math.min(ids.length - 1, next))] ?? null;
}

/** What to choose once an id is gone: the next one, else the one before it. */
export function choiceAfter(
  ids: readonly string[],
  gone: string,
): string | null {
  const at = ids.indexOf(gone);
  const left = ids.filter((id) => id !== gone);
  return at === -1 ? null : (left[Math.min(at, left.length - 1)] ?? null);
}
