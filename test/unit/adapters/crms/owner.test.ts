import { expect, it } from "vitest";
import { crmOwner } from "../../../../functions/src/adapters/crms/parts/owner.ts";

const owner = (isStandIn: boolean, tenant: string) =>
  crmOwner("HUBSPOT_TENANT", { isStandIn, tenant });

it("makes a stand-in everybody's, whoever is named", () => {
  expect(owner(true, "acme")).toEqual({ serves: "every" });
});

it("makes a vendor's account the named tenant's alone", () => {
  expect(owner(false, " acme ")).toEqual({ serves: "one", tenantId: "acme" });
});

it("makes a vendor's account nobody's where no tenant is named", () => {
  expect(owner(false, "")).toEqual({ serves: "none" });
  expect(owner(false, "  ")).toEqual({ serves: "none" });
});

it("refuses what is no tenant's id, by the setting's name", () => {
  for (const tenant of ["a/b", ".."])
    expect(() => owner(false, tenant)).toThrow("HUBSPOT_TENANT must be");
});
