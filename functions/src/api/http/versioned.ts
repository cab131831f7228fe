import { z } from "@hono/zod-openapi";
import { diff } from "../../domain/kernel/changes.ts";
import type { Unstamped } from "../../domain/kernel/document.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { carryOut } from "./command.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { badField, Refusal } from "./problem.ts";

/** The version that a change is based on. */
export const Version = z.int().positive().max(1_000_000_000).openapi({
  description:
    "The version that you saw. If it is no longer current, the answer is 409.",
});

interface Versioned {
  readonly version: number;
}

interface Change<T> extends Pick<Outcome, "writes" | "emits" | "audit"> {
  readonly patch: Partial<Unstamped<T>>;
  /** Derived fields: written too, but not audited. */
  readonly derived?: Partial<Unstamped<T>>;
}

interface Edit<T extends Versioned, V extends object> {
  /** The kind of entity, for the audit. */
  readonly kind: string;
  readonly version: number;
  readonly reason: string;
  readonly find: () => Promise<Read<T>>;
  /** The change to make, given the version that it will have. Called again after a conflict. */
  readonly change: (
    read: Read<T>,
    version: number,
  ) => Change<T> | Promise<Change<T>>;
  /** The command's answer. */
  readonly view: (after: T) => V;
  /** True for one step of a larger command: the view is not kept as its answer. */
  readonly isStep?: boolean;
}

/**
 * Changes a versioned document if it still has the version that the person saw; otherwise 409. The change is audited field
 * by field and raises the version; a change without any difference is not written. Gives the view of the result.
 */
export async function editVersioned<T extends Versioned, V extends object>(
  c: ApiContext,
  { kind, version, reason, find, change, view, isStep }: Edit<T, V>,
  deps: ApiDeps,
): Promise<V> {
  const decide = async () => {
    const read = await find();
    const { id, data } = read;
    if (data.version !== version) throw versionConflict(data);
    const next = version + 1;
    const {
      patch,
      derived = {},
      writes = [],
      emits = [],
      audit = [],
    } = await change(read, next);
    const { before, after } = diff(data, patch);
    if (Object.keys(after).length === 0 && writes.length === 0)
      return { body: view(data) };
    const whole = { ...patch, ...derived, version: next } as Partial<
      Unstamped<T>
    >;
    const entry = {
      action: "UPDATE" as const,
      entity: { kind, id },
      before: { ...before, version },
      after: { ...after, version: next },
      reason,
    };
    return {
      body: view({ ...data, ...whole }),
      isStep: isStep === true,
      outcome: {
        writes: [update(read, whole), ...writes],
        emits,
        audit: [entry, ...audit],
      },
    };
  };
  const current = async () => ({ version: (await find()).data.version });
  return carryOut(c, { decide, current }, deps);
}

/** The refusal of a change based on a version that is no longer current. */
function versionConflict({ version }: Versioned): Refusal {
  const detail = `Its version is now ${version}.`;
  return new Refusal(409, detail, { current: { version } });
}

/** Refuses a request that changes nothing. */
export function assertChanges(values: object): void {
  if (Object.values(values).every((value) => value === undefined))
    throw badField("body", "must contain at least one field to change");
}
