import { z } from "@hono/zod-openapi";
import { diff } from "../../domain/kernel/changes.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { persistently } from "./answer.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { commitAnswered } from "./idempotency.ts";
import { badField, Refused } from "./problem.ts";

/** The version that a change is made on. */
export const Version = z.int().positive().max(1_000_000_000).openapi({
  description: "The version that you looked at; any other answers 409.",
});

interface Versioned {
  readonly version: number;
}

interface Changed<T> extends Pick<Outcome, "writes" | "emits" | "audit"> {
  readonly patch: Partial<Unstamped<T>>;
  /** What follows from the rest: written with it, and of no interest to the audit. */
  readonly derived?: Partial<Unstamped<T>>;
}

interface Edit<T extends Versioned, V extends object> {
  /** What it is called in the audit. */
  readonly kind: string;
  readonly version: number;
  readonly reason: string;
  readonly find: () => Promise<Read<T>>;
  /** What becomes of it, told the version that it will have. Asked anew when somebody else was faster. */
  readonly change: (
    read: Read<T>,
    version: number,
  ) => Changed<T> | Promise<Changed<T>>;
  /** What it looks like to whoever changed it: the command's answer. */
  readonly view: (after: T) => V;
  /** It is a part of a command that answers something else. */
  readonly isPart?: true;
}

/**
 * Changes a thing that people own, on the condition that it is of the version they looked at: audited
 * with what differs, its version counted on. What differs in nothing is not written. Gives the view of what it became.
 */
export async function edit<T extends Versioned, V extends object>(
  c: ApiContext,
  { kind, version, reason, find, change, view, isPart }: Edit<T, V>,
  deps: ApiDeps,
): Promise<V> {
  return persistently(
    async () => {
      const read = await find();
      const { id, data } = read;
      if (data.version !== version) throw isOfAnother(data);
      const next = version + 1;
      const made = await change(read, next);
      const { patch, derived = {}, writes = [], emits = [], audit = [] } = made;
      const { before, after } = diff(data, patch);
      if (Object.keys(after).length === 0 && writes.length === 0)
        return view(data);
      const whole = { ...patch, ...derived, version: next } as Partial<
        Unstamped<T>
      >;
      const entity = { kind, id };
      const body = view({ ...data, ...whole });
      const done = await commitAnswered(
        c,
        {
          outcome: {
            writes: [update(read, whole), ...writes],
            emits,
            audit: [
              {
                action: "UPDATE",
                entity,
                before: { ...before, version },
                after: { ...after, version: next },
                reason,
              },
              ...audit,
            ],
          },
          answer: isPart === true ? null : { status: 200, body },
        },
        deps,
      );
      return done.kind === "conflict" ? null : body;
    },
    async () => ({ version: (await find()).data.version }),
  );
}

/** The refusal of a change that was made on another version than the current one. */
function isOfAnother({ version }: Versioned): Refused {
  const detail = `Its version is ${version} now.`;
  return new Refused(409, detail, { current: { version } });
}

/** Refuses a request that changes nothing. */
export function mustChange(values: object): void {
  if (Object.values(values).every((value) => value === undefined))
    throw badField("body", "must name at least one field to change");
}
