import { z } from "zod";
import { PermanentError } from "../domain/kernel/errors.ts";
import { TenantId } from "../domain/kernel/ids.ts";
import { Instant } from "../domain/kernel/instant.ts";
import type { Deps } from "../ports/deps.ts";
import type { Query, Read, Write } from "../ports/store.ts";

/** The clock fetches only a few fields per document; this many fit into its memory several times over. */
export const pageLimit = 5_000;

/** How often a batch is retried with what is left of it. */
const maxTries = 3;

interface Wanted<T> {
  /** The name of the collection, the same in every tenant. */
  readonly of: string;
  /** The fields that the clock needs; it fetches no others. */
  readonly schema: z.ZodType<T> & { readonly shape: object };
  readonly where: Query<unknown>["where"];
  /** The field that orders the pages; a moment. */
  readonly by: string;
  /** Documents per page. */
  readonly limit: number;
  /** Handles a document that cannot be read; without it, the document is logged. */
  readonly whenUnreadable?: (path: string) => Promise<unknown>;
}

/**
 * The documents that match, over all tenants, page by page in the order of one moment, until the clock's time is up.
 * A document that does not fit its schema, or has an unexpected path, must not stop the clock for everybody: it is
 * skipped.
 */
export async function* pages<T>(
  { of, schema, where, by, limit, whenUnreadable }: Wanted<T>,
  until: Date,
  { store, clock, log }: Pick<Deps, "store" | "clock" | "log">,
): AsyncGenerator<readonly Read<T>[]> {
  const fields = Object.keys(schema.shape).map(
    (field) => [field, z.unknown().optional()] as const,
  );
  const loose = z.object({ ...Object.fromEntries(fields), [by]: Instant });
  let startAfter: readonly unknown[] | null = null;
  while (clock.now() < until) {
    const page: readonly Read<z.infer<typeof loose>>[] = await store.query({
      collection: { path: of, schema: loose },
      group: true,
      where,
      orderBy: [
        [by, "asc"],
        ["__name__", "asc"],
      ],
      limit,
      ...(startAfter === null ? {} : { startAfter }),
    });
    const readable: Read<T>[] = [];
    for (const { ref, data, ...read } of page) {
      const { path } = ref;
      const parsed = schema.safeParse(data);
      if (parsed.success && isOurs(path))
        readable.push({ ...read, data: parsed.data, ref: { path, schema } });
      else if (whenUnreadable !== undefined && clock.now() < until)
        await whenUnreadable(path);
      else
        log.write("ERROR", "the clock skips a document that cannot be read", {
          path,
        });
    }
    yield readable;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    startAfter = [last.data[by], last.ref.path];
  }
}

/**
 * Commits the changes to all the documents read, in one batch. If somebody else changed one first, reads the rest
 * again and retries without it. Returns the changes that were committed, and the documents that are still due.
 */
export async function commitTogether<T>(
  reads: readonly Read<T>[],
  {
    change,
    isDue,
  }: {
    readonly change: (read: Read<T>) => readonly Write[];
    readonly isDue: (data: T) => boolean;
  },
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<{
  readonly held: readonly Read<T>[];
  readonly left: readonly Read<T>[];
}> {
  let left = reads;
  for (let tries = 0; tries < maxTries && left.length > 0; tries++) {
    const writes = left.flatMap(change);
    const committed = await committedOrRefused(writes, { store, clock });
    if (committed === "committed") return { held: left, left: [] };
    if (committed === "refused") return { held: [], left };
    const current = await store.readAll(
      left.map(({ ref }) => ref),
      "leave-out",
    );
    left = current
      .filter((read) => read !== null)
      .filter(({ data }) => isDue(data));
  }
  return { held: [], left };
}

/** A batch that the database rejects as a whole does not stop the clock: its parts may still succeed one by one. */
async function committedOrRefused(
  writes: readonly Write[],
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<"committed" | "conflict" | "refused"> {
  try {
    return (await store.commit(writes, clock.now())).kind;
  } catch (error) {
    if (error instanceof PermanentError) return "refused";
    throw error;
  }
}

/** Whether a document lies directly below a tenant and both have valid ids. */
function isOurs(path: string): boolean {
  const [tenants, tenantId, , id, ...deeper] = path.split("/");
  return (
    tenants === "tenants" &&
    deeper.length === 0 &&
    [tenantId, id].every((part) => TenantId.safeParse(part).success)
  );
}

/** The tenant that a document lies below. */
export function toTenantId(read: {
  readonly ref: { readonly path: string };
}): TenantId {
  return TenantId.parse(read.ref.path.split("/")[1]);
}
