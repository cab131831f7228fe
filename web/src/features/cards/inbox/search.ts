import { z } from "zod";
import { InboxStatus, Since } from "./filters.ts";

/** What the inbox's address says: which cards, and which of them is open. Whatever cannot be read is left out. */
export const InboxSearch = z.object({
  status: InboxStatus.optional().catch(undefined),
  q: z.string().max(200).optional().catch(undefined),
  category: z.array(z.string()).optional().catch(undefined),
  source: z.array(z.string()).optional().catch(undefined),
  account: z.string().optional().catch(undefined),
  owner: z.string().optional().catch(undefined),
  minScore: z.number().min(0).max(100).optional().catch(undefined),
  since: Since.optional().catch(undefined),
  card: z.string().optional().catch(undefined),
});
export type InboxSearch = z.infer<typeof InboxSearch>;
