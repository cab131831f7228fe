import { z } from "zod";
import { type Audience, stamps } from "../kernel/document.ts";
import { Uid } from "../kernel/ids.ts";

export const Role = z.enum([
  "ADMIN",
  "ACCOUNT_MANAGER",
  "OPERATIONS",
  "VIEWER",
]);
export type Role = z.infer<typeof Role>;

/** What a person may do. `opportunity.*` are the product's twelve; the others follow the same pattern. */
export const Permission = z.enum([
  "opportunity.read",
  "opportunity.evidence.read",
  "opportunity.comment",
  "opportunity.approve",
  "opportunity.reject",
  "opportunity.refine",
  "opportunity.edit_outreach",
  "opportunity.bulk_decide",
  "opportunity.assign",
  "opportunity.activate_crm",
  "opportunity.retry_activation",
  "opportunity.export",
  "account.read",
  "account.monitor",
  "signal.create",
  "message.read",
  "message.replay",
  "resolution.read",
  "resolution.work",
  "audit.read",
  "member.manage",
  "account.manage",
  "library.manage",
  "tenant.manage",
]);
export type Permission = z.infer<typeof Permission>;

/** A view of the inbox that a person named: the console's own search, as JSON. */
export const View = z.object({
  name: z.string().trim().min(1).max(60),
  search: z.string().max(2000),
});

/** A person's membership of one tenant; read again for each command, so that a demotion takes effect at once. */
export const Member = z.object({
  ...stamps,
  uid: Uid,
  email: z.email(),
  name: z.string().min(1).max(200),
  role: Role,
  isLead: z.boolean(),
  teams: z.array(z.string().min(1).max(100)).max(10),
  active: z.boolean(),
  version: z.int().positive().default(1),
  /** For the person alone; nothing is decided by it. */
  views: z.array(View).max(20).default([]),
});
export type Member = z.infer<typeof Member>;

/** The part of a member that decides what they may do. */
export type Actor = Pick<
  Member,
  "uid" | "role" | "isLead" | "teams" | "active"
>;

const permissionsByRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  ADMIN: new Set(Permission.options),
  ACCOUNT_MANAGER: new Set<Permission>([
    "opportunity.read",
    "opportunity.evidence.read",
    "opportunity.comment",
    "opportunity.approve",
    "opportunity.reject",
    "opportunity.refine",
    "opportunity.edit_outreach",
    "opportunity.bulk_decide",
    "opportunity.activate_crm",
    "opportunity.export",
    "account.read",
    "account.monitor",
    "signal.create",
    "resolution.read",
    "resolution.work",
  ]),
  OPERATIONS: new Set<Permission>([
    "opportunity.read",
    "opportunity.evidence.read",
    "opportunity.comment",
    "opportunity.assign",
    "opportunity.retry_activation",
    "opportunity.export",
    "account.read",
    "account.monitor",
    "signal.create",
    "message.read",
    "message.replay",
    "resolution.read",
    "resolution.work",
    "account.manage",
    "library.manage",
  ]),
  VIEWER: new Set<Permission>([
    "opportunity.read",
    "opportunity.evidence.read",
    "account.read",
    "resolution.read",
  ]),
};

/** Everything that an active member's role allows on things that they may see. */
export function listPermissions(actor: Actor): readonly Permission[] {
  return Permission.options.filter((permission) =>
    hasPermission(actor, permission),
  );
}

/** Whether an active member's role has the permission at all, whatever the thing. */
export function hasPermission(actor: Actor, permission: Permission): boolean {
  return actor.active && permissionsByRole[actor.role].has(permission);
}

/** The audience keys that a member has. */
export function audienceKeys(
  actor: Pick<Actor, "uid" | "isLead" | "teams">,
): readonly string[] {
  return [
    `u:${actor.uid}`,
    ...(actor.isLead ? actor.teams.map((team) => `t:${team}`) : []),
  ];
}

/**
 * Whether an active member may see a thing with this audience: an account manager only their own and, as a lead,
 * their team's.
 */
export function canSee(actor: Actor, audience: Audience): boolean {
  if (!actor.active) return false;
  if (actor.role !== "ACCOUNT_MANAGER") return true;
  return audienceKeys(actor).some((key) => audience.includes(key));
}

/** Whether a member may do this to a thing with this audience. */
export function can(
  actor: Actor,
  permission: Permission,
  audience: Audience,
): boolean {
  return hasPermission(actor, permission) && canSee(actor, audience);
}

/** Everybody who is in one of these audiences. */
export function mergeAudiences(audiences: readonly Audience[]): Audience {
  return [...new Set(audiences.flat())];
}

/** The audience of what belongs to these owners and teams. */
export function toAudience(
  owners: readonly string[],
  teams: readonly string[],
): Audience {
  return [
    ...owners.map((uid) => `u:${uid}`),
    ...teams.map((team) => `t:${team}`),
  ];
}
