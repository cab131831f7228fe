import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { recordedFeeds } from "./recordedFeeds.ts";
import { listenOn } from "./server.ts";

export { recordedFeeds } from "./recordedFeeds.ts";

/** The recordings that the repository brings along. */
const ownRecordings = fileURLToPath(
  new URL("../../test/fixtures/recordings/", import.meta.url),
);

/** A replay that is running. */
export interface Replay {
  /** `http://127.0.0.1:<port>`; what is behind it is `/{host}/{path}`. */
  readonly url: string;
  readonly close: () => Promise<void>;
  /** The paths asked for, in their order, with their queries. */
  readonly requests: () => readonly string[];
}

interface Answer {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * Serves recorded answers of the web under `/{host}/{path}`: first those of `recordingsDir`, where
 * given, then the repository's own. What was not recorded is 404; nothing is made up. Port 0 is any.
 */
export async function startReplay(settings: {
  readonly port: number;
  readonly recordingsDir: string | null;
}): Promise<Replay> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const target = request.url ?? "/";
    requests.push(target);
    answerTo(target, settings.recordingsDir).then(
      (answer) => {
        response.writeHead(answer === null ? 404 : 200, {
          "content-type": answer?.contentType ?? "text/plain",
        });
        response.end(answer?.body ?? "not recorded");
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const listening = await listenOn(server, settings.port);
  return { ...listening, requests: () => [...requests] };
}

/** Where a replay keeps what is at `url`: the address to hand to a connector in its place. */
export function toReplayUrl(replayUrl: string, url: string): string {
  const { host, pathname, search } = new URL(url);
  return `${replayUrl}/${host}${pathname}${search}`;
}

async function answerTo(
  target: string,
  recordingsDir: string | null,
): Promise<Answer | null> {
  const { pathname, searchParams } = new URL(target, "http://replay");
  const path = safePath(pathname);
  if (path === null) return null;
  if (recordingsDir !== null) {
    const recorded =
      (await edgarAnswer(recordingsDir, path)) ??
      (await feedAnswer(recordingsDir, path)) ??
      (await boardAnswer(recordingsDir, path, searchParams));
    if (recorded !== null) return recorded;
  }
  // Not every system lets a file's name hold a colon.
  const name = path.replaceAll(":", "/");
  return fileAnswer(ownRecordings, name, ["", ".json", "/index.json"]);
}

/** A path below a folder, or null where it would lead out of it. */
function safePath(pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname).replace(/^\/+/, "");
  } catch {
    return null;
  }
  const plain = normalize(path);
  const leadsOut = plain.split(sep).includes("..") || path.includes("\0");
  return path === "" || leadsOut ? null : plain;
}

function edgarAnswer(dir: string, path: string): Promise<Answer | null> {
  return fileAnswer(join(dir, "edgar"), path, [""]);
}

async function feedAnswer(dir: string, path: string): Promise<Answer | null> {
  const feed = recordedFeeds.find(({ url }) => {
    const { host, pathname } = new URL(url);
    return safePath(`/${host}${pathname}`) === path;
  });
  if (feed?.file === undefined) return null;
  const answer = await fileAnswer(join(dir, "feeds/real"), feed.file, [""]);
  // Without a charset here, the feed's own declaration counts, as with the servers of these feeds.
  return answer === null ? null : { ...answer, contentType: "application/xml" };
}

const Board = z.object({
  jobs: z.array(z.looseObject({ id: z.int() })),
});

/** One recorded board, answered as the API does: content and departments only on request or for one posting. */
async function boardAnswer(
  dir: string,
  path: string,
  query: URLSearchParams,
): Promise<Answer | null> {
  const match =
    /^boards-api\.greenhouse\.io\/v1\/boards\/amplitude\/jobs(?:\/(\d+))?$/.exec(
      path,
    );
  if (match === null) return null;
  const file = await fileAnswer(join(dir, "jobs"), "greenhouse.json", [""]);
  if (file === null) return null;
  const board = Board.parse(JSON.parse(new TextDecoder().decode(file.body)));
  const [, id] = match;
  if (id !== undefined) {
    const job = board.jobs.find((posting) => String(posting.id) === id);
    return job === undefined ? null : jsonAnswer(job);
  }
  const jobs =
    query.get("content") === "true" ? board.jobs : board.jobs.map(brief);
  return jsonAnswer({ jobs, meta: { total: jobs.length } });
}

function brief(job: Readonly<Record<string, unknown>>) {
  const { content: _c, departments: _d, offices: _o, ...rest } = job;
  return rest;
}

function jsonAnswer(value: unknown): Answer {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { body, contentType: "application/json; charset=utf-8" };
}

const typeByEnding: Readonly<Record<string, string>> = {
  json: "application/json; charset=utf-8",
  htm: "text/html",
  html: "text/html; charset=utf-8",
  xml: "application/xml",
  rss: "application/rss+xml",
  atom: "application/atom+xml",
  txt: "text/plain; charset=utf-8",
};

async function fileAnswer(
  dir: string,
  path: string,
  endings: readonly string[],
): Promise<Answer | null> {
  for (const ending of endings) {
    const file = join(dir, path + ending);
    const body = await readFile(file).catch(absent);
    if (body === null) continue;
    const type = typeByEnding[/\.(\w+)$/.exec(file)?.[1] ?? ""];
    return { body, contentType: type ?? "application/octet-stream" };
  }
  return null;
}

function absent(error: NodeJS.ErrnoException): null {
  if (["ENOENT", "EISDIR", "ENOTDIR"].includes(error.code ?? "")) return null;
  throw error;
}
