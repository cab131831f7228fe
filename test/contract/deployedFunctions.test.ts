import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { findAccount, accounts } from "../../dev/deploy/accounts.ts";
import {
  discover,
  type Discovered,
  type Trigger,
} from "../../dev/deploy/discovery.ts";
import { findProblems } from "../../dev/deploy/expected.ts";
import { layOutHere } from "../../dev/deploy/layOut.ts";
import { root } from "../../dev/places.ts";
import * as collections from "../../functions/src/domain/collections.ts";
import { TopicName } from "../../functions/src/domain/messages/topics.ts";
import { aFolder } from "../support/deploy.ts";

let found: Discovered;
let bundles: ReadonlyMap<string, string>;

beforeAll(async () => {
  const folder = await aFolder();
  try {
    await layOutHere(folder.path);
    found = await discover(folder.path);
    const lib = join(folder.path, "lib");
    bundles = new Map(
      readdirSync(lib)
        .filter((name) => name.endsWith(".cjs"))
        .map((name) => [name, readFileSync(join(lib, name), "utf8")]),
    );
  } finally {
    await folder.remove();
  }
});

test("each topic has one function, all are in one region, within their limits, and hold their own vendors' secrets alone", () => {
  expect(findProblems(found)).toEqual([]);
  expect(found.triggers.filter(({ kind }) => kind === "topic")).toHaveLength(
    TopicName.options.length,
  );
});

describe("a deploy is refused where", () => {
  test.each<{
    readonly where: string;
    readonly of: string;
    readonly change: Partial<Trigger>;
    readonly says: string;
  }>([
    {
      where: "a function is given a foreign secret",
      of: "ingest",
      change: { secrets: ["ANTHROPIC_API_KEY"] },
      says: "ingest is given ANTHROPIC_API_KEY, which it has no use for.",
    },
    {
      where: "a function lacks a secret that it needs",
      of: "crmWrite",
      change: { secrets: ["HUBSPOT_ACCESS_TOKEN"] },
      says: "crmWrite needs SALESFORCE_CLIENT_SECRET and is not given it.",
    },
    {
      where: "a secret is one that nobody accounts for",
      of: "api",
      change: { secrets: ["QDRANT_API_KEY", "WEBHOOK_SECRETS", "X"] },
      says: "api is given X, which it has no use for.",
    },
    {
      where: "a run may outlast its lease",
      of: "discover",
      change: { timeoutS: 400 },
      says: "discover may run for 400 s, but signal-qualified and what it goes on with takes up to 380 s, and the last lease ends after 395 s.",
    },
    {
      where: "a run is cut short",
      of: "monitor",
      change: { timeoutS: 60 },
      says: "monitor may run for 60 s, but account-due and what it goes on with takes up to 120 s, and the last lease ends after 135 s.",
    },
    {
      where: "the platform would not allow it",
      of: "api",
      change: { timeoutS: 3601 },
      says: "api may run for 3601 s; the platform allows a https 3600 s.",
    },
    {
      where: "a function has no limit to its instances",
      of: "ingest",
      change: { maxInstances: null },
      says: "ingest has no limit to its instances.",
    },
    {
      where: "the platform would retry",
      of: "embed",
      change: { retry: true },
      says: "embed lets the platform retry; messages do that themselves.",
    },
    {
      where: "functions are in two regions",
      of: "tick",
      change: { regions: ["us-central1"] },
      says: "The functions are in 2 regions, not in one.",
    },
    {
      where: "nothing works on a topic",
      of: "settle",
      change: { kind: "https", of: "" },
      says: "0 functions work on the topic activation-settled, not one.",
    },
    {
      where: "two functions work on a topic",
      of: "settle",
      change: { of: "crm-write" },
      says: "2 functions work on the topic crm-write, not one.",
    },
    {
      where: "a function runs as another group",
      of: "ingest",
      change: { serviceAccount: "clientpulse-crm@" },
      says: "ingest runs as clientpulse-crm@, not as clientpulse-pipeline@.",
    },
    {
      where: "a function belongs to no account",
      of: "assess",
      change: { name: "assessAgain" },
      says: "assessAgain belongs to no service account of dev/deploy/accounts.ts.",
    },
  ])("$where", ({ of, change, says }) => {
    const triggers = found.triggers.map((trigger) =>
      trigger.name === of ? { ...trigger, ...change } : trigger,
    );
    expect(findProblems({ ...found, triggers })).toContain(says);
  });
});

test("every account's functions are deployed, and none is in two accounts", () => {
  const named = accounts.flatMap(({ functions }) => functions).toSorted();
  expect(named).toEqual(found.triggers.map(({ name }) => name).toSorted());
});

test("each function runs as an account", () => {
  const running = found.triggers.filter(
    ({ serviceAccount }) => serviceAccount !== null,
  );
  expect(running).toHaveLength(found.triggers.length);
});

test("an account may ring on every topic that its stages emit", () => {
  const pipeline = join(root, "functions/src/pipeline");
  const stages = filesBelow(pipeline).flatMap((file) => {
    const text = readFileSync(join(pipeline, file), "utf8");
    // Each stage with what follows it; a file of one stage is its own as a whole.
    const parts = text.split(/^export const (?=\w+: Stage<)/m).slice(1);
    return parts.map((part) => ({
      stage: /^\w+/.exec(part)?.[0] ?? "",
      text: parts.length === 1 ? text : part,
    }));
  });
  const lacking = stages.flatMap(({ stage, text }) => {
    const emitted = [...text.matchAll(/topic: "([a-z-]+)"/g)].map(
      ([, topic]) => topic,
    );
    if (text.includes("accountFold")) emitted.push("account-assess");
    for (const [, topic] of text.matchAll(/pollingStage\(\s*"([a-z-]+)"/g))
      emitted.push(topic, "signal-received");
    const { publishes = [] } = findAccount(stage) ?? {};
    return emitted
      .filter((topic) => !publishes.some((name) => name === topic))
      .map((topic) => `${stage}: ${topic}`);
  });
  expect(stages.length).toBe(TopicName.options.length);
  expect(lacking).toEqual([]);
});

test("beside the functions lies what runs in their thread, under the name that they start it by", () => {
  expect([...bundles.keys()].toSorted()).toEqual([
    "index.cjs",
    "readingThread.cjs",
  ]);
  expect(bundles.get("index.cjs")).toContain('"readingThread.cjs"');
});

test("the bundles ask only for packages that are deployed with it", () => {
  const { dependencies } = z
    .looseObject({ dependencies: z.record(z.string(), z.string()) })
    .parse(
      JSON.parse(readFileSync(join(root, "functions/package.json"), "utf8")),
    );
  const asked = [
    // No name of a package begins with a dollar sign: that is code which pdf.js makes of a template.
    ...[...bundles.values()]
      .join("\n")
      .matchAll(/\b(?:require|import)\("([^"./$][^"]*)"\)/g),
  ].map(([, name = ""]) =>
    name.split("/", name.startsWith("@") ? 2 : 1).join("/"),
  );
  const missing = new Set(
    asked.filter((name) => !isBuiltin(name) && !(name in dependencies)),
  );
  // Both are asked for within a try, by linkedom and by whatwg-encoding's like: nothing here needs them.
  expect([...missing].toSorted()).toEqual(["canvas", "encoding"]);
  expect(asked).toContain("firebase-admin");
});

test("documents that expire are in a collection whose expiry is declared, and no others", () => {
  const { fieldOverrides } = z
    .looseObject({
      fieldOverrides: z.array(
        z.looseObject({
          collectionGroup: z.string(),
          fieldPath: z.string(),
          ttl: z.boolean().optional(),
        }),
      ),
    })
    .parse(
      JSON.parse(readFileSync(join(root, "firestore.indexes.json"), "utf8")),
    );
  const declared = fieldOverrides
    .filter(({ ttl }) => ttl === true)
    .map(({ collectionGroup }) => collectionGroup);
  // The slots and the windows of the pacer have no schema: they never leave its folder.
  const expected = new Set([...expiringCollections(), "slots", "windows"]);
  expect(declared.toSorted()).toEqual([...expected].toSorted());

  const adapters = join(root, "functions/src/adapters");
  const unseen = filesBelow(adapters).filter((file) =>
    /expiresAt:/.test(readFileSync(join(adapters, file), "utf8")),
  );
  const pacer = ["quota.ts", "slots.ts"];
  expect(unseen.toSorted()).toEqual(
    pacer.map((file) => join("firestore", "pacer", file)),
  );
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts"),
  );
}

const Kept = z.object({
  path: z.string(),
  schema: z.instanceof(z.ZodType),
});

function expiringCollections(): readonly string[] {
  return Object.values(collections).flatMap((place) => {
    const kept = Kept.safeParse(
      typeof place === "function"
        ? Reflect.apply(place, undefined, ["a", "b", "c"])
        : place,
    );
    if (!kept.success || !expires(kept.data.schema)) return [];
    const parts = kept.data.path.split("/");
    // A document's path has an even number of parts, a collection's an odd one.
    return [parts.at(parts.length % 2 === 0 ? -2 : -1) ?? ""];
  });
}

function expires(schema: z.ZodType): boolean {
  // What ends for its readers before it is removed says so by a field of its own.
  if (schema instanceof z.ZodObject)
    return "expiresAt" in schema.shape || "removeAt" in schema.shape;
  if (schema instanceof z.ZodUnion)
    return schema.options.some(
      (option) => option instanceof z.ZodType && expires(option),
    );
  return false;
}
