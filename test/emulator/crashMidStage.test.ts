import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sec } from "../../functions/src/adapters/connectors/sec.ts";
import { startReplay } from "../../dev/standins/replay.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../support/builders.ts";
import { dump } from "../support/dump.ts";
import type { Fault, Point } from "../support/faults.ts";
import { fair, openWorld, startCrms } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("meta");
const modes: readonly Fault[] = ["throw", "kill", "timeout"];

interface Where {
  readonly topic: string;
  readonly point: Point;
}

describe("R2: a run that ends at any named point", () => {
  let replay: Awaited<ReturnType<typeof startReplay>>;
  beforeAll(async () => {
    replay = await startReplay({ port: 0, recordingsDir: null });
  });
  afterAll(() => replay.close());

  it(
    "recovers without a person, to the documents of the run without faults",
    { timeout: 900_000 },
    async () => {
      const passed: Where[] = [];
      const expected = await play(null, (where) => passed.push(where));
      const points = [
        ...new Map(
          passed.map((where) => [`${where.topic} ${where.point}`, where]),
        ).values(),
      ];
      const only = process.env["R2_ONLY"] ?? "";
      const cases = points
        .filter(({ topic, point }) => `${topic} ${point}`.includes(only))
        .flatMap((where) => modes.map((fault) => ({ ...where, fault })));
      const failures: string[] = [];
      await inParallel(4, cases, async ({ topic, point, fault }) => {
        // Behind an effect, an error means that the answer was lost.
        const kind =
          fault === "throw" && point.endsWith(":after") ? "cut" : fault;
        const came = await play({ topic, point, fault: kind });
        const missing = expected.lines.filter(
          (line) => !came.lines.includes(line),
        );
        const extra = came.lines.filter(
          (line) => !expected.lines.includes(line),
        );
        if (missing.length + extra.length > 0)
          failures.push(
            `${topic} ${point} ${fault}: \n- ${missing.join("\n- ")}\n+ ${extra.join("\n+ ")}`,
          );
        if (!came.struck)
          failures.push(`${topic} ${point} ${fault}: never struck`);
        if (JSON.stringify(came.records) !== JSON.stringify(expected.records))
          failures.push(
            `${topic} ${point} ${fault}: records ${JSON.stringify(came.records)}`,
          );
      });
      for (const failure of failures) console.log(failure);
      console.log(
        `R2: ${points.length} points × ${modes.length} faults = ${cases.length} runs, ${failures.length} differ from the run without faults (${expected.lines.length} documents)`,
      );
      expect(expected.records).toEqual({ salesforce: 1, hubspot: 1, notes: 1 });
      expect(failures).toHaveLength(0);
    },
  );

  async function play(
    fault: (Where & { readonly fault: Fault }) | null,
    passed: (where: Where) => void = () => undefined,
  ) {
    const crms = await startCrms();
    const connector = sec({
      dataUrl: `${replay.url}/data.sec.gov`,
      archivesUrl: `${replay.url}/www.sec.gov`,
      contact: "ops@acme.example",
      pacer: { turn: async () => undefined },
    });
    const world = openWorld(2, crms, { connectors: { sec: connector } });
    let struck = fault === null;
    world.watch((topic, point) => {
      passed({ topic, point });
      if (struck || topic !== fault?.topic || point !== fault.point)
        return null;
      struck = true;
      return fault.fault;
    });
    const meta = anAccount({
      name: "Meta Platforms",
      aliases: ["Meta"],
      sources: [{ kind: "sec", key: "sec", cik: "0001326801" }],
    });
    await world.write(
      aTenantWith(tenantId, [[accountId, meta]], {
        halfLifeDays: { filing: 365, news: 365, job: 365, crm: 365, tip: 365 },
      }),
    );
    await world.emit(tenantId, {
      topic: "account-due",
      payload: { accountId, occasion: "first", sourceKey: null, part: 0 },
    });
    await world.settle(fair);
    await world.approveAll(tenantId);
    await world.settle(fair);
    const lines = await dump(world.database.db);
    const ledgers = {
      salesforce: crms.salesforce.ledger(),
      hubspot: crms.hubspot.ledger(),
    };
    const records = {
      salesforce: ledgers.salesforce.tasks.length,
      hubspot: ledgers.hubspot.tasks.length,
      notes: ledgers.hubspot.notes.length,
    };
    await Promise.all([world.close(), crms.close()]);
    return { lines, struck, records };
  }
});

async function inParallel<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift())
        await work(item);
    }),
  );
}
