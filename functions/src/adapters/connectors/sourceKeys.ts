import { z } from "zod";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import {
  type KeyName,
  keyNames,
  sharedKeys,
} from "../../domain/sources/source.ts";
import type { SourceAccess } from "./reach.ts";

const SourceKeys = z.record(
  z.string(),
  z.partialRecord(
    z.enum(keyNames),
    z.union([
      z.string().transform((key) => ({ key })),
      z.object({ key: z.string(), perDay: z.int().positive().optional() }),
    ]),
  ),
);
type SourceKeys = z.infer<typeof SourceKeys>;

/** The keys of SOURCE_KEYS, by tenant and name; none where it is empty. PermanentError ("vendor-auth") where it is not as it must be. */
export function parseSourceKeys(text: string): SourceKeys {
  const read = SourceKeys.safeParse(jsonOrNull(text.trim() || "{}"));
  if (read.success) return read.data;
  throw new PermanentError(
    "vendor-auth",
    `SOURCE_KEYS is not a JSON object of keys by tenant: ${z.prettifyError(read.error)}`,
  );
}

/** What a tenant's own systems hold is reached with the tenant's own key alone; a search of the open web also with one that all share. */
export function findAccess(
  keys: SourceKeys,
  name: KeyName,
  tenantId: TenantId | null,
): SourceAccess | null {
  const own = tenantId === null ? undefined : keys[tenantId]?.[name];
  if (own !== undefined && tenantId !== null)
    return { ...own, owner: tenantId };
  const shared = sharedKeys.has(name) ? keys["*"]?.[name] : undefined;
  return shared ?? null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
