/** What a thread runs, and how much one piece of its work may take. */
export interface ThreadSettings {
  /** The file of its code, which calls `serve`. */
  readonly entry: string;
  /** From when the thread takes a piece of work up. */
  readonly limitMs: number;
  /** Of its JavaScript heap. */
  readonly heapMb: number;
  /** By which the whole process may grow meanwhile: what lies outside of the heap, such as a PDF's inflated streams, is not counted there. */
  readonly growthMb: number;
  /** More is not taken on. */
  readonly mostWaiting: number;
}

/** One piece of work, by the name under which the thread serves it. */
export interface Work {
  readonly task: string;
  /** Goes over as a structured clone. */
  readonly input: unknown;
  /** What errors call it. */
  readonly name: string;
}
