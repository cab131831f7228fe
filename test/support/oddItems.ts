import type {
  Fetch,
  WebResponse,
} from "../../functions/src/adapters/web/fetch.ts";
import type {
  Connector,
  PollResult,
} from "../../functions/src/ports/sources.ts";
import type { VendorList } from "./connectorRows.ts";
import { reachOf } from "./reach.ts";
import { connect, never } from "./sources.ts";

/** How an item is spoilt: as a whole, or one of its fields. */
export interface Spoiling {
  readonly index: number;
  readonly field: readonly (string | number)[];
  readonly by: unknown;
}

/** A connector against recorded answers, which are asked for once, and of which one list can be spoilt. */
export async function spoilable(list: VendorList, replayUrl: string) {
  const { source, at, body } = list;
  const known = new Map<string, WebResponse>();
  const base = reachOf(replayUrl);
  const fetch: Fetch = async (url, options) => {
    const key = `${url} ${JSON.stringify(options.json ?? null)}`;
    const isGiven = body !== undefined && isAt(url, at);
    const got =
      known.get(key) ??
      (await (isGiven ? given(url, body) : base.fetch(url, options)));
    known.set(key, got);
    return got;
  };
  function connectorWith(spoiling: Spoiling | null): Connector {
    const reach = {
      ...base,
      fetch: async (...[url, options]: Parameters<Fetch>) => {
        const got = await fetch(url, options);
        return spoiling !== null && isAt(url, at)
          ? { ...got, body: spoilt(list, got.body, spoiling) }
          : got;
      },
    };
    return connect(source.kind, reach);
  }

  const look = (
    spoiling: Spoiling | null,
    cursor: Readonly<Record<string, string>> | null = {},
  ): Promise<PollResult> => connectorWith(spoiling).poll(source, cursor, never);
  await look(null);
  const original = [...known].find(([key]) =>
    isAt(key.split(" ")[0] ?? "", at),
  );
  if (original === undefined) throw new Error(`nothing is asked at ${at}`);
  return { look, now: base.now(), items: itemsIn(list, original[1].body) };
}

function isAt(url: string, at: string): boolean {
  return new URL(url).pathname
    .replace(/\.json$/u, "")
    .endsWith(at.replace(/\.json$/u, ""));
}

function given(url: string, body: string): Promise<WebResponse> {
  return Promise.resolve({
    status: 200,
    headers: new Headers(),
    body: new TextEncoder().encode(body),
    url,
  });
}

/** For each item of the list the ways to its fields, the way to itself first. */
function itemsIn(list: VendorList, body: Uint8Array) {
  const text = new TextDecoder().decode(body);
  if (list.element !== undefined)
    return elementsOf(text, list.element).map((element) => [
      [],
      ...[...element.matchAll(/<([\w:.-]+)[^>]*>/gu)]
        .slice(1)
        .map(({ 1: name = "" }) => [name]),
    ]);
  const found = at(JSON.parse(text), list.columns ?? list.path ?? []);
  if (list.columns === undefined)
    return Object.values(found).map((item) => waysIn(item));
  const columns = Object.entries(found);
  const first: unknown = columns[0]?.[1];
  return Object.keys(asObject(first)).map(() => [
    [],
    ...columns.map(([name]) => [name]),
  ]);
}

function waysIn(value: unknown): (string | number)[][] {
  if (value === null || typeof value !== "object") return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) =>
      waysIn(inner).map((way) => [key, ...way]),
    ),
  ];
}

function at(root: unknown, way: readonly (string | number)[]): object {
  return way.reduce(
    (value, key) => asObject(Reflect.get(value, key)),
    asObject(root),
  );
}

function asObject(value: unknown): object {
  if (typeof value === "object" && value !== null) return value;
  throw new Error(`${JSON.stringify(value)} is no list and no object`);
}

function spoilt(list: VendorList, body: Uint8Array, how: Spoiling): Uint8Array {
  const text = new TextDecoder().decode(body);
  const { element, columns } = list;
  if (element !== undefined) {
    const whole = elementsOf(text, element)[how.index] ?? "";
    return new TextEncoder().encode(
      text.replace(whole, () => spoiltElement(whole, element, how)),
    );
  }
  const root: unknown = JSON.parse(text);
  if (columns !== undefined) {
    for (const [name, column] of Object.entries(at(root, columns)))
      if (how.field.length === 0 || how.field[0] === name)
        Reflect.set(asObject(column), how.index, how.by);
  } else {
    const way = [...(list.path ?? []), how.index, ...how.field];
    Reflect.set(at(root, way.slice(0, -1)), way.at(-1) ?? 0, how.by);
  }
  return new TextEncoder().encode(JSON.stringify(root));
}

function elementsOf(xml: string, name: string): readonly string[] {
  return xml.match(new RegExp(`<${name}[\\s>][^]*?</${name}>`, "gu")) ?? [];
}

/** Garbage as the text of an element: what is no text is markup of its own. */
function spoiltElement(whole: string, name: string, { field, by }: Spoiling) {
  const said =
    typeof by === "string"
      ? by.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
      : by !== null && typeof by === "object"
        ? `<odd><odder>${JSON.stringify(by)}</odder></odd>`
        : by === null
          ? ""
          : JSON.stringify(by);
  const [inner] = field;
  if (inner === undefined) return `<${name}>${said}</${name}>`;
  const part = new RegExp(`(<${inner}(?:\\s[^>]*)?>)[^]*?(</${inner}>)`, "u");
  return whole.replace(
    part,
    (_all, start: string, end: string) => `${start}${said}${end}`,
  );
}
