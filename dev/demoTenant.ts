import type { z } from "zod";
import * as at from "../functions/src/domain/collections.ts";
import type { Account } from "../functions/src/domain/accounts/account.ts";
import type { Source } from "../functions/src/domain/sources/source.ts";
import type { Unstamped } from "../functions/src/domain/kernel/document.ts";
import {
  AccountId,
  TenantId,
  Uid,
} from "../functions/src/domain/kernel/ids.ts";
import { hourMs } from "../functions/src/domain/kernel/instant.ts";
import { accountKeys } from "../functions/src/domain/resolution/lookup.ts";
import { newMessage } from "../functions/src/domain/messages/message.ts";
import { toAudience } from "../functions/src/domain/people/roles.ts";
import { tenantDefaults } from "../functions/src/domain/tenants/tenant.ts";
import { demoAssets, demoPlaybooks } from "./demoLibrary.ts";
import { type DemoPerson, demoPeople, demoTenantId } from "./demoPeople.ts";

/** A document of the demo tenant: its path, and its data as the schema of its collection lets it through. */
export interface SeedDocument {
  readonly path: string;
  readonly data: object;
}

/** When the demo tenant was made, whatever the clock says, so that seeding twice gives the same. */
const madeAt = new Date("2026-01-05T08:00:00.000Z");
/** Long past, so that the first tick looks at every account. */
const firstDueAt = new Date("2026-01-05T09:00:00.000Z");
const yearDays = 365;
const tenantId = TenantId.parse(demoTenantId);

/** Every document that `npm start` begins with. */
export function demoDocuments(): readonly SeedDocument[] {
  return [
    document(at.tenant(tenantId), {
      ...tenantDefaults,
      name: "Demo",
      provenance: "mock",
      version: 1,
      // The recordings are months old; with the usual half-lives nothing in them would matter any more.
      halfLifeDays: {
        filing: yearDays,
        news: yearDays,
        job: yearDays,
        crm: yearDays,
        metric: yearDays,
        tip: yearDays,
      },
    }),
    ...Object.values(demoPeople).map(member),
    ...Object.entries(demoAccounts).flatMap(([id, client]) =>
      accountDocuments(AccountId.parse(id), client),
    ),
    ...Object.entries(demoPlaybooks).map(([id, playbook]) =>
      document(at.playbook(tenantId, id), {
        ...playbook,
        active: true,
        version: 1,
      }),
    ),
    ...Object.entries(demoAssets).map(([id, asset]) =>
      document(at.asset(tenantId, id), { ...asset, active: true, version: 1 }),
    ),
    ...Object.keys(demoAssets).map(toBeIndexed),
  ];
}

interface Client {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly domains: readonly string[];
  readonly identifiers: Readonly<Record<string, string>>;
  readonly owner: DemoPerson;
  readonly team: string;
  readonly sources: readonly Source[];
  readonly icpFit: number;
  /** Its feed is not among the repository's own recordings: nobody looks at it unless asked to. */
  readonly onlyWhenAsked?: boolean;
}

const { manager, otherManager } = demoPeople;

/** The companies that the demo tenant watches, by account id; one of them, Northwind Robotics, is invented. */
export const demoAccounts: Readonly<Record<string, Client>> = {
  nvidia: {
    name: "NVIDIA",
    aliases: ["NVIDIA Corporation", "NVIDIA Corp"],
    domains: ["nvidia.com"],
    identifiers: {
      cik: "0001045810",
      ticker: "NVDA",
      salesforce: "001Hs00003NVDA1IAO",
      hubspot: "9100000001",
    },
    owner: manager,
    team: "strategic",
    sources: [{ kind: "sec", key: "sec", cik: "0001045810" }],
    icpFit: 0.9,
  },
  meta: {
    name: "Meta Platforms",
    aliases: ["Meta Platforms, Inc.", "Meta", "Facebook"],
    domains: ["meta.com", "facebook.com"],
    identifiers: {
      cik: "0001326801",
      ticker: "META",
      salesforce: "001Hs00003META1IAO",
      hubspot: "9100000002",
    },
    owner: manager,
    team: "strategic",
    sources: [{ kind: "sec", key: "sec", cik: "0001326801" }],
    icpFit: 0.85,
  },
  amplitude: {
    name: "Amplitude",
    aliases: ["Amplitude, Inc."],
    domains: ["amplitude.com"],
    identifiers: {
      ticker: "AMPL",
      greenhouse: "amplitude",
      salesforce: "001Hs00003AMPL1IAO",
      hubspot: "9100000003",
    },
    owner: otherManager,
    team: "growth",
    sources: [{ kind: "greenhouse", key: "greenhouse", board: "amplitude" }],
    icpFit: 0.8,
  },
  "red-hat": {
    name: "Red Hat",
    aliases: ["JBoss", "WildFly"],
    domains: ["redhat.com"],
    identifiers: {
      salesforce: "001Hs00003RHAT1IAO",
      hubspot: "9100000004",
    },
    owner: otherManager,
    team: "growth",
    sources: [
      {
        kind: "rss",
        key: "heise-developer",
        url: "https://www.heise.de/developer/rss/news-atom.xml",
        publisher: "heise developer",
        reliability: 0.8,
        licence: "© Heise Medien; recorded feed, quoted as evidence",
      },
    ],
    icpFit: 0.7,
    onlyWhenAsked: true,
  },
  isuzu: {
    name: "Isuzu Motors India",
    aliases: ["Isuzu", "ISUZU", "Isuzu Motors"],
    domains: ["isuzu.in"],
    identifiers: {
      salesforce: "001Hs00003ISUZ1IAO",
      hubspot: "9100000005",
    },
    owner: manager,
    team: "strategic",
    sources: [
      {
        kind: "rss",
        key: "varthabharati",
        url: "https://www.varthabharati.in/english/rss.xml",
        publisher: "Varthabharathi",
        reliability: 0.65,
        licence: "© 2017 Varthabharathi; recorded feed, quoted as evidence",
      },
    ],
    icpFit: 0.6,
    onlyWhenAsked: true,
  },
  northwind: {
    name: "Northwind Robotics",
    aliases: ["Northwind"],
    domains: ["northwind.example.com"],
    identifiers: {
      salesforce: "001Hs00003NWND1IAO",
      hubspot: "9100000006",
    },
    owner: otherManager,
    team: "growth",
    sources: [
      {
        kind: "rss",
        key: "example-technology-news",
        url: "https://news.example.com/technology/feed.rss",
        publisher: "Example Technology News",
        reliability: 0.7,
        licence: "Apache-2.0 (invented example of this project)",
      },
    ],
    icpFit: 0.75,
  },
};

function accountDocuments(
  id: AccountId,
  { owner, team, onlyWhenAsked = false, ...client }: Client,
): readonly SeedDocument[] {
  const owners = [Uid.parse(owner.uid)];
  const teams = [team];
  const named = {
    ...client,
    aliases: [...client.aliases],
    domains: [...client.domains],
    moreIdentifiers: [],
  };
  const account: Unstamped<Account> = {
    ...named,
    sources: [...client.sources],
    owners,
    teams,
    audience: toAudience(owners, teams),
    lookup: accountKeys(named),
    parentId: null,
    mergedInto: null,
    provenance: "mock",
    version: 1,
  };
  return [
    document(at.account(tenantId, id), account),
    document(at.schedule(tenantId, id), {
      accountId: id,
      active: !onlyWhenAsked,
      intervalMs: hourMs,
      dueAt: firstDueAt,
    }),
  ];
}

function member(person: DemoPerson): SeedDocument {
  const uid = Uid.parse(person.uid);
  return document(at.member(tenantId, uid), {
    ...person,
    uid,
    teams: [...person.teams],
    active: true,
    version: 1,
    views: [],
  });
}

/** The first tick rings for it: so the index knows the asset, whichever embedder is chosen. */
function toBeIndexed(assetId: string): SeedDocument {
  const { id, data } = newMessage(
    { topic: "asset-changed", payload: { assetId, version: 1 } },
    { traceId: `seed:${assetId}`, runId: null, causedBy: null },
    madeAt,
  );
  return document(at.message(tenantId, id), data);
}

/** Parsed on the way: what does not fit the schema is never seeded. */
function document<T extends object>(
  { path, schema }: { readonly path: string; readonly schema: z.ZodType<T> },
  data: Unstamped<T>,
): SeedDocument {
  const stamped = {
    ...data,
    schemaVersion: 1,
    createdAt: madeAt,
    updatedAt: madeAt,
  };
  return { path, data: schema.parse(stamped) };
}
