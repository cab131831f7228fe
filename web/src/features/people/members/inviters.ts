import type { Invitation } from "../../../../../functions/src/domain/people/invitation.ts";
import { isActiveAdmin } from "../../../../../functions/src/domain/people/members.ts";
import type { Member } from "../../../../../functions/src/domain/people/roles.ts";

/** The members as far as they are known here. */
export interface Known {
  readonly members: readonly Pick<Member, "uid" | "role" | "active">[];
  /** Whether these are all: else nobody is missed. */
  readonly isComplete: boolean;
}

/** Whether nobody's word stands behind an invitation any more: who made it is no active administrator, and it cannot be accepted until another one renews it. */
export function hasLostInviter(
  { invitedBy }: Pick<Invitation, "invitedBy">,
  { members, isComplete }: Known,
): boolean {
  const inviter = members.find(({ uid }) => uid === invitedBy.uid);
  return inviter === undefined ? isComplete : !isActiveAdmin(inviter);
}
