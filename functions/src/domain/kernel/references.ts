import type { z } from "zod";

/** Where a document is stored, and the schema that it is parsed with when written and read. */
export interface DocumentRef<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
}

/** A collection, and the schema of its documents. */
export interface CollectionRef<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
}
