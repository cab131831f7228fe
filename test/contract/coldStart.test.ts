import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  buildAlone,
  functionNames,
  findPackages,
  runAlone,
} from "../../dev/bench/coldStart.ts";
import { cacheFolder } from "../../dev/places.ts";

/** What every function is made of. */
const ofAll = ["zod", "@noble/hashes"];

/** Those that are called over HTTP, and what of firebase-functions is bundled for that. */
const overHttp = ["api", "ringLater"];
const ofHttp = ["firebase-functions", "cors", "object-assign", "vary"];

/** What stays outside the bundle, and is for those alone who speak to these, or have somebody sign in. */
const outside = [
  "jose",
  "jsonwebtoken",
  "jwks-rsa",
  "@google-cloud/pubsub",
  "@google-cloud/tasks",
  "@hubspot/api-client",
  "pdfkit",
  "fontkit",
];

describe("a function that starts, and has built all that it works with", () => {
  let folder: string;
  let bundle: string;
  beforeAll(async () => {
    // Below the checkout, where what stays outside the bundle is found.
    await mkdir(cacheFolder, { recursive: true });
    folder = await mkdtemp(join(cacheFolder, "cold-start-"));
    bundle = await buildAlone(folder, true);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true }));

  it(
    "has loaded no vendor: each comes with the first call that needs it",
    { timeout: 240_000 },
    async () => {
      const names = functionNames(bundle);
      expect(names).toEqual(expect.arrayContaining(["tick", "api", "monitor"]));
      for (const target of names) {
        const alone = await runAlone(bundle, { target });
        expect([target, ...alone.bundled]).toEqual([
          target,
          ...ofAll,
          ...(overHttp.includes(target) ? ofHttp : []),
        ]);
        const loaded = findPackages(alone);
        expect([target, outside.filter((name) => loaded.has(name))]).toEqual([
          target,
          [],
        ]);
      }
    },
  );
});
