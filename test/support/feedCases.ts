import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { decodeFeed } from "../../functions/src/adapters/connectors/feeds/parts/feedCharset.ts";

/** A recorded feed, or one of the feedparser project's cases. */
export interface FeedCase {
  /** Its path below the folder of feeds. */
  readonly name: string;
  readonly body: Uint8Array;
  /** As the case says that a server would send it. */
  readonly contentType: string;
  /** What the first entry's title or link is to be, where the case says it in plain words. */
  readonly expected: Expected | null;
}

/** A value that a case expects of its first entry. */
interface Expected {
  readonly field: "title" | "link";
  readonly value: string;
}

/** Every file below the folder. */
export function feedCasesIn(folder: string): readonly FeedCase[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .toSorted()
    .map((path) => {
      const body = readFileSync(path);
      const comment =
        /<!--([^]*?)-->/u.exec(decodeFeed(body, ""))?.[1]?.trim() ?? "";
      const type = /^Header:\s*Content-Type:(.*)$/imu.exec(comment)?.[1];
      return {
        name: relative(folder, path),
        body,
        contentType: type?.trim() ?? "",
        expected: expectedIn(/^\s*Expect:(.*)$/mu.exec(comment)?.[1] ?? ""),
      };
    });
}

/** Whether XML's own rules hold in it: the cases that feedparser keeps as such. */
export function isWellFormed({ name }: FeedCase): boolean {
  return name.startsWith(join("feedparser", "wellformed"));
}

/**
 * What a case's Python expression says of its first entry: `entries[0]['title'] == 'Example'`,
 * alone or beside `not bozo`, also as the detail's value or the first link's address. Only
 * titles without markup and absolute links are taken; of anything else it says nothing.
 */
export function expectedIn(expression: string): Expected | null {
  const compared =
    /^\s*(?:not bozo and )?entries\[0\](?<path>(?:\.\w+|\[(?:'\w+'|0)\])+)(?: == entries\[[01]\][\w.'[\]]+)? == (?<literal>u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*$/u.exec(
      expression,
    );
  const path = (compared?.groups?.["path"] ?? "").replaceAll(/[^\w]+/gu, ".");
  const value = stringOf(compared?.groups?.["literal"] ?? "");
  if (/^\.title(?:_detail\.value)?\.?$/u.test(path) && !/[<&]/u.test(value))
    return { field: "title", value };
  if (/^\.(?:link|links\.0\.href)\.?$/u.test(path) && /^https?:/u.test(value))
    return { field: "link", value };
  return null;
}

/** The value of a Python string literal. */
function stringOf(literal: string): string {
  return literal
    .replace(/^u?["']|["']$/gu, "")
    .replace(
      /\\(?:u([\da-f]{4})|x([\da-f]{2})|(.))/giu,
      (_, four?: string, two?: string, other?: string) =>
        other ?? String.fromCodePoint(Number.parseInt(four ?? two ?? "", 16)),
    );
}
