import { beforeAll, describe, expect, it } from "vitest";
import { journeys } from "../reliability/journeys/index.ts";
import { type Dumped, linesOf } from "../support/dump.ts";

/** All that two runs may differ in and count as the same; moments besides. */
const free = [
  "dashboards.timeToCard",
  "messages.attempts",
  "messages.starts",
  "messages.turnAt",
  "messages.skipped of activation-settled",
  "models.costUsd",
  "models.tokens",
];

describe("the comparison of two runs", () => {
  const dumped: Dumped[] = [];
  beforeAll(async () => {
    for (const { play } of journeys)
      dumped.push(...(await play(() => null)).documents);
  });

  it("finds a document that is missing, or twice", () => {
    const lines = linesOf(dumped);
    for (const document of dumped.filter(isCompared)) {
      const others = dumped.filter((other) => other !== document);
      expect(linesOf(others)).toHaveLength(lines.length - 1);
    }
  });

  it("finds each field that is another, but for those that tell how often it was tried and how long it took", () => {
    const unnoticed = new Set<string>();
    for (const document of dumped.filter(isCompared)) {
      const [line] = linesOf([document]);
      for (const [field, data] of changesOf(document.data)) {
        const [changed] = linesOf([{ ...document, data }]);
        if (changed === line) unnoticed.add(nameOf(document.path, field));
      }
    }
    const names = [...unnoticed].filter(
      (name) => !/\.(?:traceId|runId)$/.test(name),
    );
    expect(names.sort()).toEqual([...free].sort());
  });
});

/** Folds come in whatever number the order of their facts makes. */
function isCompared({ path }: Dumped): boolean {
  return !path.includes("/messages/account-assess_");
}

function nameOf(path: string, field: string): string {
  const [id = "", collection = ""] = path.split("/").reverse();
  const of = field === "skipped" ? ` of ${id.split("_")[0]}` : "";
  return `${collection}.${field}${of}`;
}

/** The document with one of its values changed, once for each value, however deep, by the field that it is in. */
function* changesOf(data: object): Generator<[string, object]> {
  for (const [field, value] of Object.entries(data))
    for (const changed of changesIn(value))
      yield [field, { ...data, [field]: changed }];
}

/** Another value of the same kind for each value inside; a moment or nothing becomes a text. */
function* changesIn(value: unknown): Generator {
  if (typeof value === "string") yield `${value}.`;
  else if (typeof value === "number") yield value + 1;
  else if (typeof value === "boolean") yield !value;
  else if (isList(value)) {
    yield [...value, "one more"];
    for (const [i, inner] of value.entries())
      for (const changed of changesIn(inner)) yield value.with(i, changed);
  } else if (isPlain(value)) {
    yield { ...value, more: 1 };
    for (const [key, inner] of Object.entries(value))
      for (const changed of changesIn(inner))
        yield { ...value, [key]: changed };
  } else yield "another";
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isPlain(value: unknown): value is object {
  return (
    value !== null &&
    typeof value === "object" &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
