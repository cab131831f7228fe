import { z } from "zod";
import type { CollectionRef } from "../domain/collections.ts";
import { TenantId } from "../domain/ids.ts";
import { Instant } from "../domain/instant.ts";
import type { Deps, Query, Read, Write } from "../pipeline/ports.ts";

const pageSize = 300;

/** How often a batch is tried with what is left of it, before the rest is the next tick's. */
const maxTries = 4;

interface Wanted<T> {
  /** A collection group: over all tenants. */
  readonly collection: CollectionRef<T>;
  readonly where: Query<T>["where"];
  /** The field by which the pages are in order; a moment. */
  readonly by: string;
}

/**
 * What answers, over all tenants, page after page in the order of one moment, until the clock's time is up.
 * One document that does not fit its schema must not stop the clock for all: it is logged and passed over.
 */
export async function* pages<T>(
  { collection: { path, schema }, where, by }: Wanted<T>,
  until: Date,
  { store, clock, log }: Pick<Deps, "store" | "clock" | "log">,
): AsyncGenerator<readonly Read<T>[]> {
  const moment = z.looseObject({ [by]: Instant });
  const dated = z.unknown().transform((raw) => ({
    at: moment.parse(raw)[by],
    data: schema.safeParse(raw).data ?? null,
  }));
  let startAfter: readonly unknown[] | null = null;
  while (clock.now() < until) {
    const page: readonly Read<z.infer<typeof dated>>[] = await store.query({
      collection: { path, schema: dated },
      group: true,
      where,
      orderBy: [
        [by, "asc"],
        ["__name__", "asc"],
      ],
      limit: pageSize,
      ...(startAfter === null ? {} : { startAfter }),
    });
    yield page.flatMap(({ ref, data: { data }, ...read }) => {
      if (data !== null)
        return [{ ...read, data, ref: { path: ref.path, schema } }];
      const passed = "the clock passes over a document that cannot be read";
      log.write("ERROR", passed, { path: ref.path });
      return [];
    });
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    startAfter = [last.data.at, last.ref.path];
  }
}

/**
 * Commits what is to change for each of the documents read, all in one batch. Where somebody was there before, the
 * rest is read again and tried without it; returns those that held.
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
): Promise<readonly Read<T>[]> {
  let left = reads;
  for (let tries = 0; tries < maxTries && left.length > 0; tries++) {
    const writes = left.flatMap(change);
    if ((await store.commit(writes, clock.now())).kind === "committed")
      return left;
    const current = await store.readAll(left.map(({ ref }) => ref));
    left = current.filter((read) => read !== null && isDue(read.data));
  }
  return [];
}

/** The tenant below whom a document lies. */
export function tenantOf(read: {
  readonly ref: { readonly path: string };
}): TenantId {
  return TenantId.parse(read.ref.path.split("/")[1]);
}
