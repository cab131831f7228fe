import { audienceKeys } from "../../../../functions/src/domain/people/roles.ts";
import type { Session } from "../session/session.ts";
import type { ListQuery } from "./listQuery.ts";

/** The condition that a query needs so that the rules allow it: account managers see only what has them in its audience. */
export function whereVisible({
  member,
}: Session): NonNullable<ListQuery["where"]> {
  return member.role === "ACCOUNT_MANAGER"
    ? [["audience", "array-contains-any", audienceKeys(member)]]
    : [];
}
