import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { AccountId } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";

/** One monitoring of an account; its progress follows from its messages, so that nothing has to keep count. */
export const Run = z.object({
  ...stamps,
  accountId: AccountId,
  trigger: z.enum(["clock", "by_hand"]),
  startedBy: z.string(),
  startedAt: Instant,
  traceId: z.string(),
});
export type Run = z.infer<typeof Run>;

/** The clock's own heartbeat. */
export const Heartbeat = z.object({
  ...stamps,
  tickedAt: Instant,
  rung: z.int().nonnegative(),
  due: z.int().nonnegative(),
  /**
   * How far the open messages have been scanned for those that no sweep finds: the path of the last one; null to
   * start from the beginning.
   */
  readThrough: z.string().nullable().default(null),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
