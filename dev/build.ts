import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./places.ts";

const entry = join(root, "functions/src/index.ts");
const bundle = join(root, "functions/lib/index.cjs");

/**
 * Bundles the functions into one CommonJS file. What `await import()` names is in it too,
 * but runs only when it is asked for. The Google and HubSpot SDKs stay outside: bundled
 * they break or load slower than from their own folders. Minified without keepNames, Firestore breaks.
 */
export async function buildFunctions(
  from: string = entry,
  to: string = bundle,
): Promise<string> {
  await build({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    keepNames: true,
    sourcemap: true,
    // Sources in the map would double what is deployed.
    sourcesContent: false,
    external: [
      "firebase-admin",
      "firebase-functions",
      "@google-cloud/*",
      "@hubspot/api-client",
    ],
    logLevel: "warning",
    absWorkingDir: root,
  });
  return to;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await buildFunctions();
}
