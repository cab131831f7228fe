import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type FirebaseConfig, readConsoleConfig } from "./deploy/consoleApp.ts";
import { demoPassword, demoPeople } from "./demoPeople.ts";
import { root } from "./places.ts";
import type { Ports } from "./ports.ts";

/** Where the console finds the emulators, and who may be signed in there. */
export interface Emulated {
  readonly projectId: string;
  readonly ports: Pick<Ports, "auth" | "firestore">;
}

/** What the reader of the API's description takes from its package. */
const readerFiles = [
  "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt",
  "swagger-ui.css",
  "favicon-32x32.png",
];

/** Whose console it is: the emulators', or a project's by its configuration. */
export type Belongs = Emulated | FirebaseConfig;

/** Builds what Hosting serves: the console, and the reader of the API's description. Nothing of it comes from elsewhere. */
export async function buildSite(to: string, belongs: Belongs): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    [
      join(root, "node_modules/vite/bin/vite.js"),
      "build",
      join(root, "web"),
      "--outDir",
      to,
      "--emptyOutDir",
      "--logLevel=warn",
    ],
    { cwd: root },
  );
  await Promise.all([layOutReader(join(to, "docs")), tell(to, belongs)]);
}

async function layOutReader(to: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const from = dirname(require.resolve("swagger-ui-dist/package.json"));
  await mkdir(to, { recursive: true });
  await Promise.all(
    readerFiles.map((name) => copyFile(join(from, name), join(to, name))),
  );
}

/** Tells the console which project it belongs to, and its page what it may speak to. */
async function tell(to: string, belongs: Belongs): Promise<void> {
  const emulated = "ports" in belongs ? belongs : null;
  const page = join(to, "index.html");
  const html = await readFile(page, "utf8");
  const policy = policyFor(emulated);
  await writeFile(
    page,
    html.replace(
      "<head>",
      `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    ),
  );
  await writeFile(
    join(to, "console.json"),
    JSON.stringify(
      "ports" in belongs ? emulatedSettings(belongs) : { firebase: belongs },
    ),
  );
}

function emulatedSettings({ projectId, ports }: Emulated) {
  return {
    firebase: { projectId, apiKey: "demo", authDomain: "127.0.0.1" },
    emulators: {
      auth: `http://127.0.0.1:${ports.auth}`,
      firestoreHost: "127.0.0.1",
      firestorePort: ports.firestore,
    },
    demo: {
      password: demoPassword,
      people: Object.values(demoPeople).map(
        ({ email, name, role, isLead }) => ({ email, name, role, isLead }),
      ),
    },
  };
}

/** The header that says the same as the page, and that nobody may frame it, which a page cannot say; firebase.json has that of the cloud. */
export function policyHeader(emulated: Emulated | null): string {
  return `${policyFor(emulated)}; frame-ancestors 'none'`;
}

/** What of Google the console speaks to by itself: the database, and who is signed in. */
const googleServices = ["firestore", "identitytoolkit", "securetoken", "www"];

/** What the console's page may load and speak to. Components set styles on their elements. */
function policyFor(emulated: Emulated | null): string {
  const others =
    emulated === null
      ? googleServices.map((name) => `https://${name}.googleapis.com`).join(" ")
      : [emulated.ports.auth, emulated.ports.firestore]
          .map((port) => `http://127.0.0.1:${port}`)
          .join(" ");
  return [
    "default-src 'none'",
    "script-src 'self' https://apis.google.com",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${others}`,
    `frame-src ${emulated === null ? "https://*.firebaseapp.com" : others}`,
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

// firebase-tools runs this before it deploys Hosting, and names the project.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const project = process.env["GCLOUD_PROJECT"];
  if (project === undefined)
    throw new Error(
      "GCLOUD_PROJECT must name the project whose console is built.",
    );
  await buildSite(join(root, "web/dist"), await readConsoleConfig(project));
}
