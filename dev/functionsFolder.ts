import { existsSync } from "node:fs";
import {
  copyFile,
  mkdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { buildFunctions } from "./build.ts";
import { root } from "./places.ts";
import type { Ports } from "./ports.ts";
import { buildSite, policyHeader } from "./site.ts";

const FirebaseConfig = z.looseObject({
  functions: z.tuple([z.looseObject({ source: z.string() })]),
  hosting: z.looseObject({
    headers: z.array(
      z.object({
        source: z.string(),
        headers: z.array(z.object({ key: z.string(), value: z.string() })),
      }),
    ),
  }),
});

/** What the functions are told by their parameters and secrets; what is "" counts as not set. */
export interface Settings {
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
}

/** Where a suite is laid out, as which project, and at which ports it answers. */
interface Place {
  readonly folder: string;
  readonly projectId: string;
  readonly ports: Ports;
}

/**
 * Lays out what firebase-tools starts from, apart from the checkout, so that two suites never share a file:
 * firebase.json with these ports, the console, the bundled functions, and their settings, readable by nobody else.
 */
export async function layOut(
  { folder, ports, projectId }: Place,
  settings: Settings,
  entry = join(root, "functions/src/index.ts"),
): Promise<void> {
  const functions = join(folder, "functions");
  await rm(functions, { recursive: true, force: true });
  await mkdir(join(functions, "lib"), { recursive: true });
  await Promise.all([
    buildFunctions(entry, join(functions, "lib/index.cjs")),
    copyFile(
      join(root, "functions/package.json"),
      join(functions, "package.json"),
    ),
    writeValues(join(functions, ".env.local"), settings.plain),
    writeValues(join(functions, ".secret.local"), settings.secret),
    linkModules(functions),
    buildSite(join(folder, "public"), { projectId, ports }),
    writeConfig(folder, ports),
  ]);
}

/** firebase.json with the ports of this suite, and with paths that hold from its folder. */
export async function writeConfig(folder: string, ports: Ports): Promise<void> {
  const text = await readFile(join(root, "firebase.json"), "utf8");
  const config = FirebaseConfig.parse(JSON.parse(text));
  await mkdir(folder, { recursive: true });
  const at = (port: number) => ({ host: "127.0.0.1", port });
  await writeFile(
    join(folder, "firebase.json"),
    JSON.stringify({
      ...config,
      firestore: {
        rules: join(root, "firestore.rules"),
        indexes: join(root, "firestore.indexes.json"),
      },
      hosting: {
        ...config.hosting,
        headers: config.hosting.headers.map((rule) => ({
          ...rule,
          headers: rule.headers.map((header) => ({
            ...header,
            // The console's own page speaks to the emulators.
            value:
              header.value === policyHeader(null)
                ? policyHeader({ projectId: "", ports })
                : header.value,
          })),
        })),
        public: "public",
      },
      emulators: {
        ui: { enabled: false },
        singleProjectMode: false,
        hub: at(ports.hub),
        logging: at(ports.logging),
        hosting: at(ports.hosting),
        functions: at(ports.functions),
        firestore: { ...at(ports.firestore), websocketPort: ports.websocket },
        auth: at(ports.auth),
        pubsub: at(ports.pubsub),
        tasks: at(ports.tasks),
        eventarc: at(ports.eventarc),
      },
    }),
  );
}

/** A secret that is missing here the emulator would ask Google's Secret Manager for. */
async function writeValues(
  file: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = Object.entries(values)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(file, lines.join(""), { mode: 0o600 });
}

/** Packages that npm could not put at the top are found as they are from functions/. */
async function linkModules(functions: string): Promise<void> {
  const own = join(root, "functions/node_modules");
  if (existsSync(own)) {
    await symlink(own, join(functions, "node_modules"), "junction");
  }
}
