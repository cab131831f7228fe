import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { run } from "./command.ts";

const Count = z.number().nullish();
/** A number, or the parameter that an operator sets it by. */
const Limit = z
  .union([z.number(), z.templateLiteral(["{{ params.", z.string(), " }}"])])
  .nullish();
const Retry = z.looseObject({ maxAttempts: Count });
const Rates = z.looseObject({
  maxConcurrentDispatches: Count,
  maxDispatchesPerSecond: Count,
});
const Endpoint = z.looseObject({
  region: z.array(z.string()).default([]),
  availableMemoryMb: Count,
  timeoutSeconds: Count,
  concurrency: Count,
  maxInstances: Limit,
  serviceAccountEmail: z.string().nullish(),
  secretEnvironmentVariables: z
    .array(z.looseObject({ key: z.string() }))
    .default([]),
  eventTrigger: z
    .looseObject({
      eventFilters: z.looseObject({ topic: z.string() }),
      retry: z.boolean(),
    })
    .optional(),
  scheduleTrigger: z.looseObject({ schedule: z.string() }).optional(),
  taskQueueTrigger: z
    .looseObject({
      retryConfig: Retry.optional(),
      rateLimits: Rates.optional(),
    })
    .optional(),
  httpsTrigger: z.looseObject({}).optional(),
});
const Param = z.looseObject({
  name: z.string(),
  type: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  input: z
    .looseObject({
      select: z
        .looseObject({
          options: z.array(z.looseObject({ value: z.string() })),
        })
        .optional(),
    })
    .optional(),
});
const Manifest = z.looseObject({
  endpoints: z.record(z.string(), Endpoint),
  params: z.array(Param).default([]),
});

type Queue = z.infer<typeof Endpoint>["taskQueueTrigger"];

/** What calls a function, and within which limits it runs; null: the platform's default. */
export interface Trigger {
  readonly name: string;
  readonly kind: "topic" | "schedule" | "task queue" | "https";
  /** The topic or the schedule; "" where the kind says it all. */
  readonly of: string;
  readonly regions: readonly string[];
  readonly memoryMb: number | null;
  readonly timeoutS: number | null;
  readonly concurrency: number | null;
  /** Where an operator sets it: the setting's default. */
  readonly maxInstances: number | null;
  /** Whether the platform delivers again what failed. */
  readonly retry: boolean;
  readonly secrets: readonly string[];
  /** Null: the project's default account. */
  readonly serviceAccount: string | null;
  readonly queue: NonNullable<Queue> | null;
}

/** Everything that a deploy would find: the functions, and what it asks an operator for. */
export interface Discovered {
  readonly triggers: readonly Trigger[];
  readonly params: readonly z.infer<typeof Param>[];
}

/**
 * What `firebase deploy` finds in a folder of functions, by firebase-functions' own discovery under this Node.
 * Throws with what the functions said where they do not load.
 */
export async function discover(
  folder: string,
  node: string = process.execPath,
): Promise<Discovered> {
  const manifest = await readManifest(folder, node);
  const { endpoints, params } = Manifest.parse(manifest);
  const triggers = Object.entries(endpoints).map(([name, endpoint]) =>
    toTrigger(name, endpoint, params),
  );
  return { triggers, params };
}

/** The manifest as firebase-tools reads it. */
export async function readManifest(
  folder: string,
  node: string,
): Promise<unknown> {
  const resolve = createRequire(join(folder, "package.json")).resolve;
  const sdk = resolve("firebase-functions").replace(
    /(node_modules\/firebase-functions)\/.*/,
    "$1/lib/bin/firebase-functions.js",
  );
  const scratch = await mkdtemp(join(tmpdir(), "clientpulse-manifest-"));
  try {
    const file = join(scratch, "functions.yaml");
    const { code, output, errors } = await run([node, sdk, folder], {
      cwd: folder,
      // Only what a deploy gives it: the functions may not lean on what else is set here.
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        GCLOUD_PROJECT: "demo-clientpulse",
        FUNCTIONS_CONTROL_API: "true",
        FUNCTIONS_MANIFEST_OUTPUT_PATH: file,
      },
    });
    if (code !== 0)
      throw new Error(`The functions do not load:\n${errors}${output}`);
    return JSON.parse(await readFile(file, "utf8"));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function toTrigger(
  name: string,
  of: z.infer<typeof Endpoint>,
  params: Discovered["params"],
): Trigger {
  return {
    name,
    ...calledBy(name, of),
    regions: of.region,
    memoryMb: of.availableMemoryMb ?? null,
    timeoutS: of.timeoutSeconds ?? null,
    concurrency: of.concurrency ?? null,
    maxInstances: toLimit(of.maxInstances ?? null, params),
    retry: of.eventTrigger?.retry ?? false,
    secrets: of.secretEnvironmentVariables.map(({ key }) => key),
    serviceAccount: of.serviceAccountEmail ?? null,
    queue: of.taskQueueTrigger ?? null,
  };
}

function toLimit(
  limit: number | string | null,
  params: Discovered["params"],
): number | null {
  if (typeof limit !== "string") return limit;
  const by = params.find(({ name }) => limit === `{{ params.${name} }}`);
  return typeof by?.default === "number" ? by.default : null;
}

function calledBy(
  name: string,
  of: z.infer<typeof Endpoint>,
): Pick<Trigger, "kind" | "of"> {
  if (of.eventTrigger !== undefined)
    return { kind: "topic", of: of.eventTrigger.eventFilters.topic };
  if (of.scheduleTrigger !== undefined)
    return { kind: "schedule", of: of.scheduleTrigger.schedule };
  if (of.taskQueueTrigger !== undefined) return { kind: "task queue", of: "" };
  if (of.httpsTrigger !== undefined) return { kind: "https", of: "" };
  throw new Error(`${name} has a trigger that the deploy does not know.`);
}
