import { afterEach } from "vitest";
import { greenhouse } from "../../functions/src/adapters/connectors/boards/greenhouse.ts";
import { connectors } from "../../functions/src/adapters/connectors/index.ts";
import { rss } from "../../functions/src/adapters/connectors/feeds/rss.ts";
import { sec } from "../../functions/src/adapters/connectors/sec/sec.ts";
import type {
  PolledKind,
  Source,
} from "../../functions/src/domain/sources/source.ts";
import type { Reach } from "../../functions/src/adapters/connectors/reach.ts";
import type { Connector } from "../../functions/src/ports/sources.ts";
import { localServer } from "./localServer.ts";
import { reachOf } from "./reach.ts";

/** A signal that never fires. */
export const never = new AbortController().signal;

export const nvidia = {
  kind: "sec",
  key: "sec",
  cik: "0001045810",
} as const satisfies Source;

export const meta = {
  kind: "sec",
  key: "sec",
  cik: "0001326801",
} as const satisfies Source;

export const amplitude = {
  kind: "greenhouse",
  key: "jobs",
  board: "amplitude",
} as const satisfies Source;

export const news = feedAt("https://news.example.com/technology/feed.rss");
export const releases = feedAt("https://blog.example.org/releases.atom");

/** The source of a feed at this address. */
export function feedAt(url: string): Extract<Source, { kind: "rss" }> {
  return {
    kind: "rss",
    key: url.slice(-90),
    url,
    publisher: "Example",
    reliability: 0.7,
    licence: "example",
  };
}

/** The connector of this kind, its settings at their defaults but for whom SEC may write to. */
export function connect(kind: PolledKind, reach: Reach): Connector {
  const definition = connectors[kind];
  const defaults = Object.entries(definition.settings).map(
    ([key, setting]) => [key, setting.default] as const,
  );
  const contact = "ops@clientpulse.example";
  return definition.connect(reach, {
    ...Object.fromEntries(defaults),
    contact,
  });
}

/** The connector of this kind against a server that has its vendor's hosts as folders. */
export function connectorAt(
  kind: Source["kind"],
  base: string,
  changes: Partial<Reach> = {},
): Connector {
  return connect(kind, reachOf(base, changes));
}

/** The SEC connector against a server that has SEC's hosts as folders. */
export function secAt(base: string, changes: Partial<Reach> = {}): Connector {
  return sec(reachOf(base, changes), { contact: "ops@clientpulse.example" });
}

/** The feed connector against a server that has the feeds' hosts as folders. */
export function rssAt(base: string): Connector {
  return rss(reachOf(base));
}

/** The Greenhouse connector against a server that has Greenhouse's host as a folder. */
export function greenhouseAt(base: string): Connector {
  return greenhouse(reachOf(base));
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A local server until the end of the test. */
export async function serving(
  answer: Parameters<typeof localServer>[0],
): Promise<string> {
  const server = await localServer(answer);
  closing.push(server.close);
  return server.url;
}

/** A vendor that gives the same answer to everything. */
export async function always(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  return serving((_request, response) =>
    response.writeHead(status, headers).end(body),
  );
}

/** A vendor that answers by path, and 404 to the rest. */
export async function answers(
  byPath: Readonly<Record<string, string>>,
): Promise<string> {
  return serving((request, response) => {
    const body = byPath[(request.url ?? "").split("?")[0] ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body ?? "");
  });
}

/** What a promise is rejected with, or `"no error"`. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: unknown) => error,
  );
}
