import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import { averageOf, overlapOf, type Overlap } from "../support/shingles.ts";

const folder = join(
  resolve(process.env["RECORDINGS_DIR"] ?? "../shared/data"),
  "articles",
);
const recorded = existsSync(folder);
if (!recorded) console.log(`marked articles are not read: ${folder} is absent`);

const Truth = z.record(z.string(), z.object({ articleBody: z.string() }));

interface Measured extends Overlap {
  readonly id: string;
  readonly ms: number;
}

const documents = reader();

async function measured(id: string, body: string): Promise<Measured> {
  const page = gunzipSync(readFileSync(join(folder, "html", `${id}.html.gz`)));
  const start = performance.now();
  const { text } = await documents.read({
    body: page,
    contentType: "text/html",
    url: "https://news.example.com/a",
    licence: "example",
  });
  return { id, ms: performance.now() - start, ...overlapOf(body, text) };
}

/** The rules were made on the other half. */
function isHeldOut({ id }: Measured): boolean {
  const digest = createHash("sha256").update(id).digest();
  return (digest.at(-1) ?? 0) % 2 === 1;
}

function said(figures: ReturnType<typeof averageOf>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(", ");
}

describe.skipIf(!recorded)("marked articles", () => {
  let pages: readonly Measured[] = [];
  beforeAll(async () => {
    const truth = Truth.parse(
      JSON.parse(readFileSync(join(folder, "ground-truth.json"), "utf8")),
    );
    const found: Measured[] = [];
    // Twice, one after the other: the times are those of a reader that is warm.
    for (const _pass of ["cold", "warm"]) {
      found.length = 0;
      for (const [id, { articleBody }] of Object.entries(truth))
        found.push(await measured(id, articleBody));
    }
    pages = found;
    const times = found.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    console.log(
      `articles: ${pages.length}, median ${median.toFixed(0)} ms, worst ${(times.at(-1) ?? 0).toFixed(0)} ms`,
    );
  });

  test("are read as a person would mark them", () => {
    const figures = averageOf(pages);
    console.log(`articles: ${said(figures)}`);
    expect(figures.f1).toBeGreaterThanOrEqual(0.962);
    expect(figures.precision).toBeGreaterThanOrEqual(0.945);
  });

  test("are read as well where no rule was made for them", () => {
    const held = pages.filter(isHeldOut);
    const figures = averageOf(held);
    console.log(`articles held out: ${held.length}, ${said(figures)}`);
    expect(held.length).toBeGreaterThan(0);
    expect(figures.f1).toBeGreaterThanOrEqual(0.955);
  });
});
