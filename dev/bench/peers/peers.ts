import { type Name, type Field, openField } from "./contenders.ts";
import type { Figure } from "../report.ts";
import { toFigure } from "./figure.ts";
import { playRound, playTakeover, type Reached, type Size } from "./rounds.ts";

/** Where in its work a worker is killed, one round after the other. */
const killShares = [0.3, 0.5, 0.15] as const;

const rounds = 5;
const size: Size = {
  warmUp: 320,
  alone: 30,
  wide: { 16: 160, 64: 320 },
  flood: 100,
};

/**
 * The same seven steps on ours, on a bare chain and on what its users might take instead, in turns.
 * PEERS_SHARE makes everything smaller, for a trial.
 */
export async function measurePeers(): Promise<Figure> {
  const share = Number(process.env["PEERS_SHARE"] ?? "1");
  const field = await openField(process.env);
  for (const sentence of field.missing) console.log(sentence);
  try {
    const reached = await play(scaled(share), field);
    return toFigure(reached, field);
  } finally {
    await field.stop();
  }
}

function scaled(share: number) {
  const least = (count: number) => Math.max(1, Math.round(count * share));
  return {
    rounds: least(rounds),
    kills: killShares.slice(0, least(killShares.length)),
    size: {
      warmUp: least(size.warmUp),
      alone: least(size.alone),
      wide: { 16: least(size.wide[16]), 64: least(size.wide[64]) },
      flood: size.flood,
    },
  };
}

async function play(
  wanted: ReturnType<typeof scaled>,
  field: Field,
): Promise<ReadonlyMap<Name, Reached>> {
  const { contenders } = field;
  const reached = new Map<Name, Reached>(
    contenders.map((name) => [name, { rounds: [], takeovers: [] }]),
  );
  // The first round warms the servers up and is not counted.
  for (let round = 0; round <= wanted.rounds; round++)
    for (const name of turned(contenders, round)) {
      console.log(`round ${round} of ${wanted.rounds}: ${name}`);
      const played = await playRound(name, wanted.size, field);
      if (round > 0) reached.get(name)?.rounds.push(played);
    }
  for (const share of wanted.kills)
    for (const name of contenders) {
      // Nobody takes up what a bare chain has begun.
      if (name === "bare chain") continue;
      console.log(`killed at ${share * 100} % of its steps: ${name}`);
      const kill = { flood: wanted.size.flood, share };
      reached.get(name)?.takeovers.push(await playTakeover(name, kill, field));
    }
  return reached;
}

/** The same in another order each round, so that nobody always follows the same neighbour. */
function turned<T>(all: readonly T[], by: number): readonly T[] {
  const n = by % all.length;
  return [...all.slice(n), ...all.slice(0, n)];
}
