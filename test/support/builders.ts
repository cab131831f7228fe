import * as at from "../../functions/src/domain/collections.ts";
import type { Account } from "../../functions/src/domain/accounts/account.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import {
  AccountId,
  TenantId,
  Uid,
} from "../../functions/src/domain/kernel/ids.ts";
import { accountKeys } from "../../functions/src/domain/resolution/lookup.ts";
import type {
  Asset,
  Playbook,
} from "../../functions/src/domain/cards/library.ts";
import type { Emission } from "../../functions/src/domain/messages/message.ts";
import {
  toAudience,
  type Member,
} from "../../functions/src/domain/people/roles.ts";
import {
  type Tenant,
  tenantDefaults,
} from "../../functions/src/domain/tenants/tenant.ts";
import { create, type Write } from "../../functions/src/ports/store.ts";

export const aTenantId = (name: string) => TenantId.parse(name);
export const anAccountId = (name: string) => AccountId.parse(name);
export const aUid = (name: string) => Uid.parse(name);

export function aTenant(
  changes: Partial<Unstamped<Tenant>> = {},
): Unstamped<Tenant> {
  return {
    name: "Acme Consulting",
    provenance: "live",
    version: 1,
    ...tenantDefaults,
    ...changes,
  };
}

export function anAccount(
  changes: Partial<Unstamped<Account>> = {},
): Unstamped<Account> {
  const owners = changes.owners ?? [aUid("anna")];
  const teams = changes.teams ?? ["north"];
  const named = {
    name: changes.name ?? "Globex",
    aliases: changes.aliases ?? ["Globex Corporation"],
    domains: changes.domains ?? ["globex.example"],
    identifiers: changes.identifiers ?? {
      salesforce: "001000000000001AAA",
      hubspot: "1001",
    },
    moreIdentifiers: changes.moreIdentifiers ?? [],
  };
  return {
    ...named,
    lookup: accountKeys(named),
    parentId: null,
    mergedInto: null,
    owners,
    teams,
    audience: toAudience(owners, teams),
    sources: [],
    icpFit: 0.8,
    provenance: "live",
    version: 1,
    ...changes,
  };
}

export function aMember(
  changes: Partial<Unstamped<Member>> = {},
): Unstamped<Member> {
  return {
    uid: aUid("anna"),
    email: "anna@acme.example",
    name: "Anna",
    role: "ACCOUNT_MANAGER",
    isLead: false,
    teams: ["north"],
    active: true,
    views: [],
    version: 1,
    ...changes,
  };
}

export function aPlaybook(
  changes: Partial<Unstamped<Playbook>> = {},
): Unstamped<Playbook> {
  return {
    title: "Welcome the new leadership",
    categories: ["leadership_change"],
    types: [],
    action:
      "Offer the incoming executive a briefing on what runs between our companies.",
    outreach: [
      {
        channel: "email",
        subject: "Congratulations, {{account}}",
        body: "We saw the news: {{title}}.",
      },
    ],
    active: true,
    version: 1,
    ...changes,
  };
}

export function anAsset(
  changes: Partial<Unstamped<Asset>> = {},
): Unstamped<Asset> {
  return {
    title: "Transition playbook",
    summary:
      "How our clients keep projects running through a change of leadership.",
    url: "https://acme.example/transition",
    categories: ["leadership_change"],
    active: true,
    version: 1,
    ...changes,
  };
}

/** A tip handed in by a person, whose text qualifies on its own. */
export function aTip(
  account: AccountId,
  n: number | string,
  changes: { readonly text?: string; readonly runAt?: Date } = {},
): Emission<"signal-received"> {
  const title = `Globex appoints chief information officer number ${n}`;
  return {
    topic: "signal-received",
    payload: {
      accountId: account,
      sourceKey: "manual",
      item: {
        source: "manual",
        itemId: `tip-${n}`,
        revision: "",
        url: null,
        title,
        publisher: "Handed in by a colleague",
        publishedAt: null,
        facts: {},
      },
      handedIn: {
        title,
        text:
          changes.text ??
          `${title}. The board of Globex appointed Pat Doe ${n} as chief information officer on March 3, 2026. The new officer will review all ${n} supplier contracts within 90 days.`,
      },
      by: aUid("anna"),
    },
    ...(changes.runAt === undefined ? {} : { runAt: changes.runAt }),
  };
}

/** A tenant with accounts, a playbook and an asset, as the writes that make it. */
export function aTenantWith(
  tenantId: TenantId,
  accounts: readonly (readonly [AccountId, Unstamped<Account>])[],
  changes: Partial<Unstamped<Tenant>> = {},
): readonly Write[] {
  return [
    create(at.tenant(tenantId), aTenant(changes)),
    create(at.playbook(tenantId, "welcome"), aPlaybook()),
    create(at.asset(tenantId, "transition"), anAsset()),
    create(at.member(tenantId, aUid("anna")), aMember()),
    ...accounts.map(([id, account]) =>
      create(at.account(tenantId, id), account),
    ),
  ];
}
