import { z } from "zod";
import { Instant } from "./instant.ts";

/** The fields of every stored document; the store stamps them at each write. */
export const stamps = {
  schemaVersion: z.literal(1),
  createdAt: Instant,
  updatedAt: Instant,
} as const;

/**
 * Where a document's facts come from. Mock is a tenant's mode, never a fallback; the CRM writer accepts only live,
 * unless the tenant itself is mock.
 */
export const Provenance = z.enum(["live", "mock", "lab"]);
export type Provenance = z.infer<typeof Provenance>;

/** A document without what the store stamps. */
export type Unstamped<T> = Omit<T, "schemaVersion" | "createdAt" | "updatedAt">;

/** At most twenty owners of an account plus ten teams. */
export const maxAudience = 30;

/** Who may see a thing: `u:<uid>` for each owner, `t:<team>` for the leads of that team. */
export const Audience = z.array(z.string().regex(/^[ut]:.+/)).max(maxAudience);
export type Audience = z.infer<typeof Audience>;
