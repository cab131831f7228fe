import { beforeAll, describe, expect, test } from "vitest";
import { accounts } from "../../dev/deploy/accounts.ts";
import { toText } from "../../dev/deploy/carryOut.ts";
import { type Command, run, toShellText } from "../../dev/deploy/command.ts";
import type { Discovered } from "../../dev/deploy/discovery.ts";
import { toPlan } from "../../dev/deploy/plan.ts";
import type { Step } from "../../dev/deploy/step.ts";
import { misunderstood } from "../../dev/deploy/understood.ts";
import { whatIsFound } from "../support/deploy.ts";

const target = { project: "acme-prod", projectNumber: "123456789" };
let found: Discovered;
let steps: readonly Step[];
let lines: readonly string[];

beforeAll(async () => {
  found = await whatIsFound();
  steps = toPlan(found, target);
  lines = steps.map(({ command }) => command.join(" "));
});

/** Where the one command stands that has all of these words. */
function indexOf(...words: readonly string[]): number {
  const at = lines.flatMap((line, i) =>
    words.every((word) => ` ${line} `.includes(` ${word} `)) ? [i] : [],
  );
  expect(at, words.join(" ")).toHaveLength(1);
  return at[0] ?? -1;
}

const member = (id: string) =>
  `--member=serviceAccount:${id}@acme-prod.iam.gserviceaccount.com`;
const functionsDeploy = () => indexOf("firebase deploy", "--only=functions");

describe("the plan", () => {
  test("brings every account, secret, topic and queue that the functions have, before the functions", () => {
    const things = [
      ...accounts.map(({ id }) => ["service-accounts create", id]),
      ...secrets().flatMap((secret) => [
        ["secrets create", secret],
        ["secrets versions add", secret],
      ]),
      ...ofKind("topic").map(({ of }) => ["pubsub topics create", of]),
      ...ofKind("task queue").map(({ name }) => ["tasks queues create", name]),
      ["databases create", "--enable-pitr", "--delete-protection"],
      ["services enable"],
    ];
    expect(things.length).toBeGreaterThan(30);
    for (const thing of things)
      expect(indexOf(...thing)).toBeLessThan(functionsDeploy());
  });

  test("lets each account read the secrets of its functions, and no others", () => {
    const granted = lines
      .filter((line) => line.includes("secretmanager.secretAccessor"))
      .map((line) =>
        /add-iam-policy-binding (\w+) .*serviceAccount:([\w-]+)@/.exec(line),
      )
      .map((match) => `${match?.[2]} ${match?.[1]}`);
    const needed = accounts.flatMap(({ id, functions }) =>
      secrets()
        .filter((secret) =>
          found.triggers.some(
            ({ name, secrets: bound }) =>
              functions.includes(name) && bound.includes(secret),
          ),
        )
        .map((secret) => `${id} ${secret}`),
    );
    expect(granted.toSorted()).toEqual(needed.toSorted());
    expect(granted).not.toContain("clientpulse-pipeline ANTHROPIC_API_KEY");
  });

  test("lets each account ring, put tasks, be called and manage people where it must, and nobody be owner or editor", () => {
    for (const { id, functions, publishes, managesPeople } of accounts) {
      for (const { of: topic } of ofKind("topic")) {
        const rings = lines.some(
          (line) =>
            line.includes(` ${topic} ${member(id)} `) &&
            line.includes("roles/pubsub.publisher"),
        );
        expect(rings, `${id} ${topic}`).toBe(
          publishes.some((name) => name === topic),
        );
      }
      indexOf("ringLater", member(id), "--role=roles/cloudtasks.enqueuer");
      indexOf(member(id), "--role=roles/datastore.user");
      for (const { name } of ofKind("topic"))
        if (functions.includes(name))
          indexOf("add-invoker-policy-binding", name, member(id));
      expect(
        lines.filter(
          (line) => line.includes(member(id)) && line.includes("firebaseauth"),
        ),
      ).toHaveLength(managesPeople ? 1 : 0);
    }
    expect(lines.filter((line) => /roles\/(owner|editor)/.test(line))).toEqual(
      [],
    );
  });

  test("makes the rules and indexes first, waits for the indexes, then the functions, their callers, the site, and looks whether it is well", () => {
    const order = [
      indexOf("firebase hosting:sites:create"),
      indexOf("firebase apps:create WEB"),
      indexOf("firebase deploy", "--only=auth"),
      indexOf("firestore databases create"),
      indexOf("firebase deploy", "--only=firestore"),
      indexOf("firestore indexes composite list"),
      functionsDeploy(),
      indexOf("add-invoker-policy-binding", "crmWrite"),
      indexOf("firebase deploy", "--only=hosting"),
      indexOf("curl"),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(lines.at(-1)).toContain("https://acme-prod.web.app/health");
    const waiting = steps[indexOf("firestore indexes composite list")];
    expect(waiting?.until?.test("READY\nCREATING")).toBe(true);
    expect(waiting?.until?.test("READY\nREADY")).toBe(false);
  });

  test("gives the queue the limits that its function asks for", () => {
    const queue = lines[indexOf("tasks queues create", "ringLater")];
    expect(queue).toContain("--max-concurrent-dispatches=100");
    expect(queue).toContain("--max-attempts=3");
  });

  test("names the project in each command, asks nothing, shows no secret, and takes nothing away but functions", () => {
    const all: readonly Command[] = steps.flatMap(({ command, unless }) =>
      unless === undefined ? [command] : [command, unless.command],
    );
    for (const command of all) {
      const line = toShellText(command);
      expect(line).toMatch(/acme-prod/);
      expect(line).not.toMatch(
        / (delete|remove|destroy|disable|purge|undelete|set-iam-policy)|remove-iam|--clear|--no-(?!n)/,
      );
      // Of functions alone, and of our own codebase alone, goes what a version no longer has.
      if (!line.includes("deploy --only=functions "))
        expect(line).not.toContain("--force");
      if (command[0] === "firebase")
        expect(line).toContain("--non-interactive");
    }
    for (const { command, unless } of steps) {
      const makes = command.includes("create") || command.includes("add");
      if (makes) expect(unless, toShellText(command)).toBeDefined();
    }
    expect(toText(steps)).toContain('printf %s "${QDRANT_API_KEY:- }" |');
  });
});

const gcloud = await run(["gcloud", "version"]);

test.skipIf(gcloud.code !== 0)(
  "a command that this Google Cloud CLI does not understand is named",
  async () => {
    const known = steps[indexOf("firestore databases create")];
    const unknown = [
      "gcloud",
      "firestore",
      "databases",
      "create",
      "--nope",
    ] as const;
    if (known === undefined) throw new Error("there is no such step");
    const none = await misunderstood([known]);
    expect(none).toEqual([]);
    const [problem = ""] = await misunderstood([
      { ...known, command: unknown },
    ]);
    expect(problem).toContain("--nope");
  },
);

function secrets(): readonly string[] {
  return [...new Set(found.triggers.flatMap(({ secrets: bound }) => bound))];
}

function ofKind(kind: string) {
  return found.triggers.filter((trigger) => trigger.kind === kind);
}
