import type { WhereFilterOp } from "firebase/firestore";

/** What a listener asks for. The rules refuse a limit over 200. */
export interface Ask {
  readonly where?: readonly (readonly [string, WhereFilterOp, unknown])[];
  readonly orderBy: readonly (readonly [string, "asc" | "desc"])[];
  readonly limit: number;
  /** The order's values of the last document before, and of the last one that belongs to it. */
  readonly after?: readonly unknown[] | undefined;
  readonly until?: readonly unknown[] | undefined;
}
