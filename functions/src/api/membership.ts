import * as at from "../domain/collections.ts";
import { RetryableError } from "../domain/errors.ts";
import type { Uid } from "../domain/ids.ts";
import type { Member } from "../domain/roles.ts";
import { type Read, update, type Write } from "../pipeline/ports.ts";
import type { ApiContext, ApiDeps } from "./context.ts";
import { Refused } from "./problem.ts";

const maxTries = 3;

/** The member, else 404. */
export async function findMember(
  c: ApiContext,
  uid: Uid,
  deps: Pick<ApiDeps, "store">,
): Promise<Read<Member>> {
  const { tenantId } = c.get("caller");
  const read = await deps.store.read(at.member(tenantId, uid));
  if (read === null) throw new Refused(404, "There is no such member.");
  return read;
}

/**
 * Another active administrator, as a write that fails should they cease to be one meanwhile: so that of
 * the last two, each demoting the other, one remains. Refused with 409 where there is none.
 */
export async function anotherAdmin(
  c: ApiContext,
  uid: Uid,
  deps: Pick<ApiDeps, "store">,
): Promise<Write> {
  const admins = await deps.store.query({
    collection: at.members(c.get("caller").tenantId),
    where: [
      ["role", "==", "ADMIN"],
      ["active", "==", true],
    ],
    limit: 2,
  });
  const other = admins.find(({ id }) => id !== uid);
  if (other === undefined) {
    const detail =
      "They are the tenant's last administrator; make somebody else one first.";
    throw new Refused(409, detail);
  }
  return update(other, {});
}

/** Makes the person's claim follow from what the member document says, whatever happens to it meanwhile. */
export async function alignAccess(
  c: ApiContext,
  uid: Uid,
  deps: Pick<ApiDeps, "store" | "people">,
): Promise<void> {
  const { tenantId } = c.get("caller");
  let { active } = (await findMember(c, uid, deps)).data;
  for (let n = 0; n < maxTries; n++) {
    if (active) await deps.people.grant(uid, tenantId);
    else await deps.people.revoke(uid, tenantId);
    const now = (await findMember(c, uid, deps)).data.active;
    if (now === active) return;
    active = now;
  }
  throw new RetryableError("store-busy", `${uid} keeps being changed.`);
}

/** How a membership stands, in a word. */
export function standsActive({ active }: Pick<Member, "active">) {
  return active ? "active" : "ended";
}
