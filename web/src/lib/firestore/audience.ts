import { audienceKeys } from "../../../../functions/src/domain/people/roles.ts";
import type { Session } from "../session/session.ts";
import type { Ask } from "./listQuery.ts";

/** The condition that a list of things with an audience needs, so that the rules let it through. */
export function whereVisible({ member }: Session): NonNullable<Ask["where"]> {
  return member.role === "ACCOUNT_MANAGER"
    ? [["audience", "array-contains-any", audienceKeys(member)]]
    : [];
}
