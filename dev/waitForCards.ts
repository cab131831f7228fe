/** What is watched while the first cards are on their way. */
export interface FirstWork {
  readonly cards: () => readonly unknown[];
  /** How many pieces of work could run now or within a minute, and have not ended. */
  readonly underWay: () => number;
  /** How many have ended, done or parked. */
  readonly ended: () => number;
}

/** Why the waiting is over: nothing is left to do, nothing is and no card came, or the work stands still. */
export type Waited = "ready" | "no-card" | "stuck" | "interrupted";

/** Pauses, of a second each: so many without work are quiet, so many without a card in sight, so many say again what is waited for, and so many without anything ending mean that it stands still. */
const pauses = { quiet: 2, noCard: 30, say: 10, stuck: 300 } as const;

/** Waits as long as work is under way, and says every ten pauses how much is; never longer than the work itself goes on. */
export async function waitForCards(
  work: FirstWork,
  {
    pause,
    say,
    isInterrupted,
  }: {
    readonly pause: () => Promise<unknown>;
    readonly say: (line: string) => void;
    readonly isInterrupted: () => boolean;
  },
): Promise<Waited> {
  let quiet = 0;
  let still = 0;
  let ended = work.ended();
  for (let paused = 1; !isInterrupted(); paused++) {
    await pause();
    const left = work.underWay();
    const cards = work.cards().length;
    quiet = left === 0 ? quiet + 1 : 0;
    still = work.ended() === ended ? still + 1 : 0;
    ended = work.ended();
    if (cards > 0 && quiet >= pauses.quiet) return "ready";
    if (cards === 0 && quiet >= pauses.noCard) return "no-card";
    if (left > 0 && still >= pauses.stuck) return "stuck";
    if (paused % pauses.say === 0)
      say(
        left === 0
          ? "waiting for the first work"
          : `waiting for ${left} ${left === 1 ? "piece" : "pieces"} of work under way, ${ended} done; ${cards} ${cards === 1 ? "card" : "cards"} so far`,
      );
  }
  return "interrupted";
}
