import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { idFrom } from "../kernel/hash.ts";
import type { TenantId } from "../kernel/ids.ts";
import { Uid } from "../kernel/ids.ts";
import { addMs, dayMs, Instant } from "../kernel/instant.ts";
import { type InvitationForm, Teams } from "./members.ts";
import { Member } from "./roles.ts";

/** How long an invitation can be accepted. */
export const invitationLastsMs = 14 * dayMs;
/** How long its document is kept after that, so that an administrator can see how it ended. */
const keptMs = 90 * dayMs;

/** How many invitations a tenant may have pending at once. */
export const maxPending = 200;

/**
 * An invitation of a person, by e-mail address, to become a member of a tenant. It becomes a membership only when
 * that person accepts it.
 */
export const Invitation = z.object({
  ...stamps,
  /** In lower case; determines the document's id. */
  email: Member.shape.email,
  name: Member.shape.name,
  role: Member.shape.role,
  isLead: Member.shape.isLead,
  teams: Teams,
  invitedBy: z.object({ uid: Uid, name: z.string() }),
  invitedAt: Instant,
  state: z.enum(["pending", "accepted", "declined", "withdrawn"]),
  /** From then on it can no longer be accepted. */
  expiresAt: Instant,
  /** When the database may remove the document. */
  removeAt: Instant,
  version: z.int().positive(),
});
export type Invitation = z.infer<typeof Invitation>;

/** The status of an invitation at a moment: its state, unless it is pending and its time is over. */
export const InvitationStatus = z.enum([
  ...Invitation.shape.state.options,
  "expired",
]);
export type InvitationStatus = z.infer<typeof InvitationStatus>;

/** The id of an invitation: a hash of its address. */
export const InvitationId = z.string().regex(/^[0-9a-f]{32}$/);

/** The id of the only invitation that a tenant can have for an address. */
export function toInvitationId(email: string): string {
  return idFrom("invitation", email.toLowerCase());
}

/** The current status of an invitation. */
export function invitationStatus(
  { state, expiresAt }: Pick<Invitation, "state" | "expiresAt">,
  now: Date,
): InvitationStatus {
  return state === "pending" && expiresAt <= now ? "expired" : state;
}

/** The filter for invitations that are still pending. */
export function wherePending(now: Date) {
  const expiresAt = addMs(now, invitationLastsMs);
  return {
    state: "pending" as const,
    invitedAt: now,
    expiresAt,
    removeAt: addMs(expiresAt, keptMs),
  };
}

/** The content of an invitation that an administrator makes now. */
export function toInvitation(
  form: InvitationForm,
  invitedBy: Invitation["invitedBy"],
  now: Date,
) {
  return { ...form, invitedBy, ...wherePending(now) };
}

/** The membership that an invitation offers. */
export function toOfferedMember({
  email,
  name,
  role,
  isLead,
  teams,
}: Invitation) {
  return { email, name, role, isLead, teams, active: true };
}

/** Firebase allows 1,000 characters of custom claims; the rest is left for a deployment's other claims. */
const maxClaimLength = 900;

/** As many of the tenants, in order, as one sign-in can name. */
export function firstThatFitToken(
  tenants: readonly TenantId[],
): readonly TenantId[] {
  return tenants.reduce<readonly TenantId[]>(
    (fit, id) => (fitsToken([...fit, id]) ? [...fit, id] : fit),
    [],
  );
}

/** Whether one sign-in can name all of these tenants. */
export function fitsToken(tenants: readonly TenantId[]): boolean {
  return JSON.stringify({ tenants }).length <= maxClaimLength;
}
