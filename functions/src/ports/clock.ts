/** The current time, and an AbortSignal that fires after a number of milliseconds. */
export interface Clock {
  readonly now: () => Date;
  readonly abortAfter: (ms: number) => {
    readonly signal: AbortSignal;
    readonly cancel: () => void;
  };
}

/** Randomness: `id` is a new random id, `jitter` a number from 0 (inclusive) to 1 (exclusive). */
export interface Chance {
  readonly id: () => string;
  readonly jitter: () => number;
}
