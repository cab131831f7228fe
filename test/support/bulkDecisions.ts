import { z } from "zod";
import { aCase, type TestApi } from "./api.ts";

const path = "/api/v1/opportunities/bulk-decisions";

/** What decisions on many cards are answered with. */
export const Results = z.strictObject({
  results: z.array(
    z.discriminatedUnion("ok", [
      z.strictObject({
        ok: z.literal(true),
        id: z.string(),
        status: z.string(),
        version: z.int(),
        undoUntil: z.iso.datetime().optional(),
      }),
      z.strictObject({
        ok: z.literal(false),
        id: z.string(),
        status: z.int(),
        problem: z.strictObject({
          title: z.string(),
          detail: z.string(),
          current: z.looseObject({}).optional(),
        }),
      }),
    ]),
  ),
});

/** Puts a card of each name into the database; nobody has decided on it yet. */
export async function putCards(api: TestApi, names: readonly string[]) {
  const cards = names.map((name) => aCase(name, api.clock.now()));
  for (const { writes } of cards) await api.write(writes);
  return cards;
}

interface Asking {
  readonly person?: string;
  readonly key?: string;
}

/** Anna decides on many cards, or another person, without a key or with one. */
export function decideOnMany(
  api: Pick<TestApi, "as">,
  decisions: readonly object[],
  { person = "anna", key = "" }: Asking = {},
) {
  return api.as(person, path, {
    body: { decisions },
    headers: key === "" ? {} : { "Idempotency-Key": key },
  });
}

/** The decision to approve a card. */
export const approve = (id: string, version = 1) => {
  return { id, version, decision: "approve" };
};
