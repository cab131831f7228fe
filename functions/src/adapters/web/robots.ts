import { setTimeout as after } from "node:timers/promises";
import robotsParser from "robots-parser";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { addMs, hourMs, secondMs } from "../../domain/kernel/instant.ts";
import type { WebResponse } from "./fetch.ts";
import { loggableUrl } from "./url.ts";

// Its types describe an ES module, but it is CommonJS: the import is the function itself.
const parse = "default" in robotsParser ? robotsParser.default : robotsParser;

/** How much of a robots.txt is read, in bytes: the minimum of RFC 9309, section 2.5. */
export const maxRobotsBytes = 512_000;

/** Longer delays between two requests are not kept: a lease would expire. */
const longestDelayMs = 10 * secondMs;

/** A turn that is further ahead is not waited for. */
const longestWaitMs = 30 * secondMs;

/** The most sites to remember. */
const maxSites = 1_000;

/** How much of a URL's path and query is matched against the rules, in characters: the time grows with both lengths. */
const maxJudgedCharacters = 500;

/** Whether a site allows a page to be fetched; waits for its turn where the site asks for a delay. */
export type Robots = (
  url: URL,
  asking: {
    /** Fetches the site's robots.txt. */
    readonly ask: (url: string) => Promise<WebResponse>;
    readonly abortSignal: AbortSignal;
  },
) => Promise<boolean>;

interface Site {
  readonly rules: Promise<Rules>;
  readonly until: Date;
}

interface Rules {
  readonly allows: (url: URL) => boolean;
  readonly delayMs: number;
}

/**
 * Follows each site's robots.txt (RFC 9309), fetched at most once an hour: one that is missing (4xx, or
 * unreadable) allows everything; one that cannot be reached allows nothing: RetryableError ("vendor-down"). This
 * process keeps a Crawl-delay of up to 10 s; RetryableError ("vendor-busy") where the turn would be over 30 s
 * ahead.
 */
export function robots(robot: string, now: () => Date): Robots {
  const sites = new Map<string, Site>();
  const turns = new Map<string, number>();

  function findSite(
    origin: string,
    ask: (url: string) => Promise<WebResponse>,
  ): Site {
    const known = sites.get(origin);
    if (known !== undefined && now() < known.until) return known;
    const site = {
      rules: fetchRules(origin, robot, ask),
      until: addMs(now(), hourMs),
    };
    site.rules.catch(() => sites.delete(origin));
    remember(sites, origin, site);
    return site;
  }

  /** Takes a turn; returns the milliseconds until then. */
  function turn({ hostname, origin }: URL, delayMs: number): number {
    const at = now().getTime();
    const waitMs = Math.max(0, (turns.get(origin) ?? 0) - at);
    if (waitMs > longestWaitMs) {
      throw new RetryableError(
        "vendor-busy",
        `${hostname} wants ${delayMs / secondMs} s between two requests, and others are waiting`,
        { retryAfterMs: waitMs },
      );
    }
    remember(turns, origin, at + waitMs + delayMs);
    return waitMs;
  }

  return async (url, { ask, abortSignal }) => {
    const rules = await findSite(url.origin, ask).rules;
    if (!rules.allows(url)) return false;
    const waitMs = rules.delayMs === 0 ? 0 : turn(url, rules.delayMs);
    if (waitMs === 0) return true;
    return after(waitMs, true, { signal: abortSignal }).catch(
      (cause: unknown) => {
        throw new RetryableError(
          "timed-out",
          `${loggableUrl(url)} was not fetched in time: its turn had not come`,
          { cause },
        );
      },
    );
  };
}

/** Remembers something about a site, and forgets the oldest where there are too many. */
function remember<T>(map: Map<string, T>, origin: string, value: T): void {
  map.delete(origin);
  map.set(origin, value);
  const [oldest] = map.keys();
  if (map.size > maxSites && oldest !== undefined) map.delete(oldest);
}

async function fetchRules(
  origin: string,
  robot: string,
  ask: (url: string) => Promise<WebResponse>,
): Promise<Rules> {
  const url = `${origin}/robots.txt`;
  const text = await ask(url).then(robotsText, (error: unknown) => {
    // A redirect loop or unreadable bytes: a site without rules (RFC 9309, section 2.3.1.2).
    if (error instanceof PermanentError && error.code === "bad-answer")
      return "";
    throw error;
  });
  const parsed = parse(url, condense(text, robot));
  const delayMs = (parsed.getCrawlDelay(robot) ?? 0) * secondMs;
  return {
    allows: ({ pathname, search }) =>
      parsed.isAllowed(
        origin + (pathname + search).slice(0, maxJudgedCharacters),
        robot,
      ) ?? true,
    delayMs: Math.min(Math.max(delayMs, 0), longestDelayMs),
  };
}

function robotsText({ status, body, url }: WebResponse): string {
  if (status >= 200 && status < 300) return new TextDecoder().decode(body);
  if (status >= 400 && status < 500 && status !== 429) return "";
  throw new RetryableError(
    "vendor-down",
    `${loggableUrl(url)} answered ${status}`,
  );
}

/**
 * The same rules for this robot, in fewer words: the parser takes time and memory for each robot of a group times
 * each of its rules, and for each of several wildcards in a row.
 */
function condense(text: string, robot: string): string {
  const named = new Set<string>();
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => line.replace(/#[^]*/u, "").trim())
    .flatMap((line) => {
      if (line === "") return [];
      const [, name] = /^user-agent\s*:(.*)$/iu.exec(line) ?? [];
      if (name === undefined) {
        named.clear();
        return [line.replaceAll(/\*+/gu, "*")];
      }
      const [bare = ""] = name.trim().toLowerCase().split("/");
      const agent = ["*", robot.toLowerCase()].includes(bare.trim())
        ? bare.trim()
        : "another";
      if (named.has(agent)) return [];
      named.add(agent);
      return [`user-agent: ${agent}`];
    })
    .join("\n");
}
