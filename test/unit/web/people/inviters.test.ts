import { expect, it } from "vitest";
import { Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import type { Role } from "../../../../functions/src/domain/people/roles.ts";
import { hasLostInviter } from "../../../../web/src/features/people/members/inviters.ts";

const ada = { uid: Uid.parse("ada"), name: "Ada Admin" };

it.each<[string, Role, boolean, boolean]>([
  ["an active administrator", "ADMIN", true, false],
  ["an administrator who has left", "ADMIN", false, true],
  ["somebody who is no administrator any more", "VIEWER", true, true],
])("says of an invitation by %s whether it has lost its inviter", (...row) => {
  const [, role, active, isLost] = row;
  const members = [{ uid: ada.uid, role, active }];
  for (const isComplete of [true, false])
    expect(hasLostInviter({ invitedBy: ada }, { members, isComplete })).toBe(
      isLost,
    );
});

it("misses an inviter only where all members are known", () => {
  const lost = (isComplete: boolean) =>
    hasLostInviter({ invitedBy: ada }, { members: [], isComplete });
  expect([lost(true), lost(false)]).toEqual([true, false]);
});
