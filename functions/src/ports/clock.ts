/** What time it is, and a signal that fires after so many milliseconds. */
export interface Clock {
  readonly now: () => Date;
  readonly abortAfter: (ms: number) => {
    readonly signal: AbortSignal;
    readonly cancel: () => void;
  };
}

/** Chance: `id` a fresh random id, `jitter` a number from 0 (included) to 1. */
export interface Chance {
  readonly id: () => string;
  readonly jitter: () => number;
}
