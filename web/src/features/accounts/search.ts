import { z } from "zod";

/** What the list can be sorted by. */
export const SortBy = z.enum(["health", "intent", "trend", "name", "signal"]);
export type SortBy = z.infer<typeof SortBy>;

/** What the address of the list of accounts says. Whatever cannot be read is left out. */
export const AccountsSearch = z.object({
  q: z.string().max(200).optional().catch(undefined),
  owner: z.string().optional().catch(undefined),
  sort: SortBy.optional().catch(undefined),
  /** The other way round than is usual for `sort`. */
  reverse: z.boolean().optional().catch(undefined),
});
export type AccountsSearch = z.infer<typeof AccountsSearch>;

/** What an account's timeline is made of. */
export const EntryKind = z.enum(["signal", "card", "decision", "drop", "crm"]);
export type EntryKind = z.infer<typeof EntryKind>;

/** What the address of an account says: which kinds of entries are shown (all where absent), and the run whose progress is. */
export const AccountSearch = z.object({
  kinds: z.array(EntryKind).optional().catch(undefined),
  run: z.string().max(200).optional().catch(undefined),
});
export type AccountSearch = z.infer<typeof AccountSearch>;
