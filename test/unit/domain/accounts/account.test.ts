import { describe, expect, it } from "vitest";
import { Source } from "../../../../functions/src/domain/sources/source.ts";
import { toExternalId } from "../../../../functions/src/domain/crm/activation.ts";
import { CrmTask } from "../../../../functions/src/domain/crm/activation.ts";
import * as at from "../../../../functions/src/domain/collections.ts";
import {
  AccountId,
  TenantId,
} from "../../../../functions/src/domain/kernel/ids.ts";
import { toOpportunityId } from "../../../../functions/src/domain/cards/opportunity.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../../../functions/src/domain/sources/source.ts";
import {
  Tenant,
  tenantDefaults,
} from "../../../../functions/src/domain/tenants/tenant.ts";
import { now } from "../cards/aCard.ts";

const acme = AccountId.parse("acme");
const rss = {
  kind: "rss",
  key: "feed",
  url: "https://example.com/feed",
  publisher: "Example",
  reliability: 0.7,
  licence: "free",
};

describe("a source", () => {
  const taken = (source: object) => Source.safeParse(source).success;

  it("has a key that fits into a document's path", () => {
    expect(taken(rss)).toBe(true);
    expect(taken({ ...rss, key: "https://example.com/feed" })).toBe(false);
    const { path } = at.sourceState(TenantId.parse("t"), acme, "feed");
    expect(path.split("/")).toHaveLength(4);
  });

  it("of news is believed between 0.60 and 0.85", () => {
    expect(
      [0.59, 0.6, 0.85, 0.86].map((reliability) =>
        taken({ ...rss, reliability }),
      ),
    ).toEqual([false, true, true, false]);
  });

  it("at the SEC is named by ten digits", () => {
    expect(
      ["0001045810", "1045810", "00010458100"].map((cik) =>
        taken({ kind: "sec", key: "sec", cik }),
      ),
    ).toEqual([true, false, false]);
  });
});

describe("a tenant", () => {
  const tenant = {
    schemaVersion: 1,
    createdAt: now,
    updatedAt: now,
    name: "T",
    provenance: "live",
    ...tenantDefaults,
  };

  it("may start with the defaults", () => {
    expect(Tenant.safeParse(tenant).error).toBeUndefined();
  });

  it("has a weight for every type and category, the product's own for what was added after it was written, and no half-life of nothing", () => {
    for (const field of ["typeWeights", "halfLifeDays"] as const)
      for (const type of SignalType.options) {
        const { [type]: own, ...rest } = tenantDefaults[field];
        const read = Tenant.parse({ ...tenant, [field]: rest });
        expect(read[field][type]).toBe(own);
      }
    for (const category of Category.options) {
      const { [category]: own, ...rest } = tenantDefaults.categoryWeights;
      const read = Tenant.parse({ ...tenant, categoryWeights: rest });
      expect(read.categoryWeights[category]).toBe(own);
    }
    expect(
      Tenant.safeParse({ ...tenant, typeWeights: { news: 2 } }).success,
    ).toBe(false);
    expect(
      Tenant.safeParse({
        ...tenant,
        halfLifeDays: { ...tenantDefaults.halfLifeDays, news: 0 },
      }).success,
    ).toBe(false);
  });
});

describe("the key of an approved card in a CRM", () => {
  it("is the same for each try, another for each approval, and short enough", () => {
    const id = toOpportunityId(acme, null, "c");
    expect(toExternalId(id, 2)).toBe(toExternalId(id, 2));
    expect(toExternalId(id, 2)).not.toBe(toExternalId(id, 3));
    expect(
      CrmTask.shape.externalId.safeParse(toExternalId(id, 1_000_000)).success,
    ).toBe(true);
  });
});

describe("the last part of a path", () => {
  it("is the document's id", () => {
    expect(at.lastSegment(at.account(TenantId.parse("t"), acme).path)).toBe(
      "acme",
    );
  });
});
