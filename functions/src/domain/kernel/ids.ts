import { z } from "zod";

/** A Firestore document id: no slash, no reserved name, at most 200 characters (the platform allows 1,500 bytes). */
const DocumentId = z
  .string()
  .min(1)
  .max(200)
  .regex(
    /^(?!\.{1,2}$)(?!__[^]*__$)[^/\p{Cs}]+$/u,
    "must be a document id: no slash, not . or .., not __x__, no half of a surrogate pair",
  );

/**
 * An id that appears in a path, chosen by a person or a run: plain characters, and no name that the database
 * reserves.
 */
export const PlainId = z
  .string()
  .max(200)
  .regex(
    /^(?!\.{1,2}$)(?!__.*__$)[\w.-]{1,200}$/,
    "must be an id: letters, digits, _ . and -",
  );

export const TenantId = DocumentId.brand<"TenantId">();
export type TenantId = z.infer<typeof TenantId>;

/** Shorter than the others, because a signal's id is an account's id followed by a hash. */
export const AccountId = DocumentId.max(150).brand<"AccountId">();
export type AccountId = z.infer<typeof AccountId>;

export const SignalId = DocumentId.brand<"SignalId">();
export type SignalId = z.infer<typeof SignalId>;

export const OpportunityId = DocumentId.brand<"OpportunityId">();
export type OpportunityId = z.infer<typeof OpportunityId>;

export const CommentId = DocumentId.brand<"CommentId">();
export type CommentId = z.infer<typeof CommentId>;

export const MessageId = DocumentId.brand<"MessageId">();
export type MessageId = z.infer<typeof MessageId>;

export const SnapshotId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex")
  .brand<"SnapshotId">();
export type SnapshotId = z.infer<typeof SnapshotId>;

export const Uid = DocumentId.brand<"Uid">();
export type Uid = z.infer<typeof Uid>;
