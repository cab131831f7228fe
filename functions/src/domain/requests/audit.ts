import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { Instant } from "../kernel/instant.ts";

export const AuditAction = z.enum([
  "VIEW",
  "CREATE",
  "UPDATE",
  "APPROVE",
  "REJECT",
  "REFINE",
  "ACTIVATE",
  "DELETE",
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** Who did what to which thing, and what changed; written in the commit that it records, and never changed. */
export const AuditEntry = z.object({
  ...stamps,
  at: Instant,
  action: AuditAction,
  /** A person's uid, or `system:<stage>`. */
  actor: z.string().min(1),
  entity: z.object({ kind: z.string().min(1), id: z.string().min(1) }),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  reason: z.string().nullable(),
  traceId: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The month under which an entry is kept, `2026-11`. */
export function auditMonth(at: Date): string {
  return at.toISOString().slice(0, 7);
}
