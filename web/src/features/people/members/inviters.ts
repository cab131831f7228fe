import type { Invitation } from "../../../../../functions/src/domain/people/invitation.ts";
import { isActiveAdmin } from "../../../../../functions/src/domain/people/members.ts";
import type { Member } from "../../../../../functions/src/domain/people/roles.ts";

/** The members as far as they are known here. */
export interface KnownMembers {
  readonly members: readonly Pick<Member, "uid" | "role" | "active">[];
  /** Whether these are all of them. */
  readonly isComplete: boolean;
}

/** Whether an invitation has lost its inviter: who made it is no longer an active administrator, and nobody can accept it until another one renews it. */
export function hasLostInviter(
  { invitedBy }: Pick<Invitation, "invitedBy">,
  { members, isComplete }: KnownMembers,
): boolean {
  const inviter = members.find(({ uid }) => uid === invitedBy.uid);
  return inviter === undefined ? isComplete : !isActiveAdmin(inviter);
}
