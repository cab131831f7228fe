import { describe, expect, it } from "vitest";
import {
  fitsToken,
  toInvitationId,
  invitationLastsMs,
  wherePending,
  invitationStatus,
} from "../../../../functions/src/domain/people/invitation.ts";
import { TenantId } from "../../../../functions/src/domain/kernel/ids.ts";
import { addMs } from "../../../../functions/src/domain/kernel/instant.ts";
import {
  byPreference,
  tenantsToName,
} from "../../../../functions/src/domain/people/person.ts";

const now = new Date("2026-11-02T08:00:00Z");
const ids = (...names: readonly string[]) =>
  names.map((name) => TenantId.parse(name));

describe("an invitation", () => {
  it("is one for an address, however it is written", () => {
    expect(toInvitationId("Ann@Acme.example")).toBe(
      toInvitationId("ann@acme.example"),
    );
    expect(toInvitationId("ann@acme.example")).toMatch(/^[0-9a-f]{32}$/);
  });

  it("is pending up to its last moment, and expired from it on", () => {
    const pending = wherePending(now);
    const end = addMs(now, invitationLastsMs);
    expect(invitationStatus(pending, addMs(end, -1))).toBe("pending");
    expect(invitationStatus(pending, end)).toBe("expired");
    expect(pending.removeAt > end).toBe(true);
  });

  it("that was answered or withdrawn does not expire", () => {
    const end = addMs(now, invitationLastsMs);
    for (const state of ["accepted", "declined", "withdrawn"] as const)
      expect(invitationStatus({ ...wherePending(now), state }, end)).toBe(
        state,
      );
  });
});

describe("the tenants of a token", () => {
  it("keep their order, lose those that ended, and end with those that are new", () => {
    const named = ids("south", "north");
    expect(tenantsToName(named, ids("north", "south"))).toEqual(named);
    expect(tenantsToName(named, ids("west", "east", "north"))).toEqual(
      ids("north", "east", "west"),
    );
    expect(tenantsToName(named, [])).toEqual([]);
  });

  it("begin with the one that the person chose, where they still name it", () => {
    const named = ids("south", "north");
    const chose = (name: string) => ({ defaultTenant: TenantId.parse(name) });
    expect(byPreference(named, chose("north"))).toEqual(ids("north", "south"));
    expect(byPreference(named, chose("west"))).toEqual(named);
    expect(byPreference(named, null)).toEqual(named);
  });

  it("are as many as a claim can hold", () => {
    const many = (n: number) =>
      Array.from({ length: n }, (_, i) => TenantId.parse(`tenant-${i}`));
    expect(fitsToken(many(20))).toBe(true);
    expect(fitsToken(many(100))).toBe(false);
  });
});
