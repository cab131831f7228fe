import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import {
  vendorSecretNames,
  vendorSettingNames,
} from "../functions/src/config.ts";
import { demoTenantId, demoWebhookSecrets } from "./demoPeople.ts";
import { type Emulators, startEmulators } from "./emulators.ts";
import { layOut, type Settings } from "./functionsFolder.ts";
import { emulatorData, recordingsDir } from "./places.ts";
import { assertFree, type Ports } from "./ports.ts";
import { hubspotDefaults, startHubspot } from "./standins/hubspot.ts";
import { startReplay } from "./standins/replay.ts";
import { salesforceDefaults, startSalesforce } from "./standins/salesforce.ts";
import type { SuiteFacts } from "./suiteFacts.ts";
import { writeDemo } from "./writeDemo.ts";

/** What to start. `env` holds the person's settings, those of .env.example. */
export interface SuiteOptions {
  readonly projectId: string;
  readonly ports: Ports;
  /** For logs, the bundled functions and their secrets. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What is deployed; the functions of the product where absent. */
  readonly entry?: string;
  /** How the demo tenant comes in. What is imported shows in every project of the emulator, and tests have one each: there it is written. */
  readonly demo: "imported" | "written";
  /** How often the clock ticks, which in the cloud it does each minute. */
  readonly tickMs: number;
  /** Told of each phase as it ends, and how long it took. */
  readonly onPhase: (phase: string, ms: number) => void;
  /** Gives up a start that is no longer wanted. */
  readonly unwanted: AbortSignal;
}

/** A running ClientPulse: emulators, functions, stand-ins and clock. */
export interface Suite extends SuiteFacts {
  /** Whether every account of the demo tenant has something to be found: live sources, or all recordings. */
  readonly allSources: boolean;
  /** Whether cards are written by Claude, and not by the extractive writer. */
  readonly claude: boolean;
  /** The hosted model that texts are embedded with; "" for hashed n-grams. */
  readonly embeddings: string;
  /** Where the vector index is; "" for Firestore. */
  readonly qdrantUrl: string;
  readonly origin: string;
  /** Resolves when the emulators have ended, with their last lines. */
  readonly ended: Promise<readonly string[]>;
  /** Ends everything that startSuite started, and nothing else. */
  readonly stop: () => Promise<void>;
}

const Sources = z.enum(["replay", "live"]);
type Sources = z.infer<typeof Sources>;

const region = "europe-west1";
const emulated = [
  "hosting",
  "functions",
  "firestore",
  "auth",
  "pubsub",
  "tasks",
];

interface StandIn {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts everything and resolves once all of it answers; on a failure nothing is left running. */
export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const { ports, env } = options;
  await assertFree(ports);
  const sources = Sources.parse(env["SOURCES"] || "replay");
  const standIns = await startStandIns(sources, ports, env);
  const { replay, salesforce, hubspot } = standIns;
  const running = [replay, salesforce, hubspot].filter(
    (standIn) => standIn !== null,
  );
  const closeAll = async () => {
    await Promise.all(running.map((standIn) => standIn.close()));
  };
  try {
    const settings = toSettings(sources, standIns, options);
    const emulators = await startFunctions(options, settings);
    const stopClock = startClock(options);
    return {
      ...toFacts(options, standIns, emulators),
      allSources: sources === "live" || recordingsDir(env) !== null,
      claude: settings.plain["CARD_WRITER"] === "claude",
      embeddings: settings.plain["EMBEDDINGS_MODEL"] ?? "",
      qdrantUrl: settings.plain["QDRANT_URL"] ?? "",
      origin: emulators.origin,
      ended: emulators.ended,
      stop: async () => {
        stopClock();
        await emulators.stop();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface StandIns {
  readonly replay: StandIn | null;
  readonly salesforce: StandIn | null;
  readonly hubspot: StandIn | null;
}

/** A vendor whose key the person gave is the real one; the others are stood in for. */
async function startStandIns(
  sources: Sources,
  ports: Ports,
  env: NodeJS.ProcessEnv,
): Promise<StandIns> {
  const recordings = recordingsDir(env);
  const [replay, salesforce, hubspot] = await Promise.all([
    sources === "live"
      ? null
      : startReplay({ port: ports.replay, recordingsDir: recordings }),
    env["SALESFORCE_CLIENT_ID"]
      ? null
      : startSalesforce({ port: ports.salesforce }),
    env["HUBSPOT_ACCESS_TOKEN"] ? null : startHubspot({ port: ports.hubspot }),
  ]);
  return { replay, salesforce, hubspot };
}

/** What the functions are told: the person's settings, and where the stand-ins are. */
function toSettings(
  sources: Sources,
  standIns: StandIns,
  { env, ports }: SuiteOptions,
): Settings {
  const { replay, salesforce, hubspot } = standIns;
  const setOr = (name: string, otherwise = "") => env[name] || otherwise;
  return {
    plain: {
      ...Object.fromEntries(
        vendorSettingNames.map((name) => [name, setOr(name)]),
      ),
      SOURCES: sources,
      REPLAY_URL: replay?.url ?? "",
      SEC_CONTACT: setOr("SEC_CONTACT", "demo@demo.example"),
      SALESFORCE_INSTANCE_URL:
        salesforce?.url ?? setOr("SALESFORCE_INSTANCE_URL"),
      SALESFORCE_LOGIN_URL: salesforce?.url ?? setOr("SALESFORCE_LOGIN_URL"),
      SALESFORCE_CLIENT_ID: setOr(
        "SALESFORCE_CLIENT_ID",
        salesforceDefaults.clientId,
      ),
      HUBSPOT_API_VERSION: setOr("HUBSPOT_API_VERSION", "2026-09"),
      HUBSPOT_BASE_URL: hubspot?.url ?? setOr("HUBSPOT_BASE_URL"),
      CARD_WRITER: env["ANTHROPIC_API_KEY"] ? "claude" : "extractive",
      CLASSIFIER: env["ANTHROPIC_API_KEY"] ? setOr("CLASSIFIER") : "rules",
      EMBEDDINGS_MODEL: env["EMBEDDINGS_API_KEY"]
        ? setOr("EMBEDDINGS_MODEL", "gemini-embedding-001")
        : "",
      CORS_ORIGINS: setOr("CORS_ORIGINS"),
      PUBLIC_URL: setOr("PUBLIC_URL", `http://127.0.0.1:${ports.hosting}`),
      API_READS_PER_MINUTE: setOr("API_READS_PER_MINUTE"),
      API_COMMANDS_PER_MINUTE: setOr("API_COMMANDS_PER_MINUTE"),
    },
    secret: {
      // A blank one counts as none; one that is missing the emulator would look for elsewhere.
      ...Object.fromEntries(
        vendorSecretNames.map((name) => [name, setOr(name, " ")]),
      ),
      SALESFORCE_CLIENT_SECRET: setOr(
        "SALESFORCE_CLIENT_SECRET",
        salesforceDefaults.clientSecret,
      ),
      HUBSPOT_ACCESS_TOKEN: setOr(
        "HUBSPOT_ACCESS_TOKEN",
        hubspotDefaults.accessToken,
      ),
      SOURCE_KEYS: setOr("SOURCE_KEYS", " "),
      WEBHOOK_SECRETS: setOr(
        "WEBHOOK_SECRETS",
        JSON.stringify({ [demoTenantId]: demoWebhookSecrets }),
      ),
    },
  };
}

async function startFunctions(
  options: SuiteOptions,
  settings: Settings,
): Promise<Emulators> {
  const { folder, ports, onPhase } = options;
  const building = performance.now();
  await layOut(options, settings, options.entry);
  onPhase("functions and console built", performance.now() - building);
  const starting = performance.now();
  const emulators = await startEmulators({
    projectId: options.projectId,
    folder,
    only: emulated,
    importFrom: options.demo === "imported" ? emulatorData : null,
    exportTo: null,
    unwanted: options.unwanted,
    env: options.env,
  });
  if (options.demo === "written") await writeDemo(options.projectId, ports);
  onPhase("emulators started", performance.now() - starting);
  return emulators;
}

/** Does what Cloud Scheduler would: the functions emulator never runs a schedule by itself. */
function startClock(options: SuiteOptions): () => void {
  const { ports, projectId, tickMs } = options;
  const stopped = new AbortController();
  const url = `http://127.0.0.1:${ports.functions}/${projectId}/${region}/tick-0`;
  void (async () => {
    while (!stopped.signal.aborted) {
      // One that fails is made good by the next; what it says is in the suite's log.
      await fetch(url, { method: "POST", signal: stopped.signal })
        .then((answer) => answer.arrayBuffer())
        .catch(() => null);
      await delay(tickMs, undefined, { signal: stopped.signal }).catch(
        () => null,
      );
    }
  })();
  return () => {
    stopped.abort();
  };
}

function toFacts(
  { projectId, ports }: SuiteOptions,
  standIns: StandIns,
  emulators: Emulators,
): SuiteFacts {
  const host = "127.0.0.1";
  return {
    projectId,
    region,
    tenantId: demoTenantId,
    apiUrl: `http://${host}:${ports.hosting}`,
    functionsUrl: `http://${host}:${ports.functions}/${projectId}/${region}`,
    firestoreHost: `${host}:${ports.firestore}`,
    authHost: `${host}:${ports.auth}`,
    pubsubHost: `${host}:${ports.pubsub}`,
    tasksHost: `${host}:${ports.tasks}`,
    replayUrl: standIns.replay?.url ?? null,
    salesforceUrl: standIns.salesforce?.url ?? null,
    hubspotUrl: standIns.hubspot?.url ?? null,
    salesforceWebhookSecret: demoWebhookSecrets.salesforce,
    pid: emulators.pid,
    logFile: emulators.logFile,
  };
}
