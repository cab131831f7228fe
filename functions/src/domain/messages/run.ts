import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { AccountId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";

/** One monitoring of an account; how far it is follows from its messages, so that nothing has to count along. */
export const Run = z.object({
  ...stamps,
  accountId: AccountId,
  trigger: z.enum(["clock", "by_hand"]),
  startedBy: z.string(),
  startedAt: Instant,
  traceId: z.string(),
});
export type Run = z.infer<typeof Run>;

/** The clock's own sign of life. */
export const Heartbeat = z.object({
  ...stamps,
  tickedAt: Instant,
  rung: z.int().nonnegative(),
  due: z.int().nonnegative(),
  /** How far the open messages were looked through for what no sweep finds: the path of the last one; null where it begins anew. */
  lookedThrough: z.string().nullable().default(null),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
