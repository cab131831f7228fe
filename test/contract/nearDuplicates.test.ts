import { afterAll, describe, expect, test } from "vitest";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { compareSketches } from "../../functions/src/domain/duplicates/compareSketches.ts";
import {
  toLookupKeys,
  toSketch,
} from "../../functions/src/domain/duplicates/sketch.ts";
import * as counterparts from "../support/counterparts.ts";
import {
  agencyRewrite,
  both,
  changedShare,
  noisy,
  paraphrased,
  shortened,
  shuffled,
  vocabularyOf,
  wrapped,
  type Chance,
  type Edit,
  type Told,
} from "../support/rewrites.ts";
import { seeded } from "../support/seeded.ts";

const articlesDir = join(
  resolve(process.env["RECORDINGS_DIR"] ?? "../shared/data"),
  "articles",
);
const recorded = existsSync(articlesDir);
if (!recorded)
  console.log(`near-duplicates are not measured: ${articlesDir} is absent`);

interface Article extends Told {
  readonly id: string;
}

/** Titles that two newsrooms gave to what is one event or one subject; whether these are the same story is anyone's call. */
const oneSubject = [
  /\bWeWork\b/u,
  /\bto kill\b.*\bOmar\b/u,
  /\bplague\b/iu,
  /\bPrince Andrew\b|^Royal Self/u,
  /\bFeather.Duvet|Bedding Gave/iu,
  /\bhibernating\b/iu,
  /\bBlack Friday\b/u,
  /\btariff|trade war\b/iu,
  /\bBrowns\b/u,
  /\bDavis Cup\b/u,
];

type Counterpart = (
  told: Told,
  chance: Chance,
  others: readonly Article[],
) => Told | null;

const articles = recorded ? read() : [];
const vocabulary = vocabularyOf(articles.map(({ text }) => text));
const freely = (share: number) => paraphrased(share, vocabulary);

/** Tellings of the same story. */
const retold: Readonly<Record<string, Edit>> = {
  "agency rewrite": agencyRewrite,
  "40 % of plain words replaced": freely(0.4),
  "60 % of plain words replaced": freely(0.6),
  shortened,
  "boilerplate around it": wrapped,
  "typographic noise": noisy,
  "sentences in any order": shuffled,
  "shortened, boilerplate": both(shortened, wrapped),
  "rewrite, shortened": both(agencyRewrite, shortened),
  "rewrite, any order": both(agencyRewrite, shuffled),
  "rewrite, shortened, boilerplate, noise": both(
    agencyRewrite,
    shortened,
    wrapped,
    noisy,
  ),
  "40 % replaced, shortened, boilerplate": both(
    freely(0.4),
    shortened,
    wrapped,
  ),
};

/** What looks like the story and is none of its tellings. */
const unlike: Readonly<Record<string, Counterpart>> = {
  "a figure changed": counterparts.figureChanged,
  "a figure changed, boilerplate, noise": then(
    counterparts.figureChanged,
    both(wrapped, noisy),
  ),
  "a figure changed, shortened": then(counterparts.figureChanged, shortened),
  "a figure changed, rewrite": then(counterparts.figureChanged, agencyRewrite),
  "a name changed": counterparts.nameChanged,
  "a day changed": counterparts.dayChanged,
  "correction with a note": (told, chance) =>
    counterparts.withNote(
      counterparts.figureChanged(told, chance) ?? told,
      chance,
    ),
  "note, boilerplate, noise": then(counterparts.withNote, both(wrapped, noisy)),
  "follow-up: first paragraph, other body": (told, chance, others) =>
    counterparts.beginsAlike(told, pickOther(told, others, chance), chance),
  "follow-up: a day later": counterparts.dayAfter(0),
  "follow-up: 30 % background": counterparts.dayAfter(0.3),
  "follow-up: 50 % background": counterparts.dayAfter(0.5),
  "follow-up: the story as background": counterparts.dayAfter(0.95),
  "another article": (told, chance, others) => pickOther(told, others, chance),
};

const lines: string[] = [];
const times = { sketch: [] as number[], likeness: [] as number[] };

describe.skipIf(!recorded)("the same story, told again", () => {
  afterAll(() => {
    console.log(
      [
        ...lines,
        `sketchOf: median ${ms(times.sketch, 0.5)}, p99 ${ms(times.sketch, 0.99)}; likeness: median ${ms(times.likeness, 0.5)}, p99 ${ms(times.likeness, 0.99)}`,
      ].join("\n"),
    );
  });

  test.each(["development", "held-out"])(
    "is found again, and corrections, follow-ups and others are not taken for it: the %s half",
    (half) => {
      const own = articles.filter(
        ({ id }) =>
          (parseInt(id.slice(-1), 16) % 2 === 1) === (half === "held-out"),
      );
      lines.push(`\n${half} half, ${own.length} articles`);
      const found = tally(own, retold);
      const mistaken = tally(own, unlike);
      const recall = found.taken / found.all;
      const precision = found.taken / (found.taken + mistaken.taken);
      lines.push(
        `precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)} (${found.all} tellings, ${mistaken.all} others)`,
      );
      expect(recall).toBeGreaterThanOrEqual(0.95);
      expect(precision).toBeGreaterThanOrEqual(0.95);
    },
  );

  test("two stories share a key in less than one pair of a thousand, whatever one publisher puts around both", () => {
    const sketches = articles.flatMap((told) =>
      [told, wrapped(told, seeded(5)), wrapped(told, seeded(6))].map((one) => ({
        told,
        sketch: toSketch(one),
      })),
    );
    let [pairs, shared, same] = [0, 0, 0];
    for (const [at, one] of sketches.entries())
      for (const other of sketches.slice(at + 1)) {
        if (isOneSubject(one.told, other.told)) continue;
        pairs += 1;
        if (!shareKey(one.sketch, other.sketch)) continue;
        shared += 1;
        if (compareSketches(one.sketch, other.sketch).same) same += 1;
      }
    lines.push(
      `\nunrelated: ${shared} of ${pairs} pairs share a key (${((100 * shared) / pairs).toFixed(3)} %), ${same} taken for the same`,
    );
    expect(pairs).toBeGreaterThan(20_000);
    expect(shared / pairs).toBeLessThan(0.001);
    expect(same).toBe(0);
  });

  test("one event in two newsrooms' own words is compared, too", () => {
    for (const [at, one] of articles.entries())
      for (const other of articles.slice(at + 1)) {
        if (!isOneSubject(one, other)) continue;
        const pair = [one, other].map((told) => toSketch(told));
        const [a = "", b = ""] = pair;
        if (!shareKey(a, b)) continue;
        const { why, similarity } = compareSketches(a, b);
        lines.push(
          `one subject: ${why}, ${similarity.toFixed(2)}: ${one.title.slice(0, 50)} / ${other.title.slice(0, 50)}`,
        );
      }
    expect(lines.some((line) => line.startsWith("one subject"))).toBe(true);
  });
});

/** How many of each kind are taken for the same story: two of each article, where the kind can be made of it. */
function tally(
  own: readonly Article[],
  kinds: Readonly<Record<string, Counterpart>>,
): { readonly all: number; readonly taken: number } {
  let [all, taken] = [0, 0];
  for (const [kind, [name, edit]] of Object.entries(kinds).entries()) {
    let [count, found, keyed, changed] = [0, 0, 0, 0];
    for (const [at, article] of own.entries())
      for (const round of [1, 2]) {
        const chance = seeded(kind * 10_000 + at * 10 + round);
        const other = edit(article, chance, own);
        if (other === null) continue;
        const a = toSketch(article);
        const b = timed(times.sketch, () => toSketch(other));
        expect(a.length).toBeLessThanOrEqual(1500);
        const { same } = timed(times.likeness, () => compareSketches(a, b));
        expect(compareSketches(b, a).same).toBe(same);
        const isKeyed = shareKey(a, b);
        count += 1;
        keyed += Number(isKeyed);
        found += Number(same && isKeyed);
        changed += changedShare(article.text, other.text);
      }
    lines.push(
      `  ${name.padEnd(40)} ${String(count).padStart(3)}  same ${rate(found, count)}  shares a key ${rate(keyed, count)}  words changed ${rate(changed, count)}`,
    );
    all += count;
    taken += found;
  }
  return { all, taken };
}

function then(first: Counterpart, edit: Edit): Counterpart {
  return (told, chance, others) => {
    const changed = first(told, chance, others);
    return changed === null ? null : edit(changed, chance);
  };
}

function pickOther(
  told: Told,
  others: readonly Article[],
  chance: Chance,
): Article {
  const strange = others.filter((other) => !isOneSubject(told, other));
  const other = strange[Math.floor(chance() * strange.length)];
  if (other === undefined) throw new Error("there is only one article");
  return other;
}

function isOneSubject(one: Told, other: Told): boolean {
  return (
    one.title === other.title ||
    oneSubject.some((words) => words.test(one.title) && words.test(other.title))
  );
}

function shareKey(a: string, b: string): boolean {
  const keys = new Set(toLookupKeys(a));
  return toLookupKeys(b).some((key) => keys.has(key));
}

function read(): readonly Article[] {
  const marked = z
    .record(z.string(), z.object({ articleBody: z.string() }))
    .parse(
      JSON.parse(readFileSync(join(articlesDir, "ground-truth.json"), "utf8")),
    );
  return Object.entries(marked).map(([id, { articleBody }]) => {
    const page = gunzipSync(
      readFileSync(join(articlesDir, "html", `${id}.html.gz`)),
    ).toString("utf8");
    const title = /<title[^>]*>([^<]*)/iu.exec(page)?.[1] ?? "";
    return {
      id,
      title: title
        .trim()
        .replace(/\s+/gu, " ")
        .replace(/(?:\s+[|–—-]\s+[^|–—-]{2,40})+$/u, ""),
      text: articleBody,
    };
  });
}

function timed<T>(into: number[], run: () => T): T {
  const start = performance.now();
  const result = run();
  into.push(performance.now() - start);
  return result;
}

function ms(of: readonly number[], quantile: number): string {
  const at = Math.min(of.length - 1, Math.floor(of.length * quantile));
  return `${(of.toSorted((a, b) => a - b)[at] ?? 0).toFixed(2)} ms`;
}

function rate(part: number, all: number): string {
  return (part / Math.max(1, all)).toFixed(3);
}
