import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Replay, startReplay } from "../../dev/standins/replay.ts";
import { connectors } from "../../functions/src/adapters/connectors/index.ts";
import { crms } from "../../functions/src/adapters/crms/index.ts";
import {
  crmFacts,
  CrmName,
} from "../../functions/src/domain/crm/activation.ts";
import {
  polledKinds,
  SourceKind,
} from "../../functions/src/domain/sources/source.ts";
import { en } from "../../web/src/messages/en.ts";
import { uk } from "../../web/src/messages/uk.ts";
import { connectorRows } from "../support/connectorRows.ts";
import { crmRows } from "../support/crmRows.ts";
import { reachOf } from "../support/reach.ts";
import { connect, never } from "../support/sources.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(() => replay.close());

const languages = [
  ["English", en],
  ["Ukrainian", uk],
] as const;

describe("the connectors", () => {
  test("are listed in connectors/index.ts under the kinds that they poll, every kind once", () => {
    expect(Object.keys(connectors).toSorted()).toEqual(polledKinds.toSorted());
    for (const [kind, definition] of Object.entries(connectors)) {
      expect(definition.kind).toBe(kind);
      const reach = reachOf(replay.url);
      expect(connect(definition.kind, reach).kind).toBe(kind);
    }
  });

  test.each(languages)("have a name in %s", (_language, { source }) => {
    expect(unnamed(SourceKind.options, source)).toEqual([]);
  });

  test("are held to the contract, each by a row in test/support/connectorRows.ts", () => {
    const rows = Object.entries(connectorRows);
    expect(rows.map(([kind]) => kind).toSorted()).toEqual(
      polledKinds.toSorted(),
    );
    for (const [kind, { source, lists }] of rows) {
      expect(source.kind).toBe(kind);
      expect(lists.length).toBeGreaterThan(0);
    }
  });

  test.each(polledKinds)(
    "have a recording under test/fixtures/recordings: %s",
    async (kind) => {
      const before = replay.requests().length;
      const row = Object.values(connectorRows).find(
        ({ source }) => source.kind === kind,
      );
      if (row === undefined) throw new Error(`${kind} has no row`);
      const polled = await connect(kind, reachOf(replay.url))
        .poll(row.source, null, never)
        .catch((error: unknown) => {
          const asked = replay.requests().slice(before).join(", ");
          throw new Error(`what is recorded does not answer ${asked}`, {
            cause: error,
          });
        });
      expect(polled.items.length).toBeGreaterThan(0);
    },
  );
});

describe("the CRMs", () => {
  test("are listed in crms/index.ts under their names, every one once", () => {
    const names = CrmName.options.toSorted();
    expect(Object.keys(crms).toSorted()).toEqual(names);
    expect(Object.keys(crmFacts).toSorted()).toEqual(names);
    for (const [name, definition] of Object.entries(crms))
      expect(definition.name).toBe(name);
  });

  test.each(languages)("have a name in %s", (_language, { crmName }) => {
    expect(unnamed(CrmName.options, crmName)).toEqual([]);
  });

  test("are held to the contract, each by a row in test/support/crmRows.ts with its stand-in", () => {
    const rows = Object.entries(crmRows);
    expect(rows.map(([name]) => name).toSorted()).toEqual(
      CrmName.options.toSorted(),
    );
    for (const [name, { definition }] of rows) {
      expect(definition.name).toBe(name);
      expect(definition).toBe(crms[definition.name]);
    }
  });
});

function unnamed(
  kinds: readonly string[],
  names: Readonly<Record<string, string>>,
): readonly string[] {
  return kinds.filter((kind) => (names[kind] ?? "").trim() === "");
}
