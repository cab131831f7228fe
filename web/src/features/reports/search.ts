import { z } from "zod";

/** What the dashboard's address says: how many weeks, and whether charts show as tables. */
export const DashboardSearch = z.object({
  weeks: z.literal([4, 8]).optional().catch(undefined),
  tables: z.boolean().optional().catch(undefined),
});
export type DashboardSearch = z.infer<typeof DashboardSearch>;
