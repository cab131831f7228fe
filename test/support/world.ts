import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { hubspot } from "../../functions/src/adapters/crms/hubspot.ts";
import { salesforce } from "../../functions/src/adapters/crms/salesforce.ts";
import { firestorePacer } from "../../functions/src/adapters/firestore/pacer/pacer.ts";
import { firestoreVectors } from "../../functions/src/adapters/firestore/vectors.ts";
import { annotator } from "../../functions/src/adapters/text/entities/annotator.ts";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { extractiveWriter } from "../../functions/src/adapters/writers/extractive.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  decodeHandoff,
  encodeHandoff,
} from "../../functions/src/domain/messages/handoff.ts";
import { MessageId, TenantId } from "../../functions/src/domain/kernel/ids.ts";
import { addMs, minuteMs } from "../../functions/src/domain/kernel/instant.ts";
import { CrmName } from "../../functions/src/domain/crm/activation.ts";
import { toRecord } from "../../functions/src/domain/kernel/records.ts";
import type { Crm } from "../../functions/src/ports/crm.ts";
import {
  type Emission,
  Message,
  newMessage,
} from "../../functions/src/domain/messages/message.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import { crewFor, stageFor } from "../../functions/src/pipeline/index.ts";
import type { AnyStage, Crew } from "../../functions/src/ports/stage.ts";
import type { Deps } from "../../functions/src/ports/deps.ts";
import type { Read, Write } from "../../functions/src/ports/store.ts";
import type { Ring } from "../../functions/src/ports/messaging.ts";
import { decide } from "../../functions/src/pipeline/review/review.ts";
import {
  type Delivered,
  deliver,
} from "../../functions/src/delivery/deliver.ts";
import { withRecentReads } from "../../functions/src/delivery/recentReads.ts";
import { sweepDue } from "../../functions/src/delivery/sweep.ts";
import { sweepEveryMs, tick } from "../../functions/src/delivery/tick.ts";
import { hubspotDefaults, startHubspot } from "../../dev/standins/hubspot.ts";
import {
  salesforceDefaults,
  startSalesforce,
} from "../../dev/standins/salesforce.ts";
import { aUid } from "./builders.ts";
import { type Database, openDatabase } from "./emulator.ts";
import { type Fault, type Point, withFaults } from "./faults.ts";
import { leaseFirst } from "./leaseFirst.ts";
import { seeded } from "./seeded.ts";
import { type VirtualClock, virtualClock } from "./virtualClock.ts";

/** The CRMs that the world has stand-ins for; any other is not connected in it. */
export const connectedCrms = ["salesforce", "hubspot"] as const;

export interface Crms {
  readonly salesforce: Awaited<ReturnType<typeof startSalesforce>>;
  readonly hubspot: Awaited<ReturnType<typeof startHubspot>>;
  readonly close: () => Promise<void>;
}

/** The CRM stand-ins on the wire, with their ledgers. */
export async function startCrms(): Promise<Crms> {
  const [sales, hub] = await Promise.all([
    startSalesforce({ port: 0 }),
    startHubspot({ port: 0 }),
  ]);
  return {
    salesforce: sales,
    hubspot: hub,
    close: async () => void (await Promise.all([sales.close(), hub.close()])),
  };
}

/** How badly the world behaves; shares of 1. */
export interface Weather {
  readonly kill: number;
  readonly cut: number;
  readonly duplicate: number;
  readonly lose: number;
}

/** So many deliveries go on side by side, of 20 to 120 ms each: the clock goes on by a part of that with each. */
const workers = 8;

export const fair: Weather = { kill: 0, cut: 0, duplicate: 0, lose: 0 };

/** One delivery's measurements: from the moment that its message might have been claimed to the claim. */
interface Lag {
  readonly topic: string;
  readonly messageId: string;
  readonly ms: number;
}

/**
 * Everything but the database in one process: a seeded scheduler picks the next delivery, and may double,
 * delay, lose or kill it. The same seed plays the same world.
 */
export interface World {
  readonly deps: Deps;
  readonly database: Database;
  readonly clock: VirtualClock;
  readonly lags: readonly Lag[];
  /** Each delivery so far, in order: what it was of, and what became of it. */
  readonly trail: readonly string[];
  readonly counts: {
    deliveries: number;
    runs: number;
    kills: number;
    cuts: number;
    duplicates: number;
    published: number;
    lost: number;
    ticks: number;
  };
  readonly write: (writes: readonly Write[]) => Promise<void>;
  readonly emit: (tenantId: TenantId, emission: Emission) => Promise<MessageId>;
  /** Runs until nothing is due before the next deadline of a person. */
  readonly settle: (weather: Weather) => Promise<void>;
  readonly deliverOnce: (
    tenantId: TenantId,
    messageId: MessageId,
    plan?: (point: Point) => Fault | null,
  ) => ReturnType<typeof withFaults<Delivered>>;
  readonly tick: () => Promise<void>;
  /** Does what is no delivery, as a process of this name that passes points as well. */
  readonly act: <T, D extends Deps>(
    process: { readonly name: string; readonly deps: D },
    work: (faulty: D) => Promise<T>,
  ) => Promise<T | "killed">;
  /** Is told of every point that a delivery passes, and may name the fault that strikes there. */
  readonly watch: (
    watcher: (topic: string, point: Point) => Fault | null,
  ) => void;
  /** To be called within a delivery: its process dies here. */
  readonly die: () => never;
  /** Puts every ring of the last `ms` before the door once more. */
  readonly replayRings: (ms: number) => void;
  readonly approveAll: (tenantId: TenantId) => Promise<number>;
  readonly messages: () => Promise<
    readonly (Read<Message> & { readonly tenantId: TenantId })[]
  >;
  readonly close: () => Promise<void>;
}

export function openWorld(
  seed: number,
  crms: Crms,
  overrides: Partial<Deps> = {},
  stages: (topic: AnyStage["topic"]) => AnyStage = stageFor,
): World {
  /** The topic of the message that is worked on. */
  let working: AnyStage["topic"] | null = null;
  const faults: string[] = [];
  const guarded = (topic: AnyStage["topic"]): AnyStage => {
    const stage = leaseFirst(stages(topic), (fault) => void faults.push(fault));
    return {
      ...stage,
      run: async (job, carried) => {
        working = topic;
        return stage.run(job, carried);
      },
    };
  };
  const chance = seeded(seed);
  const clock = virtualClock();
  for (const crm of [crms.salesforce, crms.hubspot]) crm.setClock(clock.now);
  const database = openDatabase();
  const embedder = hashedEmbedder();
  const counts = {
    deliveries: 0,
    runs: 0,
    kills: 0,
    cuts: 0,
    duplicates: 0,
    published: 0,
    lost: 0,
    ticks: 0,
  };
  const lags: Lag[] = [];
  /** When the sweeper rings next for each open message. */
  const ringMoments = new Map<string, Date>();
  const trail: string[] = [];
  /** The clock ticks each minute, whoever waits for it or not. */
  let nextTick = clock.now().getTime() + 60_000;
  /** When what is due is swept between two ticks; the tick before the world began asked for some too. */
  let sweeps: readonly Date[] = Array.from(
    { length: minuteMs / sweepEveryMs - 1 },
    (_, n) => addMs(clock.now(), (n + 1) * sweepEveryMs),
  );
  let weather: Weather = fair;
  /** What the clock rings for, while it does. */
  let ticking: Ring[] | null = null;
  let dying = false;
  let watcher: (topic: string, point: Point) => Fault | null = () => null;
  const door: Ring[] = [];
  const later: Ring[] = [];
  const rung: Ring[] = [];
  /** How many points a run of each topic passes, so that a kill can strike at any of them. */
  const pointsByTopic = new Map<string, number>();

  const known = withRecentReads(database.store, clock);
  const deps: Deps = {
    clock,
    chance: {
      id: () =>
        Array.from({ length: 4 }, () =>
          Math.floor(chance() * 2 ** 32).toString(16),
        ).join(""),
      jitter: chance,
    },
    recent: known.recent,
    store: {
      ...known.store,
      commit: async (writes, now) => {
        const claimedAt = clock.now().getTime();
        const done = await known.store.commit(writes, now);
        if (done.kind === "committed")
          for (const write of writes) {
            noteRing(write);
            noteClaim(write, claimedAt);
          }
        return done;
      },
    },
    doorbell: {
      ring: async (rings) => {
        if (ticking !== null) ticking.push(...rings);
        else for (const ring of rings) hear(ring, weather.lose);
      },
      sweepAt: async (moment) => void (sweeps = [...sweeps, moment]),
    },
    connectors: {},
    reader: reader(),
    redactor: redactor(),
    annotator: annotator(),
    classifier: null,
    embedder,
    vectors: firestoreVectors(database.db, embedder),
    writer: extractiveWriter(),
    fallbackWriter: extractiveWriter(),
    crms: {
      ...toRecord(CrmName.options, unconnected),
      salesforce: salesforce({
        instanceUrl: crms.salesforce.url,
        loginUrl: crms.salesforce.url,
        clientId: salesforceDefaults.clientId,
        clientSecret: salesforceDefaults.clientSecret,
      }),
      hubspot: hubspot({
        baseUrl: crms.hubspot.url,
        accessToken: hubspotDefaults.accessToken,
      }),
    },
    crmProvenance: toRecord(CrmName.options, () => "live"),
    crmOwners: {
      ...toRecord(CrmName.options, () => ({ serves: "none" })),
      salesforce: { serves: "every" },
      hubspot: { serves: "every" },
    },
    pacer: firestorePacer(database.db, clock),
    log: { write: () => undefined },
    ...overrides,
  };

  /** A ring is answered with what it carries, as that comes over the wire. */
  const answer = (
    {
      tenantId,
      messageId,
      handoff: carried,
    }: Pick<Ring, "tenantId" | "messageId" | "handoff">,
    crew: Crew,
    plan: (point: Point) => Fault | null,
  ) => {
    const text = carried === undefined ? null : encodeHandoff(carried);
    const handoff = text === null ? null : decodeHandoff(text);
    const wanted = { tenantId, messageId, ...(handoff && { handoff }) };
    return withFaults({ deps, clock, plan }, (faulty) =>
      deliver(wanted, crew, faulty),
    );
  };
  const deliverOnce: World["deliverOnce"] = (
    tenantId,
    messageId,
    plan = () => null,
  ) => answer({ tenantId, messageId }, { stageFor: guarded }, plan);

  const world: World = {
    deps,
    database,
    clock,
    lags,
    trail,
    counts,
    deliverOnce,
    act: async ({ name, deps: own }, work) => {
      const plan = (point: Point) => watcher(name, point);
      return (await withFaults({ deps: own, clock, plan }, work)).result;
    },
    watch: (told) => (watcher = told),
    die: () => {
      dying = true;
      throw new Error("This process is dead; what it throws reaches nobody.");
    },
    write: async (writes) => {
      for (let i = 0; i < writes.length; i += 200) {
        const committed = await known.store.commit(
          writes.slice(i, i + 200),
          clock.now(),
        );
        if (committed.kind === "conflict")
          throw new Error(
            "The world could not be set up: something exists already.",
          );
      }
    },
    emit: async (tenantId, emission) => {
      const origin = { traceId: deps.chance.id(), runId: null, causedBy: null };
      await commitOutcome(
        { outcome: { emits: [emission] } },
        { tenantId, actor: "anna", origin },
        deps,
      );
      return newMessage(emission, origin, clock.now()).id;
    },
    tick: async () => {
      counts.ticks++;
      await ringing(() => tick(deps));
    },
    replayRings: (ms) =>
      door.push(
        ...rung.filter(
          ({ at: moment }) => moment.getTime() >= clock.now().getTime() - ms,
        ),
      ),
    settle: async (now) => {
      weather = now;
      for (;;) {
        const due = later.filter(({ at: moment }) => moment <= clock.now());
        for (const ring of due)
          door.push(...later.splice(later.indexOf(ring), 1));
        if (clock.now().getTime() >= nextTick) {
          await world.tick();
          nextTick +=
            60_000 * Math.ceil((clock.now().getTime() - nextTick + 1) / 60_000);
        }
        if (sweeps.some((moment) => clock.now() >= moment)) {
          sweeps = sweeps.filter((moment) => moment > clock.now());
          if (isAnyDue())
            await ringing(() => sweepDue(addMs(clock.now(), 10_000), deps));
        }
        const ring = door.splice(Math.floor(chance() * door.length), 1)[0];
        if (ring !== undefined) {
          await visit(ring);
          continue;
        }
        // Nobody is at the door: on to whatever comes first.
        if (later.length === 0 && !(await isWorkLeft())) return;
        const moments = [
          nextTick,
          ...sweeps.map((moment) => moment.getTime()),
          ...later.map(({ at: moment }) => moment.getTime()),
        ];
        clock.advance(
          Math.max(1, Math.min(...moments) - clock.now().getTime()),
        );
      }
    },
    approveAll: async (tenantId) => {
      let approved = 0;
      for (;;) {
        const waiting = await database.store.query({
          collection: at.opportunities(tenantId),
          where: [["state.status", "==", "in_review"]],
          limit: 50,
        });
        if (waiting.length === 0) return approved;
        for (const read of waiting) {
          const decided = decide(
            { tenantId, read },
            { kind: "approve", by: aUid("anna") },
            clock.now(),
          );
          if (!decided.ok) throw new Error(decided.why);
          const origin = {
            traceId: read.data.traceId,
            runId: null,
            causedBy: null,
          };
          const committed = await commitOutcome(
            { outcome: decided.outcome },
            { tenantId, actor: "anna", origin },
            deps,
          );
          if (committed.kind === "committed") approved++;
        }
      }
    },
    messages: async () => {
      const all = await database.db.collectionGroup("messages").get();
      const refs = all.docs.map((document) => document.ref.path.split("/"));
      return Promise.all(
        refs.map(async (path) => {
          const tenantId = TenantId.parse(path[1]);
          const read = await database.store.read(
            at.message(tenantId, MessageId.parse(path[3])),
          );
          if (read === null) throw new Error(`${path.join("/")} went away.`);
          return { ...read, tenantId };
        }),
      );
    },
    close: () => database.close(),
  };
  return world;

  /** Whether a sweep would find anything: without indexes the emulator takes long to say that it would not. */
  function isAnyDue(): boolean {
    const now = clock.now();
    return [...ringMoments.values()].some((moment) => moment <= now);
  }

  function noteRing(write: Write): void {
    const { path } = write.ref;
    if (!/\/messages\/[^/]+$/u.test(path)) return;
    const { data } = Message.partial().safeParse(write.data);
    if (data?.state !== "open" || data.ringAt === undefined)
      ringMoments.delete(path);
    else ringMoments.set(path, data.ringAt);
  }

  /** A first start claims nothing: it ends at the moment of the clock at which it began. */
  function noteClaim(write: Write, claimedAt: number): void {
    const message = Message.safeParse(write.data);
    if (write.kind !== "update" || message.data === undefined) return;
    const { starts, attempts, state } = message.data;
    const isClaim = write.fields.includes("starts") && starts === 1;
    const isFirstStart = state === "done" && starts + attempts === 0;
    if (!isClaim && !isFirstStart) return;
    const { topic, runAt, createdAt } = message.data;
    lags.push({
      topic,
      messageId: write.ref.path,
      ms: claimedAt - Math.max(runAt.getTime(), createdAt.getTime()),
    });
  }

  /** Hears what the clock rings for; its shards answer in any order, and the seed must not depend on it. */
  async function ringing(work: () => Promise<unknown>): Promise<void> {
    const rings: Ring[] = [];
    ticking = rings;
    await work();
    ticking = null;
    rings.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
    // While one ring waits at the door, a second does what a duplicate does, of which the weather has enough.
    const waiting = new Set(door.map(nameOf));
    for (const ring of rings) if (!waiting.has(nameOf(ring))) hear(ring, 0);
  }

  /** A ring reaches the door at its moment, unless it is lost on the way. */
  function hear(ring: Ring, loss: number): void {
    const now = clock.now();
    rung.push({ ...ring, at: ring.at > now ? ring.at : now });
    const { handoff: _, ...bare } = ring;
    if (ring.at > now) later.push(bare);
    else {
      if (loss > 0) counts.published++;
      if (chance() < loss) counts.lost++;
      else door.push(ring);
    }
  }

  async function visit(ring: Ring): Promise<void> {
    counts.deliveries++;
    if (chance() < weather.duplicate) {
      counts.duplicates++;
      door.push(ring);
    }
    const killAt =
      chance() < weather.kill
        ? Math.floor(chance() * (pointsByTopic.get(ring.topic) ?? 10))
        : -1;
    let passed = -1;
    const crew = { ...crewFor(ring.topic), stageFor: guarded };
    working = ring.topic;
    const { struck, points, result } = await answer(ring, crew, (point) => {
      if (dying) {
        dying = false;
        return "kill";
      }
      const asked = watcher(working ?? ring.topic, point);
      if (asked !== null) return asked;
      passed++;
      if (passed === killAt) return "kill";
      const effect =
        point.endsWith(":after") &&
        /^(?:store\.commit|crms|vectors\.upsert)/.test(point);
      return effect && chance() < weather.cut ? "cut" : null;
    });
    if (result === "unreached" && struck === null)
      throw new Error(`${ring.messageId} failed without a fault.`);
    trail.push(
      [ring.tenantId, ring.messageId, result, struck?.fault ?? ""].join(" "),
    );
    if (struck?.fault === "kill") counts.kills++;
    if (struck?.fault === "cut") counts.cuts++;
    if (points.length > 4) counts.runs++;
    if (result === "done") pointsByTopic.set(ring.topic, points.length);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    clock.advance(Math.ceil((20 + chance() * 100) / workers));
  }

  /** Whether a message that waits for no person's moment is open, or a signal lies unfolded. */
  async function isWorkLeft(): Promise<boolean> {
    const open = await database.db
      .collectionGroup("messages")
      .where("state", "==", "open")
      .where("topic", "not-in", ["review-deadline", "snooze-end"])
      .limit(1)
      .get();
    if (!open.empty) return true;
    const lying = await database.db
      .collectionGroup("signals")
      .where("unfoldedAt", ">", new Date(0))
      .limit(1)
      .get();
    return !lying.empty;
  }
}

/** A CRM that this world has no stand-in for. */
function unconnected(name: CrmName): Crm {
  const none = new Error(`No ${name} is connected in this world.`);
  return { name, pace: null, upsertTask: () => Promise.reject(none) };
}

function nameOf({ tenantId, messageId }: Ring): string {
  return `${tenantId}/${messageId}`;
}

/** The value below which `share` of the numbers lie. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
