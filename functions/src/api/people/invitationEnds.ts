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
 * What takes back the pending invitation of a member's address, if there is one: written with whatever lets them in or
 * ends their membership, so that no word from before it is a way around it.
 */
export async function withdrawalOf(
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

/** Who made the invitation, if they still are an active administrator; else null: then another one has to renew it. */
export async function inviterOf(
  tenantId: TenantId,
  { invitedBy }: Pick<Invitation, "invitedBy">,
  { store }: Needs,
): Promise<Read<Member> | null> {
  const read = await store.read(at.member(tenantId, invitedBy.uid));
  return read !== null && isActiveAdmin(read.data) ? read : null;
}

/** Of each invitation, whether who made it still is an active administrator of its tenant. */
export async function haveInviters(
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
