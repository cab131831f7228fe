import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { advice, carryOut } from "../../dev/deploy/carryOut.ts";
import { run } from "../../dev/deploy/command.ts";
import type { Discovered } from "../../dev/deploy/discovery.ts";
import { planOf } from "../../dev/deploy/plan.ts";
import { completeSettings, ownerWarnings } from "../../dev/deploy/settings.ts";
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
  return carryOut(planOf(found, target), {
    env: {
      PATH: `${join(folder.path, "bin")}:${process.env["PATH"]}`,
      CLOUD: folder.path,
      SECRETS: [...secrets].join(" "),
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
  expect(after).toContain("site");
  expect((await calls()).filter(isFirst).length).toBeGreaterThan(30);

  const second = await deploy();
  expect(second).toMatchObject({ kind: "done" });
  expect(await made()).toEqual(after);
  const again = await calls();
  expect(again.filter(isFirst)).toEqual([]);
  expect(
    again.filter((line) => line.startsWith("firebase deploy")),
  ).toHaveLength(3);
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
    ownerWarnings(text, found.params).map((line) => line.split(" ")[0]);
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
