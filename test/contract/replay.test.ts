import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  toReplayUrl,
  startReplay,
  type Replay,
} from "../../dev/standins/replay.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

/** The status of a path that is sent as it is: `fetch` would tidy it first. */
async function statusOf(path: string): Promise<number | undefined> {
  const { port } = new URL(replay.url);
  return new Promise((resolve, reject) => {
    request({ port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });
}

test("the replay answers with what was recorded, byte for byte, and keeps a list of what it was asked", async () => {
  const url = toReplayUrl(
    replay.url,
    "https://news.example.com/technology/feed.rss?a=1",
  );
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(
    new TextDecoder("latin1").decode(await response.arrayBuffer()),
  ).toContain("Århus");
  expect(replay.requests()).toContain(
    "/news.example.com/technology/feed.rss?a=1",
  );
});

test.each([
  "/",
  "/news.example.com",
  "/news.example.com/other",
  "/unknown.example/",
])("the replay has nothing at %s", async (path) => {
  expect(await statusOf(path)).toBe(404);
});

test.each([
  "/../../../package.json",
  "/..%2f..%2f..%2fpackage.json",
  "/news.example.com/..%2F..%2F..%2F..%2Fpackage.json",
  "/%2e%2e/%2e%2e/%2e%2e/package.json",
  "/news.example.com/%00",
  "/%",
  "//etc/passwd",
  "/....//package.json",
])("the replay does not leave its folder at %s", async (path) => {
  expect(await statusOf(path)).toBe(404);
});
