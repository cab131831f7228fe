import type { Call, Route } from "./calls.ts";

/** A call in which one parameter, or one field of the body, is what nobody sends by accident. */
export interface HostileCall extends Call {
  /** The parameter, or the first part of the field's path. */
  readonly field: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Texts that break whoever takes them for something else. */
const texts: readonly string[] = [
  "x".repeat(1_900),
  "\u{10FFFF}".repeat(400),
  "\ud800",
  "a\u0000b",
  "__proto__",
  "../../tenants/umbrella",
  "0000-01-01T00:00:00.000Z",
  "-1",
  "1e-300",
  "1e400",
  "\u2003\u200b\u202e",
  `'"><script>;=1+1--`,
];

const encoded = (values: unknown) =>
  Buffer.from(JSON.stringify(values)).toString("base64url");

/** Cursors that no list gave: of other types, of moments that no database holds, of texts that none compares. */
const cursors: readonly string[] = [
  "garbage",
  encoded(null),
  encoded([]),
  encoded({ length: 2 }),
  encoded(["__proto__"]),
  ...[
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "-000001-01-01T00:00:00Z",
    "\ud800",
    "x".repeat(1_600),
    "\u{10FFFF}".repeat(400),
    "",
    1e300,
    -1,
    null,
  ].flatMap((first) => [
    encoded([first, "x"]),
    encoded([first, "a/b"]),
    encoded([first, "v\u0000"]),
    encoded([first]),
  ]),
];

/** What no number that is counted or measured may be. */
const numbers: readonly unknown[] = [1e-300, -1, 1e300, 2 ** 53 + 2, "7", null];

const strings: readonly unknown[] = [
  "\ud800",
  "a\u0000b",
  "x".repeat(30_000),
  "__proto__",
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+01:00",
  7,
  [],
];

/** The calls of a route with each of its parameters hostile in turn. */
export function hostileParameters(
  route: Route,
  call: Call,
): readonly HostileCall[] {
  return route.parameters.flatMap(({ name, in: where }) => {
    if (name === undefined || where === undefined) return [];
    const values = name === "cursor" ? cursors : texts;
    return values.flatMap((value) => {
      const changed = changedBy(route, call, { name, where, value });
      return changed === null
        ? []
        : [{ ...call, headers: {}, ...changed, field: name, value }];
    });
  });
}

function changedBy(
  route: Route,
  { path }: Call,
  { name, where, value }: { name: string; where: string; value: string },
): Partial<HostileCall> | null {
  // What is half of a pair cannot be sent as UTF-8: only what stands for it.
  const escaped = encodeURIComponent(value.replace(/\p{Cs}/gu, "\u{FFFD}"));
  if (where === "query") {
    const others = path.replace(new RegExp(`([?&])${name}=[^&]*`, "u"), "$1");
    return {
      path: `${others}${others.includes("?") ? "&" : "?"}${name}=${escaped}`,
    };
  }
  if (where === "path") {
    const n = route.path.split("/").indexOf(`{${name}}`);
    const parts = path.split("/");
    parts[n] = escaped;
    return { path: parts.join("/") };
  }
  return /^[\x20-\x7e]*$/u.test(value) ? { headers: { [name]: value } } : null;
}

/** The calls of a route with each leaf of its example's body hostile in turn. */
export function hostileBodies(call: Call): readonly HostileCall[] {
  if (call.body === undefined) return [];
  return leavesOf(call.body).flatMap(([path, leaf]) =>
    (typeof leaf === "number" ? numbers : strings).map((value) => ({
      ...call,
      headers: {},
      body: replaced(call.body, path, value),
      field: path[0] ?? "body",
      value: String(value).slice(0, 40),
    })),
  );
}

type Path = readonly string[];

function leavesOf(
  value: unknown,
  path: Path = [],
): readonly (readonly [Path, unknown])[] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    leavesOf(inner, [...path, key]),
  );
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner: unknown, n) =>
      String(n) === key ? replaced(inner, rest, by) : inner,
    );
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      name === key ? replaced(inner, rest, by) : inner,
    ]),
  );
}
