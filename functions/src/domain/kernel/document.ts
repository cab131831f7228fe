import { z } from "zod";
import { Instant } from "./instant.ts";

/** What every stored document carries; the store stamps it at the write. */
export const stamps = {
  schemaVersion: z.literal(1),
  createdAt: Instant,
  updatedAt: Instant,
} as const;

/** Where a document's facts come from. Mock is a tenant's mode, never a fallback; the CRM writer takes nothing but live, unless the tenant itself is mock. */
export const Provenance = z.enum(["live", "mock", "lab"]);
export type Provenance = z.infer<typeof Provenance>;

/** A document without what the store stamps. */
export type Unstamped<T> = Omit<T, "schemaVersion" | "createdAt" | "updatedAt">;

/** An account's owners, twenty at most, and teams, ten at most. */
export const maxAudience = 30;

/** Who may see a thing: `u:<uid>` of each owner, `t:<team>` for the leads of that team. */
export const Audience = z.array(z.string().regex(/^[ut]:.+/)).max(maxAudience);
export type Audience = z.infer<typeof Audience>;
