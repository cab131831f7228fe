import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  recordedFeeds,
  startReplay,
  type Replay,
} from "../../dev/standins/replay.ts";
import { entriesOf } from "../../functions/src/adapters/connectors/feedEntries.ts";
import { decodeText } from "../../functions/src/adapters/text/charset.ts";
import { PermanentError } from "../../functions/src/domain/errors.ts";
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
    const { items, cursor } = await connector.look(nvidia, null, never);
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
    expect((await connector.look(nvidia, cursor, never)).items).toEqual([]);
  });

  test("Meta's filing and Amplitude's postings are found and fetched", async () => {
    for (const [connector, source, count] of [
      [secAt(recordings.url), meta, 1],
      [greenhouseAt(recordings.url), amplitude, 2],
    ] as const) {
      const { items } = await connector.look(source, null, never);
      expect(items).toHaveLength(count);
      for (const item of items)
        expect(await connector.fetch(item, source, never)).not.toBeNull();
    }
  });

  test("the feeds with an account for a demo speak of it among their newest three", async () => {
    for (const { url, account } of recordedFeeds.filter(
      (feed) => feed.account !== null,
    )) {
      const { items } = await rssAt(recordings.url).look(
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
      const files = readdirSync(join(recordingsDir, "feeds"), {
        recursive: true,
        withFileTypes: true,
      })
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name));
      const times: number[] = [];
      let read = 0;
      for (const file of files) {
        const start = performance.now();
        const outcome = await errorOf(
          entriesOf(
            decodeText(readFileSync(file), ""),
            "https://x.example/feed",
          ),
        );
        times.push(performance.now() - start);
        if (outcome === "no error") read++;
        else expect(outcome, file).toBeInstanceOf(PermanentError);
      }
      const p99 =
        times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
      console.log(
        `feed cases: ${files.length}, read ${read}, refused ${files.length - read}, p99 ${p99.toFixed(0)} ms`,
      );
      expect(p99).toBeLessThanOrEqual(250);
    },
  );
});
