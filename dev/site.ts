import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./places.ts";

/** What the reader of the API's description takes from its package. */
const files = [
  "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt",
  "swagger-ui.css",
  "favicon-32x32.png",
];

/** Puts the reader of the API's description into a public folder, beside its own page: nothing of it comes from elsewhere. */
export async function layOutReader(publicFolder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const from = dirname(require.resolve("swagger-ui-dist/package.json"));
  const to = join(publicFolder, "docs");
  await mkdir(to, { recursive: true });
  await Promise.all(
    files.map((name) => copyFile(join(from, name), join(to, name))),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await layOutReader(join(root, "web/public"));
