import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";
import { advice, carryOut } from "../../dev/deploy/carryOut.ts";
import { run } from "../../dev/deploy/command.ts";
import type { Discovered } from "../../dev/deploy/discovery.ts";
import { toPlan } from "../../dev/deploy/plan.ts";
import { readConsoleConfig } from "../../dev/deploy/consoleApp.ts";
import {
  completeSettings,
  ownerWarnings,
  settingProblems,
} from "../../dev/deploy/settings.ts";
import { root } from "../../dev/places.ts";
import { aFolder, whatIsFound } from "../support/deploy.ts";

let found: Discovered;
let folder: Awaited<ReturnType<typeof aFolder>>;

beforeAll(async () => {
  found = await whatIsFound();
});

beforeEach(async () => {
  folder = await aFolder();
  const bin = join(folder.path, "bin");
  await mkdir(bin);
  await mkdir(join(folder.path, "made"));
  for (const name of ["gcloud", "firebase", "curl"]) {
    await copyFile(join(root, "test/support/fakeCloud.sh"), join(bin, name));
    await chmod(join(bin, name), 0o755);
  }
});

afterEach(async () => {
  await folder.remove();
});

/** Deploys into the cloud of this test. */
function deploy(more: NodeJS.ProcessEnv = {}) {
  const secrets = new Set(
    found.triggers.flatMap(({ secrets: bound }) => bound),
  );
  const target = { project: "acme-prod", projectNumber: "123456789" };
  return carryOut(toPlan(found, target), {
    env: {
      PATH: `${join(folder.path, "bin")}:${process.env["PATH"]}`,
      CLOUD: folder.path,
      SECRETS: [...secrets].join(" "),
      FUNCTIONS: found.triggers.map(({ name }) => name).join(" "),
      ...more,
    },
    say: () => undefined,
    pause: () => Promise.resolve(),
  });
}

const made = async () => (await readdir(join(folder.path, "made"))).toSorted();

async function calls(): Promise<readonly string[]> {
  const text = await readFile(join(folder.path, "calls"), "utf8");
  await writeFile(join(folder.path, "calls"), "");
  return text.trim().split("\n");
}

const isFirst = (line: string) =>
  / create |databases update|versions add|addfirebase/.test(line);

test("an empty project has everything after one run, and a second run makes nothing anew", async () => {
  const first = await deploy();
  expect(first).toMatchObject({ kind: "done" });
  const after = await made();
  expect(after).toContain("hosted");
  expect(after).toContain("web app");
  expect(after).toContain("sign-in");
  expect(after).toContain("links");
  expect((await calls()).filter(isFirst).length).toBeGreaterThan(30);

  const second = await deploy();
  expect(second).toMatchObject({ kind: "done" });
  expect(await made()).toEqual(after);
  const again = await calls();
  expect(again.filter(isFirst)).toEqual([]);
  expect(
    again.filter((line) => line.startsWith("firebase deploy")),
  ).toHaveLength(4);
});

test.each([
  {
    at: "service-accounts create clientpulse-crm",
    mend: "Service Account Admin",
  },
  {
    at: "secrets versions add HUBSPOT_ACCESS_TOKEN",
    mend: "Secret Manager Admin",
  },
  { at: "firebase deploy --only=functions", mend: "--check" },
  { at: "add-invoker-policy-binding crmWrite", mend: "Cloud Run Admin" },
  {
    at: "schedules create --database=(default) --recurrence=weekly",
    mend: "Datastore Owner",
  },
])(
  "stopped at $at it says what to do, and the next run goes on from there",
  async ({ at, mend }) => {
    const stopped = await deploy({ FAIL_AT: at });
    if (stopped.kind !== "stopped") throw new Error("it did not stop");
    expect(advice(stopped)).toContain("PERMISSION_DENIED: not today");
    expect(advice(stopped)).toContain(mend);
    expect(advice(stopped)).toContain("run the same command again");
    const before = await calls();
    expect(before.at(-1)).toContain(at);

    expect(await deploy()).toMatchObject({ kind: "done" });
    const since = await calls();
    expect(since.some((line) => line.includes(at))).toBe(true);
    const refused = (line: string) => line.includes(at);
    expect(
      since
        .filter(isFirst)
        .filter((line) => before.includes(line) && !refused(line)),
    ).toEqual([]);
  },
);

test("a secret gets the value of the environment at first, a blank where there is none, and is never written over or shown", async () => {
  await deploy({ ANTHROPIC_API_KEY: "sk-first" });
  await deploy({ ANTHROPIC_API_KEY: "sk-second", QDRANT_API_KEY: "late" });
  const kept = (name: string) =>
    readFile(
      join(folder.path, "made", `value of gcloud secrets ${name}`),
      "utf8",
    );
  expect(await kept("ANTHROPIC_API_KEY")).toBe("sk-first");
  expect(await kept("QDRANT_API_KEY")).toBe(" ");
  expect((await calls()).filter((line) => line.includes("sk-"))).toEqual([]);
});

test("a function that this version no longer has is deleted, so that one can be removed and a new version rolled back", async () => {
  expect(await deploy({ FUNCTIONS: "tick api notify crmWrite" })).toMatchObject(
    { kind: "done" },
  );
  expect(await made()).toContain("deployed notify");
  expect(await deploy()).toMatchObject({ kind: "done" });
  expect(await made()).not.toContain("deployed notify");
  expect(await made()).toContain("deployed crmWrite");
});

describe("the console of a fresh project", () => {
  const env = () => ({
    PATH: `${join(folder.path, "bin")}:${process.env["PATH"]}`,
    CLOUD: folder.path,
  });

  test("is told of its own web app, and of no other of the project's", async () => {
    await deploy();
    expect(await readConsoleConfig("acme-prod", env())).toEqual({
      projectId: "acme-prod",
      appId: "1:2:web:3",
      apiKey: "AIza",
      authDomain: "acme-prod.firebaseapp.com",
    });
  });

  test("is not built without one, and the error says how to make it", async () => {
    await writeFile(join(folder.path, "made", "firebase"), "");
    await expect(readConsoleConfig("acme-prod", env())).rejects.toThrow(
      'apps:create WEB "ClientPulse console" --project=acme-prod',
    );
  });
});

test.each([
  ["SOURCES=liev", 'SOURCES must be live or replay, and is "liev".'],
  [
    "CARD_WRITER=Claude",
    'CARD_WRITER must be claude or extractive, and is "Claude".',
  ],
  [
    "MAX_INSTANCES=many",
    'MAX_INSTANCES must be a whole number from 1, and is "many".',
  ],
  [
    "SEC_CONTCAT=ops@acme.example",
    "SEC_CONTCAT is no setting of the functions.",
  ],
  ["HUBSPOT_ACCESS_TOKEN=pat-1", "HUBSPOT_ACCESS_TOKEN is a secret"],
])("a deploy is refused for the setting %s", async (line, says) => {
  const file = join(folder.path, ".env.acme-prod");
  await writeFile(file, `SEC_CONTACT=ops@acme.example\nCLASSIFIER=\n${line}\n`);
  const problems = await settingProblems(file, found.params);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(says);
});

test("the file of settings that a deploy completes is one that it accepts, and git ignores it", async () => {
  const file = join(folder.path, ".env.acme-prod");
  await completeSettings(file, found.params);
  expect(await settingProblems(file, found.params)).toEqual([]);
  for (const name of ["functions/.env.acme-prod", "functions/.secret.local"]) {
    const { code } = await run([
      "git",
      "check-ignore",
      "--quiet",
      "--no-index",
      name,
    ]);
    expect(code, name).toBe(0);
  }
});

test("a program that is not installed is named", async () => {
  const stopped = await deploy({ PATH: join(folder.path, "nothing") });
  if (stopped.kind !== "stopped") throw new Error("it did not stop");
  expect(advice(stopped)).toContain("gcloud is not installed");
});

test("the file of settings is completed by what a deploy that asks nothing wants, and what an operator set stays", async () => {
  const file = join(folder.path, ".env.acme-prod");
  await writeFile(file, 'SEC_CONTACT="ops@acme.example"\nCORS_ORIGINS=');
  const added = await completeSettings(file, found.params);
  expect(added).not.toContain("SEC_CONTACT");
  expect(await completeSettings(file, found.params)).toEqual([]);

  // As firebase-tools reads it.
  const { code, output } = await run([
    process.execPath,
    "-e",
    `const { parseStrict } = require("firebase-tools/lib/functions/env");
     console.log(JSON.stringify(parseStrict(require("fs").readFileSync(process.argv[1], "utf8"))));`,
    file,
  ]);
  expect(code).toBe(0);
  const wanted = found.params.filter(({ type }) => type !== "secret");
  expect(JSON.parse(output)).toEqual({
    ...Object.fromEntries(
      wanted.map(({ name, default: value }) => [name, String(value)]),
    ),
    SEC_CONTACT: "ops@acme.example",
    CORS_ORIGINS: "",
  });
});

test("a CRM's credentials without the tenant that owns them are warned of", () => {
  const of = (text: string) =>
    ownerWarnings(text).map((line) => line.split(" ")[0]);
  expect(of("SALESFORCE_CLIENT_ID=3MVG9\n")).toEqual([
    "SALESFORCE_CLIENT_ID",
    "HUBSPOT_TENANT",
  ]);
  expect(
    of(
      "SALESFORCE_CLIENT_ID=3MVG9\nSALESFORCE_TENANT=acme\nHUBSPOT_TENANT=acme\n",
    ),
  ).toEqual([]);
});
