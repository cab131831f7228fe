import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import * as at from "../../domain/collections.ts";
import { idFrom } from "../../domain/kernel/hash.ts";
import {
  toStartedCommand,
  type KeyedCommand,
  commandState,
} from "../../domain/requests/keyedCommand.ts";
import { type Author, commitOutcome } from "../../delivery/commit.ts";
import type { Outcome } from "../../ports/stage.ts";
import {
  type Committed,
  create,
  update,
  type Write,
} from "../../ports/store.ts";
import {
  type ApiContext,
  type ApiDeps,
  type ApiEnv,
  requestAuthor,
} from "./context.ts";
import { isPersonalPath } from "./personalPaths.ts";
import { badField, Refusal } from "./problem.ts";
import { isCommand } from "./rateLimit.ts";

/** The longest answer that is kept, in characters: a document ends at 1 MiB. */
const maxKeptCharacters = 500_000;
/** Seconds until it is worth asking again for a command that is still running. */
const retryAfterS = 2;

/**
 * Carries out a command with an Idempotency-Key once: if the same person repeats the same request with the same key, they
 * get the first answer again (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * A crash causes no second effect, because one commit holds both the effect and the answer (`commitAnswered`), on the
 * precondition that no other run has taken over the command. Either both exist and the answer is replayed, or neither
 * does and the next run carries out the command; a run that was presumed dead commits nothing. Commands with several
 * commits, or with an effect outside the database, can be repeated step by step, as their own comments explain.
 */
export function onceByKey(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = isCommand(c) ? parseKey(c) : null;
    if (key === null) return next();
    const ref = commandRef(c, key);
    const fingerprint = await fingerprintRequest(c);
    const stored = await deps.store.read(ref);
    const now = deps.clock.now();
    const state = commandState(stored?.data ?? null, fingerprint, now);
    if (state === "another")
      throw new Refusal(
        422,
        "This Idempotency-Key was used for a different request within the last day. Use a new key for each new request.",
      );
    if (state === "running") throw stillRunning();
    if (state === "answered" && stored?.data.answer) {
      const { status, body } = stored.data.answer;
      return replayAnswer(status, body);
    }
    const data = toStartedCommand(fingerprint, now);
    const commit = await deps.store.commit(
      [stored === null ? create(ref, data) : update(stored, data)],
      now,
    );
    // Another request has just begun the same command.
    if (commit.kind === "conflict") throw stillRunning();
    const { stamp } = commit;
    const stamps = {
      schemaVersion: 1,
      createdAt: now,
      updatedAt: now,
    } as const;
    const id = ref.path;
    c.set("keyed", { ref, id, stamp, data: { ...data, ...stamps } });
    await next();
    await keepAnswer(c, deps);
  };
}

/** Where a command is stored: in its tenant, or with the person on personal routes. */
function commandRef(c: ApiContext, key: string) {
  const { uid } = c.get("person");
  const id = idFrom(uid, key);
  return isPersonalPath(c.req.path)
    ? at.personCommand(uid, id)
    : at.command(c.get("caller").tenantId, id);
}

interface CommandCommit {
  readonly outcome: Outcome;
  /** The body of the command's answer; null where this commit is only one step of it. */
  readonly answer: object | null;
  readonly author?: Author;
  /** Where the answer is kept if the request takes several commits, each carried out once. */
  readonly part?: Part | null;
}

/** Commits a command's outcome and, in the same commit, its answer under the request's Idempotency-Key, if it has one. */
export async function commitAnswered(
  c: ApiContext,
  { outcome, answer, author = requestAuthor(c), part = null }: CommandCommit,
  deps: ApiDeps,
): Promise<Committed> {
  const keyed = c.get("keyed");
  if (answer === null || (part === null && keyed === undefined))
    return commitOutcome({ outcome }, author, deps);
  const kept = { status: c.get("status"), body: JSON.stringify(answer) };
  if (part !== null)
    return commitOutcome({ outcome, own: [part.keeping(kept)] }, author, deps);
  const writes = keyed === undefined ? [] : [update(keyed, { answer: kept })];
  const commit = await commitOutcome({ outcome, own: writes }, author, deps);
  if (commit.kind === "committed") c.set("keyed", undefined);
  return commit;
}

/** One of several commits of a request with an Idempotency-Key. */
export interface Part {
  /** The answer of an earlier run that crashed before it finished the whole request; null if none got this far. */
  readonly answer: KeyedCommand["answer"];
  /** The write that keeps the answer: the commit that includes it can happen only once. */
  readonly keeping: (answer: NonNullable<KeyedCommand["answer"]>) => Write;
}

/**
 * The named part of the request's command; null if the request has no key. A part needs no lease: its answer exists as
 * soon as its effect does, and of two concurrent runs only one can commit.
 */
export async function findPart(
  c: ApiContext,
  name: string,
  deps: Pick<ApiDeps, "store" | "clock">,
): Promise<Part | null> {
  const keyed = c.get("keyed");
  if (keyed === undefined) return null;
  const { tenantId } = c.get("caller");
  const ref = at.command(tenantId, idFrom("part", keyed.ref.path, name));
  const stored = await deps.store.read(ref);
  const { fingerprint, leaseUntil, expiresAt } = keyed.data;
  const now = deps.clock.now();
  const state = commandState(stored?.data ?? null, fingerprint, now);
  return {
    answer: state === "answered" ? (stored?.data.answer ?? null) : null,
    keeping: (answer) => {
      const data = { fingerprint, leaseUntil, expiresAt, answer };
      return stored === null ? create(ref, data) : update(stored, data);
    },
  };
}

/**
 * Keeps the answer of a command that did not commit one with its effect: it had no effect, or can be repeated. An answer
 * that must not last (5xx, 429) is dropped and the lease released, so that the next try can begin at once.
 */
async function keepAnswer(c: ApiContext, deps: ApiDeps): Promise<void> {
  const keyed = c.get("keyed");
  if (keyed === undefined) return;
  const { status } = c.res;
  const body = await c.res.clone().text();
  const lasts =
    status < 500 && status !== 429 && body.length <= maxKeptCharacters;
  const now = deps.clock.now();
  const patch = lasts ? { answer: { status, body } } : { leaseUntil: now };
  try {
    // On a conflict, the effect was committed with its answer after all, or another run has taken over.
    await deps.store.commit([update(keyed, patch)], now);
  } catch (error) {
    deps.log.write("WARNING", "an answer could not be kept for its key", {
      traceId: c.get("requestId"),
      error: String(error),
    });
  }
}

function stillRunning(): Refusal {
  return new Refusal(
    409,
    "The first request with this Idempotency-Key is still running. Send it again in a moment to get its answer.",
    { retryAfterS },
  );
}

function replayAnswer(status: number, body: string): Response {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(body, {
    status,
    headers: { "Content-Type": type, "Idempotency-Replayed": "true" },
  });
}

/** The key, without the quotes of a structured field; null if the header is absent. */
function parseKey(c: ApiContext): string | null {
  const header = c.req.header("Idempotency-Key");
  if (header === undefined) return null;
  const key = /^"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?$/.exec(header)?.[1];
  if (key === undefined)
    throw badField(
      "Idempotency-Key",
      "must be 1 to 255 visible ASCII characters, such as a UUID",
    );
  return key;
}

async function fingerprintRequest(c: ApiContext): Promise<string> {
  const { search } = new URL(c.req.url);
  const body = new Uint8Array(await c.req.arrayBuffer());
  const hash = createHash("sha256");
  const asked = [c.req.method, c.req.path, search];
  return hash
    .update(`${asked.join(" ")}\n`)
    .update(body)
    .digest("hex");
}
