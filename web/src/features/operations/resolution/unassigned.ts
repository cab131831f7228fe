import { z } from "zod";
import { Ground } from "../../../../../functions/src/domain/resolution/grounds.ts";
import { AccountId } from "../../../../../functions/src/domain/kernel/ids.ts";
import { SourceKind } from "../../../../../functions/src/domain/sources/source.ts";

const Moment = z.iso.datetime().transform((text) => new Date(text));

/** A signal of which it is not sure whose it is, as the API tells of it. */
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
      ground: Ground,
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

/** The first candidates that a key each stands for. */
export const keyed = 3;

/** The id that is `by` places further down, or up, in a list; its end where there is none. From none, the first. */
export function stepFrom(
  ids: readonly string[],
  current: string | null,
  by: number,
): string | null {
  const at = current === null ? -1 : ids.indexOf(current);
  const next = at === -1 ? 0 : at + by;
  return ids[Math.max(0, Math.min(ids.length - 1, next))] ?? null;
}

/** What is chosen once something is gone: what came behind it, else what stood before it. */
export function choiceAfter(
  ids: readonly string[],
  gone: string,
): string | null {
  const at = ids.indexOf(gone);
  const left = ids.filter((id) => id !== gone);
  return at === -1 ? null : (left[Math.min(at, left.length - 1)] ?? null);
}
