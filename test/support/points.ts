import { expect } from "vitest";
import { uuidFrom } from "../../functions/src/domain/kernel/hash.ts";
import type { Point, Vectors } from "../../functions/src/ports/vectors.ts";
import { aTenantId } from "./builders.ts";

export const north = aTenantId("north");

/** A signal's point of the account globex, that Anna may see. */
export function aPoint(of: string, vector: readonly number[]): Point {
  return {
    id: uuidFrom(of),
    vector,
    kind: "signal",
    of,
    accountId: "globex",
    audience: ["u:anna"],
    start: 0,
    end: 10,
  };
}

/** What a search in these tests asks for, where it differs from signals of all accounts of the tenant north. */
export type Wanted = Partial<Parameters<Vectors["search"]>[1]> & {
  readonly tenant?: typeof north;
};

/** What is nearest to a vector. */
export function search(
  vectors: Vectors,
  vector: readonly number[],
  { tenant = north, ...changes }: Wanted = {},
) {
  const wanted = { kind: "signal", accountId: null, limit: 20 } as const;
  return vectors.search(tenant, { ...wanted, vector, ...changes });
}

/** What a search for the first direction finds, by name, in the order of names. */
export async function names(
  vectors: Vectors,
  wanted: Wanted = {},
): Promise<readonly string[]> {
  const found = await search(vectors, [1, 0, 0, 0], wanted);
  return found.map(({ of }) => of).sort();
}

/** A cosine, give or take a thousandth. */
export function near(value: number): unknown {
  return expect.closeTo(value, 3);
}
