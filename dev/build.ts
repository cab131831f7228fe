import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { functionsLock } from "./deploy/lock.ts";
import { root } from "./places.ts";

const entry = join(root, "functions/src/index.ts");
const bundle = join(root, "functions/lib/index.cjs");
const readingThread = join(
  root,
  "functions/src/adapters/text/readingThread.ts",
);

/**
 * Bundles the functions into one CommonJS file, and beside it into another what runs in the thread that documents are
 * read in. What `await import()` names is in it too,
 * but runs only when it is asked for. The Google and HubSpot SDKs, pdfkit and the largest readers stay outside:
 * bundled they break, or load slower than from their own folders. Minified without keepNames, Firestore breaks.
 */
export async function buildFunctions(
  from: string = entry,
  to: string = bundle,
  watching: readonly Plugin[] = [],
): Promise<string> {
  await build({
    entryPoints: [
      { in: from, out: basename(to, ".cjs") },
      { in: readingThread, out: "readingThread" },
    ],
    outdir: dirname(to),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    keepNames: true,
    // A third less to read at each cold start; identifiers keep their names.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    // Sources in the map would double what is deployed.
    sourcesContent: false,
    plugins: [loadedAtFirstUse, ...watching],
    // What is looked up beside the bundle is looked up from there.
    define: { "import.meta.url": "__filename" },
    external: [
      "firebase-admin",
      "firebase-functions",
      "@google-cloud/*",
      "@hubspot/api-client",
      // It reads files of its own folder.
      "pdfkit",
      // Megabytes that every function would read at its start, and that only ingest asks for, and late.
      "chrono-node",
      "compromise",
      "unpdf",
    ],
    logLevel: "warning",
    absWorkingDir: root,
  });
  return to;
}

/**
 * What is imported statically because it is called without waiting, and yet is not everybody's: the names that are used
 * of it. With https comes all of sign-in, half of a cold start: for two of the functions, and for them only in callables.
 */
const late: Readonly<Record<string, readonly string[]>> = {
  entities: ["decodeXML", "escapeUTF8"],
  "firebase-admin/app-check": ["getAppCheck"],
  "firebase-admin/auth": ["getAuth"],
  "firebase-functions/v2/https": ["onRequest"],
  "firebase-functions/v2/tasks": ["onTaskDispatched"],
  "libphonenumber-js/min": ["parsePhoneNumberFromString"],
  validator: ["isIBAN", "isLuhnNumber"],
};

/** Bundled after all, so that what they import in turn can be late; they share no state with the rest of their package that we use. */
const inside = /^firebase-functions\/v2\/(https|tasks)$/;

/** Such an import is carried out when one of its names is first used. */
const loadedAtFirstUse: Plugin = {
  name: "loaded-at-first-use",
  setup: (bundling) => {
    const { resolve } = createRequire(join(root, "functions/package.json"));
    bundling.onResolve({ filter: /^[^.]/, namespace: "file" }, ({ path }) =>
      path in late ? { path, namespace: "late" } : null,
    );
    bundling.onResolve({ filter: inside, namespace: "late" }, ({ path }) => ({
      path: resolve(path),
    }));
    bundling.onLoad({ filter: /^/, namespace: "late" }, ({ path }) => ({
      contents: (late[path] ?? [])
        .map(
          (name) =>
            `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => require("${path}").${name} });`,
        )
        .join("\n"),
      resolveDir: join(root, "functions"),
    }));
  },
};

/** All that a deploy uploads: the bundle, and the lock file of functions/ alone, since the cloud does not see the workspace's. */
export async function buildForDeploy(): Promise<void> {
  await buildFunctions();
  const read = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(root, path), "utf8"));
  const lock = functionsLock(
    await read("package-lock.json"),
    await read("functions/package.json"),
  );
  await writeFile(
    join(root, "functions/package-lock.json"),
    `${JSON.stringify(lock, null, 2)}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await buildForDeploy();
}
