import { z } from "zod";
import { TopicName } from "../../../../functions/src/domain/messages/topics.ts";

export const OperationsTab = z.enum([
  "messages",
  "runs",
  "unassigned",
  "why",
  "sources",
]);
export type OperationsTab = z.infer<typeof OperationsTab>;

/** Which messages are listed: those that wait for a person, or of these the unreadable ones; open ones, or of these those whose last run failed. */
export const MessageState = z.enum([
  "parked",
  "unreadable",
  "retrying",
  "open",
]);
export type MessageState = z.infer<typeof MessageState>;

export const SourceFilter = z.enum(["failing", "silent", "healthy"]);

/** What the address of operations says. Whatever cannot be read is left out. */
export const OperationsSearch = z.object({
  tab: OperationsTab.optional().catch(undefined),
  state: MessageState.optional().catch(undefined),
  topic: TopicName.optional().catch(undefined),
  /** The message that is open. */
  message: z.string().optional().catch(undefined),
  /** The run that is shown alone. */
  run: z.string().optional().catch(undefined),
  /** The item that was asked for: an address, or an id. */
  find: z.string().max(2000).optional().catch(undefined),
  level: SourceFilter.optional().catch(undefined),
});
export type OperationsSearch = z.infer<typeof OperationsSearch>;

/** What each tab is given. */
export interface TabProps {
  readonly search: OperationsSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<OperationsSearch>) => void;
}
