import type { z } from "zod";

/** Where a document is kept, and the schema that it is parsed by on the way in and on the way out. */
export interface DocumentRef<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
}

/** A collection, and the schema of its documents. */
export interface CollectionRef<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
}
