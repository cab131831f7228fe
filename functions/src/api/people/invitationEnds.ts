import * as at from "../../domain/collections.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import {
  type Invitation,
  toInvitationId,
} from "../../domain/people/invitation.ts";
import { isActiveAdmin } from "../../domain/people/members.ts";
import type { Member } from "../../domain/people/roles.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import type { ApiDeps } from "../http/context.ts";

type Needs = Pick<ApiDeps, "store">;

/**
 * Withdraws the pending invitation to a member's address, if there is one. Committed with whatever starts or ends their
 * membership, so that no earlier invitation is a way around it.
 */
export async function planWithdrawal(
  tenantId: TenantId,
  { email }: Pick<Member, "email">,
  { store }: Needs,
): Promise<Required<Pick<Outcome, "writes" | "audit">>> {
  const id = toInvitationId(email);
  const read = await store.read(at.invitation(tenantId, id));
  if (read?.data.state !== "pending") return { writes: [], audit: [] };
  const { state, version } = read.data;
  const after = { state: "withdrawn" as const, version: version + 1 };
  return {
    writes: [update(read, after)],
    audit: [
      {
        action: "UPDATE",
        entity: { kind: "invitation", id },
        before: { state, version },
        after,
        reason: "withdrawn: the membership of its address changed",
      },
    ],
  };
}

/** The person who made the invitation, if they are still an active administrator; null otherwise: then another administrator must renew it. */
export async function findInviter(
  tenantId: TenantId,
  { invitedBy }: Pick<Invitation, "invitedBy">,
  { store }: Needs,
): Promise<Read<Member> | null> {
  const read = await store.read(at.member(tenantId, invitedBy.uid));
  return read !== null && isActiveAdmin(read.data) ? read : null;
}

/** For each invitation, whether the person who made it is still an active administrator of its tenant. */
export async function checkInviters(
  invitations: readonly (readonly [TenantId, Pick<Invitation, "invitedBy">])[],
  { store }: Needs,
): Promise<readonly boolean[]> {
  const refs = new Map(
    invitations
      .map(([tenantId, { invitedBy }]) => at.member(tenantId, invitedBy.uid))
      .map((ref) => [ref.path, ref] as const),
  );
  const reads = await store.readAll([...refs.values()], "leave-out");
  const admins = new Set(
    reads
      .filter((read) => read !== null)
      .filter(({ data }) => isActiveAdmin(data))
      .map(({ ref }) => ref.path),
  );
  return invitations.map(([tenantId, { invitedBy }]) =>
    admins.has(at.member(tenantId, invitedBy.uid).path),
  );
}
