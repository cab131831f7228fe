import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import { hubspot } from "../../functions/src/adapters/connectors/crms/hubspot.ts";
import { salesforce } from "../../functions/src/adapters/connectors/crms/salesforce.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import {
  type Source,
  sourceFacts,
} from "../../functions/src/domain/sources/source.ts";
import { reachOf } from "../support/reach.ts";
import { always, errorOf, never, serving } from "../support/sources.ts";
import { tenantSystems } from "../support/tenantSystems.ts";

const { hubspot: company, salesforce: account } = tenantSystems;

const Question = z.object({ after: z.string().default("0") });

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A CRM on the wire: `answer` gives the status and body of what is asked. */
async function crmOn(answer: (asked: Asked) => readonly [number, unknown]) {
  const asked: Asked[] = [];
  const url = await serving((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(
        request.url ?? "/",
        "http://crm",
      );
      const path = pathname.replace(/^\/[^/]+/, "");
      const { headers } = request;
      const question = { path, query: searchParams, headers, body };
      asked.push(question);
      const [status, found] = answer(question);
      response.writeHead(status).end(JSON.stringify(found));
    });
  });
  return { url, asked };
}

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe.each([
  {
    connector: hubspot,
    source: company,
    named: "HubSpot",
    ids: [
      "contact/9000000501",
      "deal/9000000102",
      "deal/9000000103",
      "contact/9000000502",
      "deal/9000000104",
      "company/9000000901",
    ],
  },
  {
    connector: salesforce,
    source: account,
    named: "Salesforce",
    ids: [
      "003Hs0000Examp1AAA",
      "006Hs0000Examp2AAA",
      "001Hs0000Examp1AAA",
      "006Hs0000Examp3AAA",
      "003Hs0000Examp2AAA",
      "006Hs0000Examp4AAA",
    ],
  },
])("what happens in $named", ({ connector, source, ids }) => {
  test("begins with the newest three of each kind, oldest first", async () => {
    const { items } = await connector(reachOf(replay.url)).poll(
      source,
      null,
      never,
    );
    expect(items.map(({ itemId }) => itemId)).toEqual(ids);
    for (const item of items) expect(SourceItem.parse(item)).toEqual(item);
    const times = items.map((item) => item.publishedAt?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("is nothing where nothing has happened, and the cursor stays", async () => {
    const first = await connector(reachOf(replay.url)).poll(
      source,
      null,
      never,
    );
    const kept = z
      .record(z.string(), z.string())
      .parse(JSON.parse(JSON.stringify(first.cursor)));
    const second = await connector(reachOf(replay.url)).poll(
      source,
      kept,
      never,
    );
    expect(second).toEqual({ items: [], cursor: first.cursor });
  });

  test("is told in the item itself: without a key and without a request", async () => {
    const { items } = await connector(reachOf(replay.url)).poll(
      source,
      null,
      never,
    );
    const item = items.at(-1);
    if (item === undefined) throw new Error("nothing was found");
    const nowhere = reachOf("http://127.0.0.1:9", { findAccess: () => null });
    const fetched = await connector(nowhere).fetch(item, source, never);
    const told = new TextDecoder().decode(fetched?.body);
    expect(told).toBe(item.facts["text"]);
    expect(told).toContain(item.title);
    expect(told.length).toBeGreaterThan(40);
    expect(fetched).toMatchObject({
      contentType: "text/plain; charset=utf-8",
      url: item.url,
      licence: sourceFacts[source.kind].licence,
    });
  });

  test("is asked for at the CRM's pace", async () => {
    const turns: string[] = [];
    const pacer = {
      turn: async (vendor: string, perSecond: number) => {
        turns.push(`${vendor} ${perSecond}`);
      },
      spend: () => Promise.resolve(),
    };
    const before = replay.requests().length;
    await connector(reachOf(replay.url, { pacer })).poll(source, null, never);
    expect(turns).toHaveLength(replay.requests().length - before);
    expect(new Set(turns)).toEqual(new Set([`${source.kind} 4`]));
  });

  test("is the operator's to mend where the CRM refuses the key, which is not shown", async () => {
    const refused = { error: "invalid_client", status: "error" };
    const reach = reachOf(await always(401, JSON.stringify(refused)));
    const error = await errorOf(connector(reach).poll(source, null, never));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "vendor-auth" });
    expect(String(error)).not.toMatch(/a-token|a-secret/);
  });

  test("is not what another kind of source tells", async () => {
    const other: Source = source.kind === "hubspot" ? account : company;
    const look = connector(reachOf(replay.url)).poll(other, null, never);
    expect(await errorOf(look)).toMatchObject({ code: "bad-payload" });
  });
});

describe("HubSpot", () => {
  /** A HubSpot whose deals and contacts are as they stand in `crm`, which a test changes. */
  function portal(
    crm: {
      deals: readonly object[];
      contacts?: readonly object[];
      company?: object;
    },
    pageSize = 2,
  ) {
    return crmOn(({ path, body }) => {
      const { after } = Question.parse(JSON.parse(body || "{}"));
      const page = (found: readonly object[]) => {
        const end = Number(after) + pageSize;
        const next =
          end < found.length ? { paging: { next: { after: `${end}` } } } : {};
        return {
          total: found.length,
          results: found.slice(Number(after), end),
          ...next,
        };
      };
      if (path.endsWith("/deals/search")) return [200, page(crm.deals)];
      if (path.endsWith("/contacts/search"))
        return [200, page(crm.contacts ?? [])];
      if (path.endsWith("/companies/9000000901"))
        return [200, crm.company ?? itself()];
      if (path.endsWith("/pipelines/deals"))
        return [
          200,
          { results: [{ stages: [{ id: "121", label: "Legal review" }] }] },
        ];
      if (path.endsWith("/details"))
        return [200, { portalId: 7, uiDomain: "app-eu1.hubspot.com" }];
      return [404, {}];
    });
  }

  const itself = (changes: object = {}) => ({
    id: "9000000901",
    properties: {
      name: "Wandleford Instruments",
      lifecyclestage: "opportunity",
      hs_lead_status: null,
      hs_lastmodifieddate: "2026-07-01T00:00:00.000Z",
      ...changes,
    },
  });

  const deal = (
    id: string,
    stage: string,
    at: string,
    changes: object = {},
  ) => ({
    id,
    properties: {
      dealname: "Renewal",
      dealstage: stage,
      amount: "50000",
      closedate: "2026-12-31T00:00:00Z",
      hs_lastmodifieddate: at,
      ...changes,
    },
  });

  test.each([
    ["2026-09", /^\/(?:crm\/objects|crm\/pipelines|account-info)\/2026-09\//],
    ["v3", /^\/(?:crm|account-info)\/v3\//],
  ])("is asked in version %s throughout", async (apiVersion, shape) => {
    const { url, asked } = await crmOn(({ path }) =>
      path.includes("/companies/")
        ? [
            200,
            {
              id: company.companyId,
              properties: {
                name: "Wandleford",
                hs_lastmodifieddate: "2026-07-30T10:00:00.000Z",
              },
            },
          ]
        : path.includes("account-info")
          ? [200, { portalId: 1, uiDomain: "app.hubspot.com" }]
          : [200, { results: [] }],
    );
    await hubspot(reachOf(url), apiVersion)
      .poll(company, null, never)
      .catch(() => null);
    expect(asked.length).toBeGreaterThan(2);
    for (const { path } of asked) expect(path).toMatch(shape);
  });

  test("asks for the company's deals, newest first, then for what changed since, two minutes over", async () => {
    const crm = { deals: [deal("1", "120", "2026-07-30T10:00:00.000Z")] };
    const { url, asked } = await portal(crm);
    const searched = () =>
      asked
        .filter(({ path }) => path.endsWith("/deals/search"))
        .map(({ body }) => JSON.parse(body) as unknown);
    const first = await hubspot(reachOf(url)).poll(company, null, never);
    expect(searched()).toEqual([
      {
        filterGroups: [
          {
            filters: [
              {
                propertyName: "associations.company",
                operator: "EQ",
                value: "9000000901",
              },
            ],
          },
        ],
        sorts: [
          { propertyName: "hs_lastmodifieddate", direction: "DESCENDING" },
        ],
        properties: [
          "dealname",
          "dealstage",
          "amount",
          "closedate",
          "hs_lastmodifieddate",
        ],
        limit: 100,
      },
    ]);
    await hubspot(reachOf(url)).poll(company, first.cursor, never);
    expect(searched()[1]).toMatchObject({
      filterGroups: [
        {
          filters: [
            {},
            {
              propertyName: "hs_lastmodifieddate",
              operator: "GT",
              value: String(Date.parse("2026-07-30T09:58:00.000Z")),
            },
          ],
        },
      ],
      sorts: [{ direction: "ASCENDING" }],
    });
    expect(asked[0]?.headers.authorization).toBe("Bearer a-token-of-hubspot");
  });

  test("tells that a deal has moved, from where to where, under the id that the same change has everywhere", async () => {
    const crm = { deals: [deal("1", "120", "2026-07-30T10:00:00.000Z")] };
    const { url } = await portal(crm);
    const { cursor } = await hubspot(reachOf(url)).poll(company, null, never);
    crm.deals = [deal("1", "121", "2026-07-31T12:00:00.500Z")];
    const { items } = await hubspot(reachOf(url)).poll(company, cursor, never);
    expect(items).toEqual([
      {
        source: "hubspot",
        itemId: "deal/1",
        revision: "121@2026-07-31T12:00:00.500Z",
        url: "https://app-eu1.hubspot.com/contacts/7/record/0-3/1",
        title:
          "Wandleford Instruments: deal “Renewal” now has stage Legal review",
        publisher: "HubSpot",
        publishedAt: new Date("2026-07-31T12:00:00.500Z"),
        facts: {
          record: "deal",
          stage: "Legal review",
          text: "Wandleford Instruments: deal “Renewal” now has stage Legal review. Before, it had stage 120. As a whole it has stage Legal review, amount 50,000, close date 2026-12-31. HubSpot recorded this at 2026-07-31T12:00:00.500Z as deal 1.",
        },
      },
    ]);
  });

  test("tells nothing of what was merely touched", async () => {
    const crm = { deals: [deal("1", "120", "2026-07-30T10:00:00.000Z")] };
    const { url } = await portal(crm);
    const first = await hubspot(reachOf(url)).poll(company, null, never);
    crm.deals = [
      deal("1", "120", "2026-07-31T12:00:00.000Z", { dealname: "Renewal!" }),
    ];
    const second = await hubspot(reachOf(url)).poll(
      company,
      first.cursor,
      never,
    );
    expect(second.items).toEqual([]);
    expect(second.cursor["deal"]).toBe("2026-07-31T12:00:00.000Z");
    for (const change of [{ amount: "60000" }, { closedate: "2027-01-31" }]) {
      crm.deals = [deal("1", "120", "2026-07-31T13:00:00.000Z", change)];
      const third = await hubspot(reachOf(url)).poll(
        company,
        second.cursor,
        never,
      );
      expect(third.items).toHaveLength(1);
    }
  });

  test("is read to the last page, and found late where its list lags", async () => {
    const crm = {
      deals: [
        deal("1", "120", "2026-07-30T10:00:00.000Z"),
      ] as readonly object[],
    };
    const { url } = await portal(crm);
    const first = await hubspot(reachOf(url)).poll(company, null, never);
    crm.deals = ["59:00", "59:30"].flatMap((at, i) => [
      deal(`1${i}`, "120", `2026-07-30T09:${at}.000Z`),
      deal(`2${i}`, "120", `2026-07-30T10:${at}.000Z`),
      deal(`3${i}`, "120", `2026-07-30T11:${at}.000Z`),
    ]);
    const { items } = await hubspot(reachOf(url)).poll(
      company,
      first.cursor,
      never,
    );
    expect(items.map(({ itemId }) => itemId)).toEqual([
      "deal/10",
      "deal/11",
      "deal/20",
      "deal/21",
      "deal/30",
      "deal/31",
    ]);
  });

  test("is not asked for again from further back, once its newest deal is gone", async () => {
    const crm = { deals: [deal("1", "120", "2026-07-30T10:00:00.000Z")] };
    const { url } = await portal(crm);
    const { cursor } = await hubspot(reachOf(url)).poll(company, null, never);
    crm.deals = [deal("2", "120", "2026-07-30T09:59:00.000Z")];
    const second = await hubspot(reachOf(url)).poll(company, cursor, never);
    expect(second.items).toHaveLength(1);
    expect(second.cursor["deal"]).toBe("2026-07-30T10:00:00.000Z");
  });

  test("names contacts by their job alone", async () => {
    const contact = (lifecyclestage: string, at: string) => ({
      id: "5",
      properties: {
        jobtitle: "VP Finance",
        email: "sam@wandleford.example",
        firstname: "Sam",
        lifecyclestage,
        hs_lead_status: "IN_PROGRESS",
        lastmodifieddate: at,
      },
    });
    const crm = {
      deals: [],
      contacts: [contact("lead", "2026-07-30T10:00:00Z")],
    };
    const { url, asked } = await portal(crm);
    const { cursor } = await hubspot(reachOf(url)).poll(company, null, never);
    crm.contacts = [contact("salesqualifiedlead", "2026-07-31T10:00:00Z")];
    const { items } = await hubspot(reachOf(url)).poll(company, cursor, never);
    expect(items[0]?.title).toBe(
      "Wandleford Instruments: a contact (VP Finance) now has lifecycle stage sales qualified lead",
    );
    expect(JSON.stringify({ items, cursor })).not.toMatch(/sam/i);
    expect(asked.map(({ body }) => body).join()).not.toMatch(
      /email|firstname|lastname|phone/,
    );
  });

  test("tells that the company itself has come further", async () => {
    const crm = { deals: [], company: itself() };
    const { url } = await portal(crm);
    const { cursor } = await hubspot(reachOf(url)).poll(company, null, never);
    crm.company = itself({
      lifecyclestage: "customer",
      hs_lastmodifieddate: "2026-07-31T10:00:00.000Z",
    });
    const { items } = await hubspot(reachOf(url)).poll(company, cursor, never);
    expect(items).toMatchObject([
      {
        itemId: "company/9000000901",
        revision: "customer@2026-07-31T10:00:00.000Z",
        title:
          "Wandleford Instruments: the company now has lifecycle stage customer",
      },
    ]);
  });

  test("remembers a hundred records of each kind, those that changed last", async () => {
    const many = Array.from({ length: 160 }, (_, i) =>
      deal(
        `${i + 1}`,
        "120",
        new Date(Date.UTC(2026, 5, 1, 0, i)).toISOString(),
      ),
    );
    const crm = { deals: many.slice(0, 1) };
    const { url } = await portal(crm, 100);
    const first = await hubspot(reachOf(url)).poll(company, null, never);
    crm.deals = many;
    const second = await hubspot(reachOf(url)).poll(
      company,
      first.cursor,
      never,
    );
    expect(second.items).toHaveLength(159);
    expect(JSON.stringify(second.cursor).length).toBeLessThan(30_000);
    crm.deals = many.slice(60);
    const third = await hubspot(reachOf(url)).poll(
      company,
      second.cursor,
      never,
    );
    expect(third).toEqual({ items: [], cursor: second.cursor });
    crm.deals = many.slice(59, 60);
    const fourth = await hubspot(reachOf(url)).poll(
      company,
      second.cursor,
      never,
    );
    expect(fourth.items.map(({ itemId }) => itemId)).toEqual(["deal/60"]);
  });

  test("that has no such company says so", async () => {
    const { url } = await crmOn(() => [404, {}]);
    const error = await errorOf(
      hubspot(reachOf(url)).poll(company, null, never),
    );
    expect(error).toMatchObject({ code: "not-found" });
    expect(String(error)).toContain("9000000901");
  });

  test("whose account may not be asked for gives items without an address", async () => {
    const { url } = await crmOn(({ path }) => {
      if (path.endsWith("/details")) return [403, {}];
      return path.endsWith("/search")
        ? [200, { results: [] }]
        : [200, itself()];
    });
    const connector = hubspot(reachOf(url));
    const { items } = await connector.poll(company, null, never);
    expect(items.map((item) => item.url)).toEqual([null]);
    const [item] = items;
    if (item === undefined) throw new Error("nothing was found");
    expect((await connector.fetch(item, company, never))?.url).toBe(
      "https://app.hubspot.com/",
    );
  });

  test("starts anew from a cursor that cannot be read", async () => {
    const crm = { deals: [deal("1", "120", "2026-07-30T10:00:00.000Z")] };
    const { url } = await portal(crm);
    const cursor = { known: "{broken", deal: "soon" };
    const { items } = await hubspot(reachOf(url)).poll(company, cursor, never);
    expect(items.map(({ itemId }) => itemId)).toEqual([
      "company/9000000901",
      "deal/1",
    ]);
  });
});

describe("Salesforce", () => {
  const opportunity = (
    id: string,
    stage: string,
    at: string,
    name = "Renewal",
  ) => ({
    Id: id,
    Name: name,
    StageName: stage,
    Amount: 50000,
    CloseDate: "2026-12-31",
    SystemModstamp: at,
  });
  const first = "006Hs0000Examp1AAA";

  /** A Salesforce that gives `crm.opportunities`, which a test changes, two a page. */
  function org(crm: { opportunities: readonly object[] }, tokens = ["t1"]) {
    const list = (from: number) => ({
      totalSize: crm.opportunities.length,
      done: from + 2 >= crm.opportunities.length,
      records: crm.opportunities.slice(from, from + 2),
      ...(from + 2 < crm.opportunities.length && {
        nextRecordsUrl: `/services/data/v64.0/query/01gHs-${from + 2}`,
      }),
    });
    return crmOn(({ path, headers }) => {
      if (path === "/services/oauth2/token")
        return [200, { access_token: tokens.shift() ?? "none" }];
      if (headers.authorization === "Bearer stale")
        return [401, [{ errorCode: "INVALID_SESSION_ID", message: "expired" }]];
      const more = /-(\d+)$/.exec(path);
      if (more !== null) return [200, list(Number(more[1]))];
      return [
        200,
        {
          records: [
            {
              Id: account.accountId,
              Name: "Wandleford Instruments",
              Type: null,
              Rating: "Hot",
              SystemModstamp: "2026-07-01T00:00:00.000+0000",
              Opportunities: list(0),
              Contacts: null,
            },
          ],
        },
      ];
    });
  }

  test("signs in with the app's credentials and asks one question", async () => {
    const crm = {
      opportunities: [
        opportunity(first, "Prospecting", "2026-07-30T10:00:00.000+0000"),
      ],
    };
    const { url, asked } = await org(crm);
    const connector = salesforce(reachOf(url));
    const seen = await connector.poll(account, null, never);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "a-client",
      client_secret: "a-secret-of-salesforce",
    });
    expect(asked[1]?.headers.authorization).toBe("Bearer t1");
    expect(asked[1]?.query.get("q")).toBe(
      "SELECT Id, Name, Type, Rating, SystemModstamp, (SELECT Id, Name, StageName, Amount, CloseDate, SystemModstamp FROM Opportunities ORDER BY SystemModstamp DESC LIMIT 100), (SELECT Id, Title, SystemModstamp FROM Contacts ORDER BY SystemModstamp DESC LIMIT 100) FROM Account WHERE Id = '001Hs0000Examp1AAA'",
    );
    await connector.poll(account, seen.cursor, never);
    expect(asked).toHaveLength(3);
    expect(asked[2]?.query.get("q")).toContain(
      "FROM Opportunities WHERE SystemModstamp > 2026-07-30T09:58:00.000Z ORDER BY SystemModstamp ASC)",
    );
  });

  test("tells that an opportunity has moved, under the id that its webhook gives it", async () => {
    const crm = {
      opportunities: [
        opportunity(first, "Prospecting", "2026-07-30T10:00:00.000+0000"),
      ],
    };
    const { url } = await org(crm);
    const connector = salesforce(reachOf(url));
    const { cursor } = await connector.poll(account, null, never);
    crm.opportunities = [
      opportunity(first, "Negotiation", "2026-07-31T12:00:00.000+0000"),
    ];
    const { items } = await connector.poll(account, cursor, never);
    expect(items).toEqual([
      {
        source: "salesforce",
        itemId: first,
        revision: "Negotiation@2026-07-31T12:00:00.000Z",
        url: `https://wandleford.my.salesforce.com/${first}`,
        title:
          "Wandleford Instruments: opportunity “Renewal” now has stage Negotiation",
        publisher: "Salesforce",
        publishedAt: new Date("2026-07-31T12:00:00.000Z"),
        facts: {
          record: "opportunity",
          stage: "Negotiation",
          text: `Wandleford Instruments: opportunity “Renewal” now has stage Negotiation. Before, it had stage Prospecting. As a whole it has stage Negotiation, amount 50,000, close date 2026-12-31. Salesforce recorded this at 2026-07-31T12:00:00.000Z as opportunity ${first}.`,
        },
      },
    ]);
  });

  test("is read without the fields and lists that its user may not see, and each is asked for once", async () => {
    const denied = new Map([
      ["Type", "No such column 'Type' on entity 'Account'."],
      ["Rating", "No such column 'Rating' on entity 'Account'."],
      [
        "Contacts",
        "Didn't understand relationship 'Contacts' in FROM part of query call.",
      ],
      ["Amount", "No such column 'Amount' on entity 'Opportunity'."],
    ]);
    const { Amount: _, ...shown } = opportunity(
      first,
      "Prospecting",
      "2026-07-30T10:00:00.000+0000",
    );
    const { url, asked } = await crmOn(({ path, query }) => {
      if (path === "/services/oauth2/token")
        return [200, { access_token: "t1" }];
      const soql = query.get("q") ?? "";
      const why = [...denied].find(([name]) => soql.includes(name))?.[1];
      if (why !== undefined) {
        const message = `\n${soql.slice(0, 60)}\n       ^\nERROR at Row:1:Column:18\n${why}`;
        return [400, [{ errorCode: "INVALID_FIELD", message }]];
      }
      const found = {
        Id: account.accountId,
        Name: "Wandleford Instruments",
        SystemModstamp: "2026-07-30T10:00:00.000+0000",
        Opportunities: { records: [shown] },
      };
      return [200, { totalSize: 1, done: true, records: [found] }];
    });
    const connector = salesforce(reachOf(url));
    const { items, cursor } = await connector.poll(account, null, never);
    expect(items.map(({ itemId }) => itemId).sort()).toEqual([
      account.accountId,
      first,
    ]);
    expect(items.map(({ title }) => title).join()).not.toMatch(
      /no type|no rating|no amount/,
    );
    expect(asked.filter(({ query }) => query.has("q"))).toHaveLength(5);
    expect((await connector.poll(account, cursor, never)).items).toEqual([]);
    expect(asked.filter(({ query }) => query.has("q"))).toHaveLength(6);

    // Its user is shown all of it now, and that is no news.
    denied.clear();
    const later = await salesforce(reachOf(url)).poll(account, cursor, never);
    expect(later.items).toEqual([]);
  });

  test("tells nothing of what was merely touched", async () => {
    const crm = {
      opportunities: [
        opportunity(first, "Prospecting", "2026-07-30T10:00:00.000+0000"),
      ],
    };
    const { url } = await org(crm);
    const connector = salesforce(reachOf(url));
    const { cursor } = await connector.poll(account, null, never);
    crm.opportunities = [
      opportunity(
        first,
        "Prospecting",
        "2026-07-31T12:00:00.000+0000",
        "Other",
      ),
    ];
    expect((await connector.poll(account, cursor, never)).items).toEqual([]);
  });

  test("is read to the last page", async () => {
    const ids = [1, 2, 3, 4, 5].map((n) => `006Hs0000Examp${n}AAA`);
    const crm = { opportunities: [] as readonly object[] };
    const { url } = await org(crm);
    const connector = salesforce(reachOf(url));
    const { cursor } = await connector.poll(account, null, never);
    crm.opportunities = ids.map((id, i) =>
      opportunity(id, "Prospecting", `2026-07-31T12:0${i}:00.000+0000`),
    );
    const { items } = await connector.poll(account, cursor, never);
    expect(items.map(({ itemId }) => itemId)).toEqual(ids);
  });

  test("signs in once more where its session is over, and once only", async () => {
    const { url, asked } = await org({ opportunities: [] }, ["stale", "t2"]);
    await salesforce(reachOf(url)).poll(account, null, never);
    expect(asked.at(-1)?.headers.authorization).toBe("Bearer t2");
    expect(asked).toHaveLength(4);

    const over = await org({ opportunities: [] }, ["stale", "stale", "t3"]);
    const error = await errorOf(
      salesforce(reachOf(over.url)).poll(account, null, never),
    );
    expect(error).toMatchObject({ code: "vendor-auth" });
    expect(over.asked).toHaveLength(4);
  });

  test.each([
    [403, "REQUEST_LIMIT_EXCEEDED", "RetryableError", "vendor-busy", 900_000],
    [400, "QUERY_TIMEOUT", "RetryableError", "vendor-busy", null],
    [403, "API_DISABLED_FOR_ORG", "PermanentError", "vendor-auth", undefined],
    [400, "INVALID_FIELD", "PermanentError", "refused-by-vendor", undefined],
  ])("answers %i %s: %s %s", async (status, errorCode, name, code, wait) => {
    const { url } = await crmOn(({ path }) =>
      path === "/services/oauth2/token"
        ? [200, { access_token: "t1" }]
        : [status, [{ errorCode, message: "why not" }]],
    );
    const error = await errorOf(
      salesforce(reachOf(url)).poll(account, null, never),
    );
    expect(error).toMatchObject({
      name,
      code,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
    expect(String(error)).toContain(`${errorCode}: why not`);
  });

  test("says which credentials it refused, and why", async () => {
    const { url } = await crmOn(() => [
      400,
      {
        error: "invalid_client_id",
        error_description: "client identifier invalid",
      },
    ]);
    const error = await errorOf(
      salesforce(reachOf(url)).poll(account, null, never),
    );
    expect(error).toMatchObject({
      name: "PermanentError",
      code: "vendor-auth",
    });
    expect(String(error)).toContain('"salesforce" of SOURCE_KEYS');
    expect(String(error)).toContain("invalid_client_id");
  });

  test("that shows no such account says so", async () => {
    const { url } = await crmOn(({ path }) =>
      path === "/services/oauth2/token"
        ? [200, { access_token: "t1" }]
        : [200, { totalSize: 0, done: true, records: [] }],
    );
    const error = await errorOf(
      salesforce(reachOf(url)).poll(account, null, never),
    );
    expect(error).toMatchObject({ code: "not-found" });
  });

  test("is asked for nothing but a record's id", async () => {
    const { url, asked } = await org({ opportunities: [] });
    const forged = { ...account, accountId: "x' OR Name LIKE '%" };
    const error = await errorOf(
      salesforce(reachOf(url)).poll(forged, null, never),
    );
    expect(error).toMatchObject({ code: "bad-payload" });
    expect(asked).toEqual([]);
  });

  test.each([
    ["a-token", "must be a JSON object"],
    ['{"clientId":"zzid","clientSecret":"zzsecret"}', '"instanceUrl"'],
    [
      '{"instanceUrl":"http://zz.example","clientId":"zzid","clientSecret":"zzsecret"}',
      '"instanceUrl"',
    ],
  ])("with the key %j is not asked at all", async (key, why) => {
    const { url, asked } = await org({ opportunities: [] });
    const reach = reachOf(url, { findAccess: () => ({ key }) });
    const error = await errorOf(salesforce(reach).poll(account, null, never));
    expect(error).toMatchObject({ code: "vendor-auth" });
    expect(String(error)).toContain(why);
    expect(String(error)).not.toMatch(/zz|a-token/);
    expect(asked).toEqual([]);
  });
});
