import { randomUUID } from "node:crypto";
import type { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { TenantId } from "../../functions/src/domain/kernel/ids.ts";
import {
  toInvitationId,
  toInvitation,
} from "../../functions/src/domain/people/invitation.ts";
import { InvitationForm } from "../../functions/src/domain/people/members.ts";
import { create } from "../../functions/src/ports/store.ts";
import { aMember, aTenant, aUid } from "./builders.ts";
import type { openSuite } from "./suite.ts";

type House = Pick<ReturnType<typeof openSuite>, "store">;

/** An address that nobody has had before. */
export function newAddress(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}@people.example`;
}

/** A tenant besides the demo's, with one administrator, who is never at a screen. */
export async function foundTenant(
  { store }: House,
  name: string,
): Promise<{ readonly id: TenantId; readonly invitedBy: Inviter }> {
  const id = TenantId.parse(`other-${randomUUID().slice(0, 8)}`);
  const invitedBy = { uid: aUid(`eve-${id}`), name: "Eve Else" };
  const eve = aMember({
    ...invitedBy,
    email: "eve@else.example",
    role: "ADMIN",
  });
  await store.commit(
    [
      create(at.tenant(id), aTenant({ name })),
      create(at.member(id, eve.uid), eve),
    ],
    new Date(),
  );
  return { id, invitedBy };
}

type Inviter = Parameters<typeof toInvitation>[1];

/** Writes an invitation down as that person's, member or not. */
export async function invite(
  { store }: House,
  {
    tenantId,
    invitedBy,
    ...form
  }: z.input<typeof InvitationForm> & {
    readonly tenantId: TenantId;
    readonly invitedBy: Inviter;
  },
): Promise<void> {
  const now = new Date();
  const invitation = {
    ...toInvitation(InvitationForm.parse(form), invitedBy, now),
    version: 1,
  };
  const ref = at.invitation(tenantId, toInvitationId(form.email));
  await store.commit([create(ref, invitation)], now);
}
