import * as at from "../domain/collections.ts";
import { PermanentError } from "../domain/kernel/errors.ts";
import { TenantId } from "../domain/kernel/ids.ts";
import { Message } from "../domain/messages/message.ts";
import { TopicName, topics } from "../domain/messages/topics.ts";
import { asRaw, type Raw } from "../domain/messages/unreadable.ts";
import {
  decideParking,
  type ParkingPatch,
} from "../domain/messages/unreadableMessage.ts";
import { commitOutcome } from "./commit.ts";
import type { AnyStage, Outcome } from "../ports/stage.ts";
import type { Deps } from "../ports/deps.ts";
import { type Read, update, type Write } from "../ports/store.ts";
import { toErrorMessage } from "./fail.ts";

/**
 * The result for a message that could not be read; `not-mine`: somebody else changed it meanwhile, or it can be read
 * by now.
 */
export type Parked = "parked" | "ended" | "early" | "not-mine" | "unknown";

/** How many messages of unknown state, and how many open ones, one tick examines. */
const perTick = { strange: 100, open: 50 } as const;

type Needs = Pick<Deps, "store" | "clock" | "log">;
type Commit = (parking: Write, raw: Raw) => Promise<"committed" | "conflict">;

/**
 * Parks a message that cannot be read, so that a person sees it and replays it once a release can read it; changes
 * nothing else in it.
 */
export async function parkUnreadable(
  path: string,
  deps: Needs,
  commit: Commit = async (parking) =>
    (await deps.store.commit([parking], deps.clock.now())).kind,
): Promise<Parked> {
  const read: Read<Raw> | null = await deps.store.read(asRaw({ path }));
  if (read === null) return "unknown";
  const parking = decideParking(read.data, deps.clock.now());
  if (parking.kind === "readable") return "not-mine";
  if (parking.kind !== "park") return parking.kind;
  const done = await inFewerWords(parking.patch, async (patch) =>
    commit(update(read, patch), read.data),
  );
  if (done === "conflict") return "not-mine";
  const { code, message } = parking.patch.error;
  deps.log.write("ERROR", "parked", { path, code, message });
  return "parked";
}

/** Parks one when the clock meets it; a failure is logged and delays nothing else. */
export async function tryToPark(path: string, deps: Needs): Promise<void> {
  try {
    await parkUnreadable(path, deps);
  } catch (error) {
    deps.log.write("ERROR", "an unreadable message could not be parked", {
      path,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Commits the patch, or, where the document has no room for it, a minimal version. */
async function inFewerWords(
  patch: ParkingPatch,
  commit: (patch: Partial<ParkingPatch>) => Promise<"committed" | "conflict">,
): Promise<"committed" | "conflict"> {
  const { state, lease, error } = patch;
  const wordless = { state, lease, error: { ...error, message: "" } };
  let refusal: unknown;
  for (const words of [patch, wordless, { state }]) {
    try {
      return await commit(words);
    } catch (cause) {
      if (!(cause instanceof PermanentError)) throw cause;
      refusal = cause;
    }
  }
  throw refusal;
}

/** The same, together with what parking means for the documents of its topic, where topic and payload can be read. */
export async function parkWithMeaning(
  path: string,
  stageFor: (topic: AnyStage["topic"]) => AnyStage,
  deps: Deps,
): Promise<Parked> {
  return parkUnreadable(path, deps, async (parking, raw) => {
    const tenantId = TenantId.parse(path.split("/")[1]);
    const origin = { traceId: deps.chance.id(), runId: null, causedBy: null };
    const author = { tenantId, actor: "system:unreadable", origin };
    const park = async (meaning: Outcome) =>
      (await commitOutcome({ outcome: meaning, own: [parking] }, author, deps))
        .kind;
    try {
      return await park(await parkedOutcome(tenantId, raw, { stageFor, deps }));
    } catch (error) {
      deps.log.write("ERROR", "the effects of parking could not be written", {
        path,
        error: toErrorMessage(error, deps),
      });
      return park({});
    }
  });
}

/**
 * Parks the unreadable messages that no sweep finds: those whose state this release does not know, and open ones
 * without a shard or a ring time. Costs four reads if there are none and nothing is open. Returns how far it scanned
 * the open ones, so that the next tick continues from there.
 */
export async function parkWhatNoSweepFinds(
  until: Date,
  deps: Needs,
): Promise<string | null> {
  const messages = { collection: asRaw({ path: "messages" }), group: true };
  for (const condition of [
    ["state", "not-in", Message.shape.state.options],
    ["state", "==", null],
  ] as const) {
    const limit = perTick.strange;
    const found = await deps.store.query({
      ...messages,
      where: [condition],
      limit,
    });
    await parkThose(found, until, deps);
  }
  const [last] = await deps.store.readAll([at.heartbeat], "leave-out");
  const place = last?.data.readThrough ?? null;
  const after = place !== null && isDocumentPath(place) ? place : null;
  const open = await deps.store.query({
    ...messages,
    where: [["state", "==", "open"]],
    orderBy: [["__name__", "asc"]],
    limit: perTick.open,
    ...(after === null ? {} : { startAfter: [after] }),
  });
  await parkThose(
    open.filter(({ data }) => !Message.safeParse(data).success),
    until,
    deps,
  );
  return open.length < perTick.open ? null : (open.at(-1)?.ref.path ?? null);
}

/** Whether the database accepts a text as a document path (Firestore, Usage and limits: constraints on ids). */
function isDocumentPath(path: string): boolean {
  const parts = path.split("/");
  const isId = (part: string) =>
    !/^(?:|\.\.?|__.*__)$/s.test(part) && Buffer.byteLength(part) <= 1_500;
  return (
    parts.length % 2 === 0 &&
    Buffer.byteLength(path) <= 6_144 &&
    parts.every(isId)
  );
}

async function parkThose(
  found: readonly Read<Raw>[],
  until: Date,
  deps: Needs,
): Promise<void> {
  for (const { ref } of found) {
    if (deps.clock.now() >= until) return;
    await tryToPark(ref.path, deps);
  }
}

async function parkedOutcome(
  tenantId: TenantId,
  raw: Raw,
  {
    stageFor,
    deps,
  }: {
    readonly stageFor: (topic: AnyStage["topic"]) => AnyStage;
    readonly deps: Deps;
  },
): Promise<Outcome> {
  const topic = TopicName.safeParse(raw["topic"]);
  if (!topic.success) return {};
  const payload = topics[topic.data].payload.safeParse(raw["payload"]);
  const { whenParked } = stageFor(topic.data);
  if (whenParked === undefined || !payload.success) return {};
  const error = {
    code: "unreadable",
    message: "The message for this work cannot be read.",
  };
  return whenParked({ tenantId, payload: payload.data, error }, deps);
}
