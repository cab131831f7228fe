import type { WhereFilterOp } from "firebase/firestore";

/** A query of a listener. The rules refuse a limit over 200. */
export interface ListQuery {
  readonly where?: readonly (readonly [string, WhereFilterOp, unknown])[];
  readonly orderBy: readonly (readonly [string, "asc" | "desc"])[];
  readonly limit: number;
  /** The values, by the order, of the last document before the result, and of its last one. */
  readonly after?: readonly unknown[] | undefined;
  readonly until?: readonly unknown[] | undefined;
}
