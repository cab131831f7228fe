import { z } from "zod";
import { Audience, stamps } from "../kernel/document.ts";
import { AccountId, MessageId, Uid } from "../kernel/ids.ts";
import { Instant } from "../kernel/instant.ts";
import { EvidenceKind } from "./evidence.ts";
import { ReceivedSignal } from "./receivedSignal.ts";

/** An account that a signal may be about, as it was at the time of the question. */
export const Guess = z.object({
  accountId: AccountId,
  name: z.string(),
  confidence: z.number().min(0).max(1),
  evidence: EvidenceKind,
  /** The identifier, domain or name that led to it. */
  found: z.string(),
  audience: Audience,
});
export type Guess = z.infer<typeof Guess>;

/** An unresolved signal, which waits for a person. Its id is that of the message that brought it. */
export const Resolution = z.object({
  ...stamps,
  state: z.enum(["open", "assigned", "dismissed"]),
  /** What is processed further once it is assigned. */
  received: ReceivedSignal,
  title: z.string().max(500),
  /** The beginning of its text. */
  excerpt: z.string().max(2000),
  /** Likeliest first. */
  candidates: z.array(Guess).max(10),
  /** Everybody who may see one of the candidates. */
  audience: z.array(z.string()).max(300),
  /** How the account may be recognised from then on: the name, or else the domain, that the signal came with. */
  hint: z
    .object({ kind: z.enum(["alias", "domain"]), value: z.string() })
    .nullable(),
  receivedAt: Instant,
  decidedAt: Instant.nullable(),
  decidedBy: Uid.nullable(),
  /** The account that a person assigned it to. */
  assignedTo: AccountId.nullable(),
  /** The message that took it further. */
  messageId: MessageId.nullable(),
  /** Why it was dismissed. */
  reason: z.string().max(500).nullable(),
  version: z.int().positive(),
  traceId: z.string(),
  runId: z.string().nullable(),
});
export type Resolution = z.infer<typeof Resolution>;
