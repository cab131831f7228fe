import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  recordedFeeds,
  startReplay,
  type Replay,
} from "../../dev/standins/replay.ts";
import { decodeFeed } from "../../functions/src/adapters/connectors/feeds/parts/feedCharset.ts";
import {
  readEntries,
  type FeedEntry,
} from "../../functions/src/adapters/connectors/feeds/parts/feedEntries.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import {
  type FeedCase,
  feedCasesIn,
  isWellFormed,
} from "../support/feedCases.ts";
import {
  never,
  nvidia,
  meta,
  amplitude,
  feedAt,
  secAt,
  rssAt,
  greenhouseAt,
  errorOf,
} from "../support/sources.ts";

const recordingsDir = resolve(
  process.env["RECORDINGS_DIR"] ?? "../shared/data",
);
const recorded = existsSync(recordingsDir);
if (!recorded) {
  console.log(`recorded answers are not tested: ${recordingsDir} is absent`);
}

describe.skipIf(!recorded)("recorded answers", () => {
  let recordings: Replay;
  beforeAll(async () => {
    recordings = await startReplay({ port: 0, recordingsDir });
  });
  afterAll(async () => {
    await recordings.close();
  });

  test("NVIDIA's list gives the newest three of each form, of which one was recorded", async () => {
    const connector = secAt(recordings.url);
    const { items, cursor } = await connector.poll(nvidia, null, never);
    for (const form of ["8-K", "10-Q", "10-K"]) {
      expect(
        items.filter((item) => item.facts["form"] === form),
        form,
      ).toHaveLength(3);
    }
    const bodies = await Promise.all(
      items.map((item) => connector.fetch(item, nvidia, never)),
    );
    expect(bodies.filter((body) => body !== null)).toHaveLength(1);
    expect((await connector.poll(nvidia, cursor, never)).items).toEqual([]);
  });

  test("Meta's filing and Amplitude's postings are found and fetched", async () => {
    for (const [connector, source, count] of [
      [secAt(recordings.url), meta, 1],
      [greenhouseAt(recordings.url), amplitude, 2],
    ] as const) {
      const { items } = await connector.poll(source, null, never);
      expect(items).toHaveLength(count);
      for (const item of items)
        expect(await connector.fetch(item, source, never)).not.toBeNull();
    }
  });

  test("the feeds with an account for a demo speak of it among their newest three", async () => {
    for (const { url, account } of recordedFeeds.filter(
      (feed) => feed.account !== null,
    )) {
      const { items } = await rssAt(recordings.url).poll(
        feedAt(url),
        null,
        never,
      );
      const names = [account?.name ?? "", ...(account?.aliases ?? [])];
      const relevant = items.filter((item) =>
        names.some((name) => item.title.includes(name)),
      );
      expect(relevant.length, url).toBeGreaterThan(0);
      const [item] = relevant;
      if (item !== undefined)
        expect(
          await rssAt(recordings.url).fetch(item, feedAt(url), never),
        ).not.toBeNull();
    }
  });

  test(
    "no recorded feed and no feed case crashes or hangs the reader",
    { timeout: 60_000 },
    async () => {
      const cases = feedCasesIn(join(recordingsDir, "feeds"));
      const times: number[] = [];
      const refused: string[] = [];
      for (const one of cases) {
        const start = performance.now();
        const outcome = await errorOf(entriesIn(one));
        times.push(performance.now() - start);
        if (outcome === "no error") continue;
        expect(outcome, one.name).toBeInstanceOf(PermanentError);
        refused.push(one.name);
      }
      const p99 =
        times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
      console.log(
        `feed cases: ${cases.length}, p99 ${p99.toFixed(0)} ms, refused: ${refused.join(", ") || "none"}`,
      );
      expect(cases.length).toBeGreaterThan(100);
      expect(p99).toBeLessThanOrEqual(250);
    },
  );

  // A feed without an entry is read when its list is empty.
  test("at least 97 in 100 of the well-formed feed cases are read", async () => {
    const cases = feedCasesIn(join(recordingsDir, "feeds")).filter(
      isWellFormed,
    );
    const refused: string[] = [];
    for (const one of cases) {
      if ((await errorOf(entriesIn(one))) !== "no error")
        refused.push(one.name);
    }
    console.log(
      `well-formed feed cases: ${cases.length}, refused: ${refused.join(", ") || "none"}`,
    );
    expect(cases.length).toBeGreaterThan(100);
    expect(refused.length).toBeLessThanOrEqual(cases.length * 0.03);
  });

  test("at least 90 in 100 of the titles and links that feed cases expect are found", async () => {
    const misses: string[] = [];
    let count = 0;
    for (const one of feedCasesIn(join(recordingsDir, "feeds"))) {
      const { expected } = one;
      if (expected === null) continue;
      count++;
      const [entry] = await entriesIn(one);
      const found = entry?.[expected.field];
      const wanted =
        expected.field === "link"
          ? new URL(expected.value).href
          : expected.value;
      if (found !== wanted)
        misses.push(`${one.name}: ${expected.field} ${found ?? "none"}`);
    }
    console.log(
      `titles and links of feed cases: ${count}, missed: ${misses.join(", ") || "none"}`,
    );
    expect(count).toBeGreaterThan(10);
    expect(misses.length).toBeLessThanOrEqual(count * 0.1);
  });
});

/** The case's entries, at the address that feedparser's own server would give it. */
function entriesIn({
  body,
  contentType,
}: FeedCase): Promise<readonly FeedEntry[]> {
  return readEntries(
    decodeFeed(body, contentType),
    "http://127.0.0.1:8097/feed.xml",
  );
}
