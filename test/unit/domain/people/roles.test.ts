import { describe, expect, it } from "vitest";
import { Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  type Actor,
  audienceKeys,
  toAudience,
  can,
  hasPermission,
  Permission,
  Role,
  canSee,
} from "../../../../functions/src/domain/people/roles.ts";
import { Audience } from "../../../../functions/src/domain/kernel/document.ts";

const actor = (role: Role, changes: Partial<Actor> = {}): Actor => ({
  uid: Uid.parse("ann"),
  role,
  isLead: false,
  teams: ["west"],
  active: true,
  ...changes,
});

/** Columns: ADMIN, ACCOUNT_MANAGER, OPERATIONS, VIEWER. */
const matrix: Record<Permission, string> = {
  "opportunity.read": "1111",
  "opportunity.evidence.read": "1111",
  "opportunity.comment": "1110",
  "opportunity.approve": "1100",
  "opportunity.reject": "1100",
  "opportunity.refine": "1100",
  "opportunity.edit_outreach": "1100",
  "opportunity.bulk_decide": "1100",
  "opportunity.assign": "1010",
  "opportunity.activate_crm": "1100",
  "opportunity.retry_activation": "1010",
  "opportunity.export": "1110",
  "account.read": "1111",
  "account.monitor": "1110",
  "signal.create": "1110",
  "message.read": "1010",
  "message.replay": "1010",
  "resolution.read": "1111",
  "resolution.work": "1110",
  "audit.read": "1000",
  "member.manage": "1000",
  "account.manage": "1010",
  "library.manage": "1010",
  "tenant.manage": "1000",
};

describe("what a role may do", () => {
  it("is told of every permission and every role", () => {
    expect(Object.keys(matrix).toSorted()).toEqual(
      Permission.options.toSorted(),
    );
    expect(Role.options).toEqual([
      "ADMIN",
      "ACCOUNT_MANAGER",
      "OPERATIONS",
      "VIEWER",
    ]);
    expect(
      Permission.options.filter((p) => p.startsWith("opportunity.")),
    ).toHaveLength(12);
  });

  for (const permission of Permission.options)
    Role.options.forEach((role, column) => {
      const allowed = matrix[permission][column] === "1";
      it(`${role} ${allowed ? "may" : "may not"} ${permission}`, () => {
        const own = toAudience(["ann"], []);
        expect(hasPermission(actor(role), permission)).toBe(allowed);
        expect(can(actor(role), permission, own)).toBe(allowed);
        expect(hasPermission(actor(role, { active: false }), permission)).toBe(
          false,
        );
        expect(can(actor(role, { active: false }), permission, own)).toBe(
          false,
        );
      });
    });
});

describe("what a member sees", () => {
  const audiences = {
    own: toAudience(["bob", "ann"], []),
    team: toAudience(["bob"], ["west"]),
    "own by team's name": toAudience(["west"], ["ann"]),
    others: toAudience(["bob"], ["east"]),
    none: [],
  };
  const seenBy = (who: Actor) =>
    Object.entries(audiences).flatMap(([name, audience]) =>
      canSee(who, audience) ? [name] : [],
    );

  it("is everything for admins, operations and viewers", () => {
    for (const role of ["ADMIN", "OPERATIONS", "VIEWER"] as const)
      expect(seenBy(actor(role))).toHaveLength(5);
  });

  it("is for an account manager what is their own, and as a lead what is their team's", () => {
    expect(seenBy(actor("ACCOUNT_MANAGER"))).toEqual(["own"]);
    expect(seenBy(actor("ACCOUNT_MANAGER", { isLead: true }))).toEqual([
      "own",
      "team",
    ]);
    expect(
      seenBy(actor("ACCOUNT_MANAGER", { isLead: true, teams: [] })),
    ).toEqual(["own"]);
  });

  it("is nothing once they are no longer active", () => {
    for (const role of Role.options)
      expect(seenBy(actor(role, { active: false }))).toEqual([]);
  });

  it("limits what they may do to it", () => {
    expect(
      can(actor("ACCOUNT_MANAGER"), "opportunity.approve", audiences.others),
    ).toBe(false);
    expect(
      can(
        actor("ACCOUNT_MANAGER", { isLead: true }),
        "opportunity.approve",
        audiences.team,
      ),
    ).toBe(true);
    expect(can(actor("VIEWER"), "opportunity.approve", audiences.own)).toBe(
      false,
    );
  });
});

describe("an audience", () => {
  it("names owners and teams, and a member's keys are of the same form", () => {
    expect(toAudience(["ann", "bob"], ["west"])).toEqual([
      "u:ann",
      "u:bob",
      "t:west",
    ]);
    expect(audienceKeys(actor("ACCOUNT_MANAGER"))).toEqual(["u:ann"]);
    expect(
      audienceKeys(
        actor("ACCOUNT_MANAGER", { isLead: true, teams: ["west", "east"] }),
      ),
    ).toEqual(["u:ann", "t:west", "t:east"]);
  });

  it("holds the most owners and teams that an account may have", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => `x${i}`);
    expect(Audience.safeParse(toAudience(many(20), many(10))).success).toBe(
      true,
    );
    expect(Audience.safeParse(["x:ann"]).success).toBe(false);
  });
});
