/** What a thread runs, and how much one piece of its work may take. */
export interface ThreadSettings {
  /** The file of its code, which calls `serve`. */
  readonly entry: string;
  /** CPU time of the whole process meanwhile: that of one thread is not told. A busy machine gives less of it in the same time. */
  readonly cpuMs: number;
  /** Time from when the thread takes up a piece of work; longer than `cpuMs`. */
  readonly wallMs: number;
  /** The limit of its JavaScript heap. */
  readonly heapMb: number;
  /** How much the whole process may grow meanwhile: memory outside the heap, such as a PDF's inflated streams, is not counted there. */
  readonly growthMb: number;
  /** More work than this is refused. */
  readonly mostWaiting: number;
}

/** One piece of work, by the name that the thread serves it under. */
export interface Work {
  readonly task: string;
  /** Sent as a structured clone. */
  readonly input: unknown;
  /** Its name in errors. */
  readonly name: string;
}
