import { percentile } from "../../../test/support/world.ts";
import { type Figure, table } from "../report.ts";
import type { Field, Name } from "./contenders.ts";
import { type Reached, type Round, type Takeover, widths } from "./rounds.ts";

type All = ReadonlyMap<Name, Reached>;

/** One of the things that are asked: what came, and whether it holds; null where nobody is there to compare with. */
interface Verdict {
  readonly asked: string;
  readonly came: string;
  readonly holds: boolean | null;
}

/** The peers that keep everything in PostgreSQL. */
const sqlPeers = ["DBOS", "graphile-worker"] as const;

/** The longest that the last of the workflows may take after a kill. */
const takeoverSeconds = 15;

/** The figure of all that was reached; what is not there is named in its details. */
export function toFigure(
  all: All,
  { missing, isDurable }: Pick<Field, "missing" | "isDurable">,
): Figure {
  const verdicts = [...latency(all), ...throughput(all), ...takeovers(all)];
  const failed = verdicts.filter(({ holds }) => holds === false);
  const held = verdicts.filter(({ holds }) => holds === true);
  return {
    name: "peers",
    asked: "no slower than a bare chain and the peers, and no less safe",
    came: `${held.length} of ${held.length + failed.length} hold${failed.map(({ asked, came }) => `; ${asked}: ${came}`).join("")}`,
    holds: failed.length === 0,
    details: [
      `Seven steps, each of which reads two documents or rows at once and raises the count of one. Ours and the bare chain work on one Firestore emulator, with rings within the process, and write the same documents; DBOS (a runStep for each step), graphile-worker (a job for each step, which adds the next in the transaction of its work) and Restate (a ctx.run for each step) on one PostgreSQL. The emulator keeps everything in memory; ${isDurable ? "PostgreSQL and Restate wait for their disk, as they are installed (PEERS_FSYNC=off has them not do so)" : "PostgreSQL and Restate do not wait for their disk either"}. In turns, each round by a new process on a new database, warmed up; a ratio is the median of the rounds' ratios, CPU that of the worker's process alone, at 16 wide.`,
      ...missing,
      reachedTable(all),
      ratioTable(all),
      takeoverTable(all),
      verdictTable(verdicts),
    ],
  };
}

function latency(all: All): readonly Verdict[] {
  const toMs = ({ aloneMs }: Round) => percentile(aloneMs, 0.5);
  const ratios = sqlPeers.map((name) => ratioTo(name, toMs, all));
  const known = ratios.filter((ratio) => ratio !== null);
  return [
    atMost("latency ÷ the bare chain's", 1.5, ratioTo("bare chain", toMs, all)),
    atMost(
      "latency ÷ that of the best SQL peer",
      2,
      known.length === 0 ? null : Math.max(...known),
    ),
  ];
}

function throughput(all: All): readonly Verdict[] {
  return widths.flatMap((width) => {
    const toSpeed = ({ stepsPerSecond }: Round) => stepsPerSecond[width];
    const at = `steps a second at ${width} wide`;
    return [
      atLeast(`${at} ÷ DBOS's`, 1, ratioTo("DBOS", toSpeed, all)),
      atLeast(
        `${at} ÷ the bare chain's`,
        0.9,
        ratioTo("bare chain", toSpeed, all),
      ),
    ];
  });
}

function takeovers(all: All): readonly Verdict[] {
  const mine = all.get("ours")?.takeovers ?? [];
  const doubled = sumDoubled(mine);
  const last = slowest(mine);
  const theirs = [...all]
    .filter(([name]) => name !== "ours" && name !== "bare chain")
    .map(([, { takeovers: kills }]) => sumDoubled(kills));
  const least = Math.min(...theirs);
  const more = theirs.length > 0 && least > 0;
  return [
    {
      asked: `the last workflow done after a kill: ≤ ${takeoverSeconds} s`,
      came: last === null ? "never" : `${last.toFixed(1)} s`,
      holds: last !== null && last <= takeoverSeconds,
    },
    {
      asked: more ? `doubled steps: < ${least}` : "doubled steps: 0",
      came: String(doubled),
      holds: more ? doubled < least : doubled === 0,
    },
  ];
}

function atMost(asked: string, most: number, ratio: number | null): Verdict {
  return toVerdict(`${asked}: ≤ ${most}`, ratio, (came) => came <= most);
}

function atLeast(asked: string, least: number, ratio: number | null): Verdict {
  return toVerdict(`${asked}: ≥ ${least}`, ratio, (came) => came >= least);
}

function toVerdict(
  asked: string,
  ratio: number | null,
  isFine: (ratio: number) => boolean,
): Verdict {
  if (ratio === null) return { asked, came: "not measured", holds: null };
  return { asked, came: ratio.toFixed(2), holds: isFine(ratio) };
}

/** Ours divided by another's, round by round; null where that is not measured. */
function ratioTo(
  name: Name,
  toNumber: (round: Round) => number,
  all: All,
): number | null {
  const mine = all.get("ours")?.rounds ?? [];
  const theirs = all.get(name)?.rounds ?? [];
  const ratios = theirs.flatMap((round, n) => {
    const own = mine[n];
    return own === undefined ? [] : [toNumber(own) / toNumber(round)];
  });
  return ratios.length === 0 ? null : median(ratios);
}

function reachedTable(all: All): string {
  const head = ["", "alone p50", "p95", "steps/s at 16", "at 64", "CPU/1,000"];
  const rows = [...all].map(([name, { rounds }]) => {
    const alone = rounds.flatMap(({ aloneMs }) => aloneMs);
    const middle = (toNumber: (round: Round) => number) =>
      Math.round(median(rounds.map(toNumber)));
    return [
      name,
      `${percentile(alone, 0.5).toFixed(1)} ms`,
      `${percentile(alone, 0.95).toFixed(1)} ms`,
      String(middle(({ stepsPerSecond }) => stepsPerSecond[16])),
      String(middle(({ stepsPerSecond }) => stepsPerSecond[64])),
      `${middle(({ cpuMsPer1000Steps }) => cpuMsPer1000Steps)} ms`,
    ];
  });
  return table(head, rows);
}

function ratioTable(all: All): string {
  const measures: readonly ((round: Round) => number)[] = [
    ({ aloneMs }) => percentile(aloneMs, 0.5),
    ({ aloneMs }) => percentile(aloneMs, 0.95),
    ({ stepsPerSecond }) => stepsPerSecond[16],
    ({ stepsPerSecond }) => stepsPerSecond[64],
    ({ cpuMsPer1000Steps }) => cpuMsPer1000Steps,
  ];
  const head = ["ours ÷", "alone p50", "p95", "steps/s at 16", "at 64", "CPU"];
  const rows = [...all.keys()]
    .filter((name) => name !== "ours")
    .map((name) => [
      name,
      ...measures.map(
        (toNumber) => ratioTo(name, toNumber, all)?.toFixed(2) ?? "",
      ),
    ]);
  return table(head, rows);
}

function takeoverTable(all: All): string {
  const head = [
    "killed with 100 workflows",
    "still open",
    "the last done after",
    "doubled steps",
  ];
  const rows = [...all]
    .filter(([, { takeovers: kills }]) => kills.length > 0)
    .map(([name, { takeovers: kills }]) => [
      name,
      kills.map(({ open }) => open).join(", "),
      kills
        .map(({ seconds }) =>
          seconds === null ? "never" : `${seconds.toFixed(1)} s`,
        )
        .join(", "),
      kills.map(({ doubled }) => doubled).join(", "),
    ]);
  return table(head, rows);
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const said = { true: "holds", false: "does not hold", null: "" } as const;
  return table(
    ["asked", "came", ""],
    verdicts.map(({ asked, came, holds }) => [asked, came, said[`${holds}`]]),
  );
}

function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

function sumDoubled(kills: readonly Takeover[]): number {
  return kills.reduce((sum, { doubled }) => sum + doubled, 0);
}

/** Null where one of them never ended. */
function slowest(kills: readonly Takeover[]): number | null {
  const seconds = kills.map((kill) => kill.seconds ?? Infinity);
  const most = Math.max(...seconds);
  return Number.isFinite(most) ? most : null;
}
