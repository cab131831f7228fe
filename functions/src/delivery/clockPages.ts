import { z } from "zod";
import { PermanentError } from "../domain/kernel/errors.ts";
import { TenantId } from "../domain/kernel/ids.ts";
import { Instant } from "../domain/kernel/instant.ts";
import type { Deps } from "../ports/deps.ts";
import type { Query, Read, Write } from "../ports/store.ts";

/** So many of the few fields that the clock fetches fit into its memory several times over. */
export const pageLimit = 5_000;

/** How often a batch is tried with what is left of it. */
const maxTries = 3;

interface Wanted<T> {
  /** The name of the collection, that of every tenant. */
  readonly of: string;
  /** What of a document the clock needs; nothing else of it is fetched. */
  readonly schema: z.ZodType<T> & { readonly shape: object };
  readonly where: Query<unknown>["where"];
  /** The field by which the pages are in order; a moment. */
  readonly by: string;
  /** How many a page holds. */
  readonly limit: number;
  /** What is done about one that cannot be read; it is logged where this is absent. */
  readonly whenUnreadable?: (path: string) => Promise<unknown>;
}

/**
 * What answers, over all tenants, page after page in the order of one moment, until the clock's time is up.
 * One document that does not fit its schema, or lies at no place of ours, must not stop the clock for all: it is passed over.
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
        log.write(
          "ERROR",
          "the clock passes over a document that cannot be read",
          { path },
        );
    }
    yield readable;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    startAfter = [last.data[by], last.ref.path];
  }
}

/**
 * Commits what is to change for each of the documents read, all in one batch. Where somebody was there before, the
 * rest is read again and tried without it. Returns those that held, and those that are due and still do not.
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

/** A batch that the database does not take as a whole is no reason to stop the clock: its parts may each be taken. */
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

/** Whether a document lies right below a tenant, both under ids that we give. */
function isOurs(path: string): boolean {
  const [tenants, tenantId, , id, ...deeper] = path.split("/");
  return (
    tenants === "tenants" &&
    deeper.length === 0 &&
    [tenantId, id].every((part) => TenantId.safeParse(part).success)
  );
}

/** The tenant below whom a document lies. */
export function tenantOf(read: {
  readonly ref: { readonly path: string };
}): TenantId {
  return TenantId.parse(read.ref.path.split("/")[1]);
}
