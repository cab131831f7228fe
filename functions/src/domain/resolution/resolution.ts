import { z } from "zod";
import { Audience, stamps } from "../kernel/document.ts";
import { AccountId, MessageId, Uid } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { EvidenceKind } from "./evidence.ts";
import { ReceivedSignal } from "./receivedSignal.ts";

/** An account that a signal may be of, as it was when that was asked. */
export const Guess = z.object({
  accountId: AccountId,
  name: z.string(),
  confidence: z.number().min(0).max(1),
  evidence: EvidenceKind,
  /** The identifier, domain or name by which it was found. */
  found: z.string(),
  audience: Audience,
});
export type Guess = z.infer<typeof Guess>;

/** A signal of which it is not sure enough whose it is: it waits for a person. Its id is that of the message that brought it. */
export const Resolution = z.object({
  ...stamps,
  state: z.enum(["open", "assigned", "dismissed"]),
  /** What goes on once it is assigned. */
  received: ReceivedSignal,
  title: z.string().max(500),
  /** The beginning of its text. */
  excerpt: z.string().max(2000),
  /** The likeliest first. */
  candidates: z.array(Guess).max(10),
  /** Whoever may see one of the candidates. */
  audience: z.array(z.string()).max(300),
  /** What an account would be known by from then on: the name, or else the domain, that the signal came with. */
  hint: z
    .object({ kind: z.enum(["alias", "domain"]), value: z.string() })
    .nullable(),
  receivedAt: Instant,
  decidedAt: Instant.nullable(),
  decidedBy: Uid.nullable(),
  /** Whose it was found to be. */
  assignedTo: AccountId.nullable(),
  /** With which message it went on. */
  messageId: MessageId.nullable(),
  /** Why it was dismissed. */
  reason: z.string().max(500).nullable(),
  version: z.int().positive(),
  traceId: z.string(),
  runId: z.string().nullable(),
});
export type Resolution = z.infer<typeof Resolution>;
