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
  authorOf,
} from "./context.ts";
import { isOfPersons } from "./personalPaths.ts";
import { badField, Refused } from "./problem.ts";
import { isCommand } from "./rateLimit.ts";

/** What an answer is kept up to: a document ends at 1 MiB. */
const maxKept = 500_000;
/** How soon it is worth asking again for what is under way. */
const retryAfterS = 2;

/**
 * Carries out a command that comes with an Idempotency-Key once: the same person's same request by the same key gets
 * the first answer again (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * What holds against a second effect when a run dies: the answer is kept in the very commit of the effect
 * (`commitAnswered`), on the precondition that nobody has taken the command over since. So either both are there, and
 * the answer is given again, or neither, and the next run carries it out; and a run that was thought dead commits nothing.
 * Commands of several commits, or with an effect outside, are repeatable step by step, as their own comments say.
 */
export function onceByKey(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = isCommand(c) ? keyOf(c) : null;
    if (key === null) return next();
    const ref = commandOf(c, key);
    const fingerprint = await fingerprintOf(c);
    const known = await deps.store.read(ref);
    const now = deps.clock.now();
    const standing = commandState(known?.data ?? null, fingerprint, now);
    if (standing === "another")
      throw new Refused(
        422,
        "This Idempotency-Key came with another request within the last day. Send a new key for a new request.",
      );
    if (standing === "running") throw underWay();
    if (standing === "answered" && known?.data.answer) {
      const { status, body } = known.data.answer;
      return replayed(status, body);
    }
    const data = toStartedCommand(fingerprint, now);
    const done = await deps.store.commit(
      [known === null ? create(ref, data) : update(known, data)],
      now,
    );
    // Somebody else began it in this very moment.
    if (done.kind === "conflict") throw underWay();
    const { stamp } = done;
    const stamps = {
      schemaVersion: 1,
      createdAt: now,
      updatedAt: now,
    } as const;
    const id = ref.path;
    c.set("held", { ref, id, stamp, data: { ...data, ...stamps } });
    await next();
    await keepAnswer(c, deps);
  };
}

/** Where a command is kept: in the tenant that it is given in, or with the person where it is of none. */
function commandOf(c: ApiContext, key: string) {
  const { uid } = c.get("person");
  const id = idFrom(uid, key);
  return isOfPersons(c.req.path)
    ? at.personCommand(uid, id)
    : at.command(c.get("caller").tenantId, id);
}

interface Answered {
  readonly outcome: Outcome;
  /** What whoever sent the command is going to be answered; null where this is but a part of it. */
  readonly answer: { readonly status: number; readonly body: object } | null;
  readonly author?: Author;
  /** Under which the answer is kept where the request is of several commits, each once by itself. */
  readonly part?: Part | null;
}

/** Commits a command, and in the same commit its answer under the request's Idempotency-Key, where it has one. */
export async function commitAnswered(
  c: ApiContext,
  { outcome, answer, author = authorOf(c), part = null }: Answered,
  deps: ApiDeps,
): Promise<Committed> {
  if (part !== null && answer !== null)
    return commitOutcome(
      { outcome, own: [part.keeping(answer)] },
      author,
      deps,
    );
  const held = answer === null ? undefined : c.get("held");
  if (held === undefined || answer === null)
    return commitOutcome({ outcome }, author, deps);
  const { status, body } = answer;
  const kept = update(held, { answer: { status, body: JSON.stringify(body) } });
  const done = await commitOutcome({ outcome, own: [kept] }, author, deps);
  if (done.kind === "committed") c.set("held", undefined);
  return done;
}

/** One commit of a request that comes with an Idempotency-Key and takes several. */
interface Part {
  /** What a run before, which did not live to answer the whole, answered it; null where none got there. */
  readonly answer: KeyedCommand["answer"];
  /** What keeps its answer: the commit that it goes along with is then the only one of this part. */
  readonly keeping: (answer: NonNullable<Answered["answer"]>) => Write;
}

/**
 * The part of that name of the request's command; null where it has no key. Its answer needs no lease: it is
 * there from its effect on, and of two runs that are in it at once, one's commit is refused.
 */
export async function partOf(
  c: ApiContext,
  name: string,
  deps: Pick<ApiDeps, "store" | "clock">,
): Promise<Part | null> {
  const held = c.get("held");
  if (held === undefined) return null;
  const { tenantId } = c.get("caller");
  const ref = at.command(tenantId, idFrom("part", held.ref.path, name));
  const known = await deps.store.read(ref);
  const { fingerprint, leaseUntil, expiresAt } = held.data;
  const now = deps.clock.now();
  const standing = commandState(known?.data ?? null, fingerprint, now);
  return {
    answer: standing === "answered" ? (known?.data.answer ?? null) : null,
    keeping: ({ status, body }) => {
      const answer = { status, body: JSON.stringify(body) };
      const data = { fingerprint, leaseUntil, expiresAt, answer };
      return known === null ? create(ref, data) : update(known, data);
    },
  };
}

/**
 * Keeps the answer of a command that has committed none with its effect: it had none, or can be repeated.
 * Without an answer that is to last it is let go, for the next try to begin at once.
 */
async function keepAnswer(c: ApiContext, deps: ApiDeps): Promise<void> {
  const held = c.get("held");
  if (held === undefined) return;
  const { status } = c.res;
  const body = await c.res.clone().text();
  const lasts = status < 500 && status !== 429 && body.length <= maxKept;
  const now = deps.clock.now();
  const patch = lasts ? { answer: { status, body } } : { leaseUntil: now };
  try {
    // A conflict: the effect was committed with its answer after all, or another run has taken over.
    await deps.store.commit([update(held, patch)], now);
  } catch (error) {
    deps.log.write("WARNING", "an answer could not be kept for its key", {
      traceId: c.get("requestId"),
      error: String(error),
    });
  }
}

function underWay(): Refused {
  return new Refused(
    409,
    "The first request with this Idempotency-Key is still under way. Send the same again in a moment for its answer.",
    { retryAfterS },
  );
}

function replayed(status: number, body: string): Response {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(body, {
    status,
    headers: { "Content-Type": type, "Idempotency-Replayed": "true" },
  });
}

/** The key, with or without the quotes of a structured field; null where there is none. */
function keyOf(c: ApiContext): string | null {
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

async function fingerprintOf(c: ApiContext): Promise<string> {
  const { search } = new URL(c.req.url);
  const body = new Uint8Array(await c.req.arrayBuffer());
  const hash = createHash("sha256");
  const asked = [c.req.method, c.req.path, search];
  return hash
    .update(`${asked.join(" ")}\n`)
    .update(body)
    .digest("hex");
}
