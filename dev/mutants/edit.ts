/** One change to the source, and what sort of mistake it stands for. */
export interface Edit {
  readonly sort: string;
  /** The function or the match that it is in. */
  readonly where: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}
