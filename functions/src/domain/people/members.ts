import { z } from "zod";
import { Member } from "./roles.ts";

const fields = Member.pick({ name: true, role: true, isLead: true });

/** A team's name; a line break would make it two where the security rules join the teams. */
export const Team = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\n\r]+$/, "must be one line");

/** A member's teams, each once. */
export const Teams = z
  .array(Team)
  .max(10)
  .transform((teams) => [...new Set(teams)]);

/** Whom an administrator invites, and in which role. */
export const InvitationForm = z.object({
  email: z.email().max(320).toLowerCase(),
  name: z.string().trim().min(1).max(200),
  role: fields.shape.role,
  teams: Teams.default([]),
  isLead: z.boolean().default(false),
});
export type InvitationForm = z.infer<typeof InvitationForm>;

/** What an administrator changes about a member; absent fields stay the same. */
export const MemberChange = InvitationForm.omit({ email: true })
  .extend({ teams: Teams, isLead: z.boolean() })
  .partial();
export type MemberChange = z.infer<typeof MemberChange>;

/** Whether a change costs the tenant an active administrator: then another must remain. */
export function endsAdmin(
  member: Pick<Member, "role" | "active">,
  change: Partial<Pick<Member, "role" | "active">>,
): boolean {
  const after = { ...member, ...change };
  return isActiveAdmin(member) && !isActiveAdmin(after);
}

/** Whether a member may manage the other members. */
export function isActiveAdmin({
  role,
  active,
}: Pick<Member, "role" | "active">) {
  return active && role === "ADMIN";
}
