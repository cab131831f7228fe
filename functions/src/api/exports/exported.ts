import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import type { InboxItem } from "../../domain/cards/inbox.ts";
import type { Read } from "../../ports/store.ts";
import { ofAudience } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { Status } from "../cards/opportunityView.ts";

const perPage = 500;

/** Which cards of the inbox are exported. */
export const ExportFilter = z.object({
  min_score: z.coerce.number().min(0).max(100).optional(),
  status: z.union([Status, z.literal("all")]).default("in_review"),
});

/** The caller's cards that fit the filter, the highest score first, at most so many. */
export async function inboxReads(
  c: ApiContext,
  {
    status,
    min_score,
    most,
  }: z.infer<typeof ExportFilter> & { readonly most: number },
  { store }: ApiDeps,
): Promise<readonly Read<InboxItem>[]> {
  const caller = c.get("caller");
  const reads: Read<InboxItem>[] = [];
  while (reads.length < most) {
    const last = reads.at(-1);
    const limit = Math.min(perPage, most - reads.length);
    const page = await store.query({
      collection: at.inbox(caller.tenantId),
      where: [
        ...ofAudience(caller),
        ...(status === "all" ? [] : [["status", "==", status] as const]),
        ...(min_score === undefined
          ? []
          : [["score", ">=", min_score] as const]),
      ],
      orderBy: [
        ["score", "desc"],
        ["__name__", "desc"],
      ],
      limit,
      ...(last && { startAfter: [last.data.score, last.id] }),
    });
    reads.push(...page);
    if (page.length < limit) break;
  }
  return reads;
}

/** The audit entry of an export: what left, and how much of it. */
export function exportEntry(kind: string, id: string, items: number) {
  return {
    action: "VIEW",
    entity: { kind, id },
    before: null,
    after: { items },
    reason: "export",
  } as const;
}

const types = {
  csv: "text/csv; charset=utf-8",
  pdf: "application/pdf",
} as const;

/** The headers of a file that is to be kept under this name. */
export function attachment(name: string, ending: keyof typeof types) {
  return {
    "Content-Type": types[ending],
    "Content-Disposition": `attachment; filename="${name.replace(/[^\w-]/g, "_")}.${ending}"`,
  };
}
