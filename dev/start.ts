import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { monitor, signIn } from "./api.ts";
import { demoPassword, demoPeople } from "./demoPeople.ts";
import { demoAccounts } from "./demoTenant.ts";
import { readEnvironment } from "./environment.ts";
import { cacheFolder } from "./places.ts";
import { portsFrom } from "./ports.ts";
import { type Progress, watchProgress } from "./progress.ts";
import { startSuite, type Suite } from "./suite.ts";
import { type Waited, waitForCards } from "./waitForCards.ts";

const startedAt = Date.now();
const interrupted = new AbortController();

function print(line: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${line}`);
}

/** Starts everything, shows what happens and where to look, and stays until Ctrl-C. */
async function main(): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupted.abort();
    });
  }
  const suite = await start();
  if (suite === null) return interrupted.signal.aborted ? 0 : 1;
  const progress = watchProgress(suite, print);
  const ended = suite.ended.then((lines) => ({ lines }));
  const interruption = new Promise<null>((resolve) => {
    interrupted.signal.addEventListener("abort", () => {
      resolve(null);
    });
    if (interrupted.signal.aborted) resolve(null);
  });
  show(suite, progress).catch((error: unknown) => {
    print(toMessage(error));
  });
  const death = await Promise.race([ended, interruption]);
  if (death === null) print("Stopping ...");
  else print(`The emulators ended by themselves:\n${death.lines.join("\n")}`);
  await progress.close();
  await suite.stop();
  print("Everything that was started has ended.");
  return death === null ? 0 : 1;
}

async function start(): Promise<Suite | null> {
  try {
    const env = await readEnvironment();
    const suite = await startSuite({
      projectId: "demo-clientpulse",
      ports: portsFrom(env),
      folder: join(cacheFolder, "start"),
      env,
      demo: "imported",
      tickMs: 3_000,
      unwanted: interrupted.signal,
      onPhase: (phase, ms) => {
        print(`${phase} in ${(ms / 1000).toFixed(1)} s`);
      },
    });
    print(suite.origin);
    return suite;
  } catch (error) {
    console.error(toMessage(error));
    return null;
  }
}

function toMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const because = error.cause instanceof Error ? error.cause.message : "";
  return because === "" ? error.message : `${error.message} (${because})`;
}

async function show(suite: Suite, progress: Progress): Promise<void> {
  await lookAtSources(suite).catch((error: unknown) => {
    print(`${toMessage(error)}; the clock will look at the sources`);
  });
  const waited = await waitForCards(progress, {
    pause: () => delay(1_000),
    say: print,
    isInterrupted: () => interrupted.signal.aborted,
  });
  if (waited === "interrupted") return;
  const token = await signIn(suite, demoPeople.lead).catch(() => null);
  console.log(whereToLook(suite, { progress, waited, token }));
}

async function lookAtSources(suite: Suite): Promise<void> {
  const token = await signIn(suite, demoPeople.lead);
  const ids = Object.entries(demoAccounts)
    .filter(([, { onlyWhenAsked }]) => suite.allSources || !onlyWhenAsked)
    .map(([id]) => id);
  print(`Looking at the sources of ${ids.join(", ")} ...`);
  for (const id of ids) {
    await monitor(suite, token, id).catch((error: unknown) => {
      print(`${id}: ${toMessage(error)}; the clock will look at it`);
    });
  }
}

interface Outcome {
  readonly progress: Progress;
  readonly waited: Exclude<Waited, "interrupted">;
  /** Null where nobody could sign in. */
  readonly token: string | null;
}

function whereToLook(suite: Suite, outcome: Outcome): string {
  const people = Object.values(demoPeople).map(
    ({ email, role, isLead }) =>
      `  ${email.padEnd(20)} ${role}${isLead ? " (lead)" : ""}`,
  );
  return [
    "",
    "Where to look",
    `  console              ${suite.apiUrl}`,
    `  API                  ${suite.apiUrl}/docs, its inbox at ${suite.apiUrl}/api/v1/inbox`,
    `  health               ${suite.apiUrl}/health, ${suite.apiUrl}/health/detailed`,
    "                       (all but /health with a token, as the curl line below has one)",
    ...(suite.salesforceUrl === null
      ? []
      : [`  Salesforce's ledger  ${suite.salesforceUrl}/__ledger`]),
    ...(suite.hubspotUrl === null
      ? []
      : [`  HubSpot's ledger     ${suite.hubspotUrl}/__ledger`]),
    `  sign-in links        http://${suite.authHost}/emulator/v1/projects/${suite.projectId}/oobCodes (no mail is sent here)`,
    `  log                  ${suite.logFile}`,
    "",
    `Who to sign in as (one click in the console; password ${demoPassword})`,
    ...people,
    "",
    ...approval(suite, outcome),
    ...whatIsParked(suite, outcome.progress),
    "",
    "What stands in for what",
    ...standIns(suite).map((line) => `  ${line}`),
    "",
    "Ctrl-C stops all of it.",
    "",
    `The console: ${suite.apiUrl}`,
  ].join("\n");
}

/** The line that approves the best card, or why there is none. */
function approval(
  suite: Suite,
  { progress, waited, token }: Outcome,
): readonly string[] {
  const best = progress.cards().find(({ status }) => status === "in_review");
  if (best === undefined) {
    const why =
      waited === "stuck"
        ? `${progress.underWay()} pieces of work are under way, and none has ended for five minutes`
        : "all work has ended, and no card is in review";
    return [
      "There is no card to approve",
      `  ${why}: the log and the console's Operations say more.`,
    ];
  }
  return [
    `Approve the best card by hand, "${best.title}" (${best.score.toFixed(1)})`,
    `curl -sS -X POST ${suite.apiUrl}/api/v1/opportunities/${best.id}/approve -H 'Authorization: Bearer ${token ?? "<token>"}' -H 'Content-Type: application/json' -d '{"version":${best.version}}'`,
    "  It can be withdrawn for ten seconds; then the task is written to both CRMs. The token in it holds for an hour.",
  ];
}

function whatIsParked(suite: Suite, progress: Progress): readonly string[] {
  const parked = progress.parked();
  if (parked.length === 0) return [];
  return [
    "",
    `Parked, to be looked at in ${suite.apiUrl}/t/${suite.tenantId}/operations`,
    ...parked.map((line) => `  ${line}`),
  ];
}

function standIns(suite: Suite): readonly string[] {
  return [
    "Firestore, Pub/Sub, Cloud Tasks, Auth, Hosting and Functions: the Firebase emulators.",
    "Cloud Scheduler: a tick every 3 s, where the cloud ticks each minute.",
    suite.replayUrl === null
      ? "Sources: the real ones (SOURCES=live)."
      : `SEC, news feeds and job boards: recorded responses${suite.allSources ? "" : ", those that the repository brings along"}, replayed at ${suite.replayUrl}.`,
    suite.salesforceUrl === null
      ? "Salesforce: the real one."
      : `Salesforce: a local server with the part of its API that we use, ${suite.salesforceUrl}.`,
    suite.hubspotUrl === null
      ? "HubSpot: the real one."
      : `HubSpot: a local server with the part of its API that we use, ${suite.hubspotUrl}.`,
    suite.embeddings === ""
      ? "Embeddings: hashed words and character n-grams."
      : `Embeddings: ${suite.embeddings}, by your key.`,
    suite.qdrantUrl === ""
      ? "Vector index: Firestore."
      : `Vector index: Qdrant at ${suite.qdrantUrl}.`,
    suite.claude
      ? "Card writer: Claude, by your key."
      : "Card writer: sentences of the evidence itself (extractive).",
  ];
}

process.exit(await main());
