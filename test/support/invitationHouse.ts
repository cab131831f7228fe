import { onTestFinished } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import type { TenantId } from "../../functions/src/domain/kernel/ids.ts";
import { create } from "../../functions/src/ports/store.ts";
import type { People } from "../../functions/src/ports/people.ts";
import { acme, bodyOf, openApi, umbrella } from "./api.ts";
import { aMember, aUid } from "./builders.ts";
import { fakePeople } from "./people.ts";

export const View = z.object({
  id: z.string(),
  email: z.string(),
  state: z.string(),
  version: z.int(),
  hasInviter: z.boolean(),
  expiresAt: z.iso.datetime(),
});
const Mine = z.object({
  items: z.array(
    z.strictObject({
      tenant: z.object({ id: z.string(), name: z.string() }),
      invitedBy: z.string(),
      role: z.string(),
      state: z.string(),
      hasInviter: z.boolean(),
      expiresAt: z.iso.datetime(),
    }),
  ),
});
export const Tenants = z.object({ tenants: z.array(z.string()) });
export const Me = z.object({ tenant: z.object({ id: z.string() }) });

export const route = "/api/v1/invitations";
export const mine = "/api/v1/me/invitations";
export const zoe = {
  email: "Zoe@home.example",
  name: "Zoe",
  role: "ACCOUNT_MANAGER",
};
export const inUmbrella = { headers: { "X-Tenant-ID": umbrella } };
export const post = { method: "POST" } as const;

/**
 * The API, with tokens that claim what the next token of the person would: `token-zoe` is zoe@home.example, proven;
 * `token-zoe_unproven` is somebody else who signed up with that address. `eve` administers umbrella, and ada acme.
 */
export async function openHouse(
  more: {
    readonly people?: Partial<People>;
    /** What claims the sign-in takes; else it throws. */
    readonly mayName?: (tenants: readonly TenantId[]) => boolean;
  } = {},
) {
  const claims = fakePeople();
  const api = await openApi({
    people: {
      ...claims,
      setTenants: async (uid, tenants) => {
        if (more.mayName?.(tenants) === false)
          throw new PermanentError("refused-by-vendor", "claims too large");
        await claims.setTenants(uid, tenants);
      },
      ...more.people,
    },
    identity: {
      verify: async (token) => {
        const [name = "", unproven] = token.replace("token-", "").split("_");
        const uid = aUid(unproven === undefined ? name : `${name}-${unproven}`);
        const email = `${name}@home.example`;
        const emailVerified = unproven === undefined;
        return { uid, tenants: claims.claimOf(uid), email, emailVerified };
      },
    },
  });
  onTestFinished(() => api.close());
  const eve = aMember({ uid: aUid("eve"), name: "Eve", role: "ADMIN" });
  await api.write([create(at.member(umbrella, eve.uid), eve)]);
  await claims.setTenants(aUid("eve"), [umbrella]);
  for (const uid of ["ada", "vera", "anna"])
    await claims.setTenants(aUid(uid), [acme]);
  const invited = async (form: object = zoe, by = "ada") =>
    bodyOf(await api.as(by, route, { body: form }), 201, View);
  const answer = (verb: string, tenant: string = acme, person = "zoe") =>
    api.as(person, `${mine}/${tenant}/${verb}`, post);
  const shownTo = async (person: string) =>
    bodyOf(await api.as(person, mine), 200, Mine).items;
  const memberOf = async (uid: string, tenant = acme) =>
    (await api.deps.store.read(at.member(tenant, aUid(uid))))?.data ?? null;
  return { api, claims, invited, answer, shownTo, memberOf };
}
