import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import {
  type Sender,
  senders,
} from "../../functions/src/domain/tenants/webhookSecrets.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import { acme, bodyOf, problemOf, sharedApi } from "../support/api.ts";
import { futureDates, garbage, impossibleDates } from "../support/oddValues.ts";
import {
  flipped,
  flippedText,
  signedBy,
  signedHeaders,
  type SignedRequest,
} from "../support/webhooks.ts";

const api = await sharedApi();
const { clock } = api;

const hubspotEvent = {
  objectId: 1001,
  propertyName: "lifecyclestage",
  propertyValue: "opportunity",
  changeSource: "CRM_UI",
  eventId: 1,
  subscriptionId: 25,
  portalId: 33,
  appId: 1_160_452,
  occurredAt: Date.parse("2026-11-02T07:59:00Z"),
  subscriptionType: "company.propertyChange",
  attemptNumber: 0,
};
/** The event n as each sender tells it, on its delivery d. */
const bodies = {
  salesforce: (n: number) => ({
    AccountId: "001000000000001AAA",
    Id: `006${n}`,
    StageName: "Negotiation",
    SystemModstamp: "2026-11-02T07:59:00.000+0000",
  }),
  hubspot: (n: number, d = 0) => [
    {
      ...hubspotEvent,
      occurredAt: hubspotEvent.occurredAt + n,
      eventId: d,
      attemptNumber: d % 10,
    },
  ],
  webhook: (n: number) => ({
    type: "support.escalated",
    occurred_at: "2026-11-02T07:59:00Z",
    title: `Case ${n} is escalated`,
    text: `They ask for an architect after outage ${n} of the shop in a month.`,
    account: { id: "globex" },
  }),
} satisfies Record<Sender, (n: number, d?: number) => object>;

const send = ({ path, headers, raw }: SignedRequest) =>
  api.send(path, { body: raw, headers });
const sign = (sender: Sender, body: string | object, offMs = 0, id?: string) =>
  signedBy(sender, body, {
    at: new Date(clock.now().getTime() + offMs),
    ...(id === undefined ? {} : { id }),
  });

/** Whatever an event can leave behind. */
async function effects() {
  const { db } = api.database;
  const tenant = `tenants/${acme}`;
  const counts = await Promise.all([
    db.collection(`${tenant}/messages`).count().get(),
    db.collection(`${tenant}/decisions`).count().get(),
    db.collectionGroup("entries").count().get(),
  ]);
  const [messages, decisions, audits] = counts.map(
    (answer) => answer.data().count,
  );
  return { messages, decisions, audits, rings: api.rings.length };
}

describe.each(senders)("the webhook of %s", (sender) => {
  it.each([
    [-299, 202],
    [299, 202],
    [-301, 401],
    [301, 401],
  ])("whose clock is off by %i s is answered %i", async (offS, status) => {
    const request = sign(sender, bodies[sender](0), offS * 1000);
    const answer = await send(request);
    expect(answer.status, answer.text).toBe(status);
  });

  it("with any one bit flipped is refused, and leaves nothing", async () => {
    const before = await effects();
    const good = sign(sender, bodies[sender](1));
    const tries: SignedRequest[] = [];
    const bits = good.raw.byteLength * 8;
    for (let bit = 0; bit < bits; bit += Math.ceil(bits / 150))
      tries.push({ ...good, raw: flipped(good.raw, bit) });
    for (const name of signedHeaders[sender]) {
      const value = good.headers[name] ?? "";
      for (let bit = 0; bit < value.length * 8; bit += 3) {
        const changed = flippedText(value, bit);
        if (changed === null) continue;
        const headers = { ...good.headers, [name]: changed };
        tries.push({ ...good, headers });
      }
    }
    for (const other of ["acmf", "Acme", "umbrella"])
      tries.push({
        ...good,
        path: good.path.replace("acme", other),
        headers:
          sender === "salesforce"
            ? { ...good.headers, "X-ClientPulse-Tenant": other }
            : good.headers,
      });
    expect(tries.length).toBeGreaterThan(250);
    const statuses = new Set<number>();
    for (const one of tries) statuses.add((await send(one)).status);
    expect([...statuses]).toEqual([401]);
    expect(await effects()).toEqual(before);
  });

  it("replayed a thousand times, each delivery and signature fresh, within its five minutes and after, has no second effect", async () => {
    const first = await send(sign(sender, bodies[sender](2)));
    expect(first.status, first.text).toBe(202);
    const before = await effects();
    for (let round = 0; round < 40; round++) {
      // As fast as a tenant's systems may send.
      clock.advance(2_500);
      const answers = await Promise.all(
        Array.from({ length: 25 }, (_, i) => {
          const d = round * 25 + i;
          return send(
            sign(sender, bodies[sender](2, d), (i - 12) * 20_000, `msg_${d}`),
          );
        }),
      );
      for (const answer of answers)
        expect(answer.text).toMatch(/"duplicate"(?::1\b|,"messageId")/);
    }
    expect(await effects()).toEqual(before);
    clock.advance(86_400_000);
    await send(sign(sender, bodies[sender](2)));
    expect(await effects()).toEqual(before);
  });

  it("of the same event at the same moment, many times, is taken once", async () => {
    const before = await effects();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, d) =>
        send(sign(sender, bodies[sender](3, d), d * 1000)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const fresh = answers.filter(({ text }) =>
      /"received"(?::1\b|,"messageId")/.test(text),
    );
    expect(fresh).toHaveLength(1);
    const { messages = 0, decisions = 0, audits = 0, rings } = before;
    expect(await effects()).toEqual({
      messages: messages + 1,
      decisions,
      audits: audits + 1,
      rings: rings + 1,
    });
  });

  it("over its limit, or compressed, is refused before it is looked at", async () => {
    const huge = sign(sender, `{"a":"${"x".repeat(5_000_001)}"}`);
    expect(problemOf(await send(huge), 413).detail).toMatch(
      sender === "hubspot" ? /5000000 bytes/ : /256000 bytes/,
    );
    const good = sign(sender, bodies[sender](4));
    const headers = { ...good.headers, "Content-Encoding": "gzip" };
    const { detail } = problemOf(await send({ ...good, headers }), 415);
    expect(detail).toContain("uncompressed");
  });
});

const folder = resolve(process.env["RECORDINGS_DIR"] ?? "../shared/data");
const cases = join(folder, "json");
const isThere = existsSync(cases);
if (!isThere) console.warn(`skipped: there are no JSON cases in ${cases}`);

describe.skipIf(!isThere)("every case of a JSON parser", () => {
  const files = isThere
    ? readdirSync(cases).filter((name) => name.endsWith(".json"))
    : [];
  const bytesOf = (name: string) =>
    new Uint8Array(readFileSync(join(cases, name)));

  it.each(senders)(
    "at the webhook of %s, signed, is refused where it is none, and never breaks anything",
    async (sender) => {
      const before = await effects();
      for (const name of files) {
        clock.advance(200);
        const answer = await send(sign(sender, bytesOf(name)));
        expect(answer.status, name).toBe(400);
        expect(answer.text, name).toContain("urn:clientpulse:problem:");
      }
      expect(files.length).toBeGreaterThan(100);
      expect(await effects()).toEqual(before);
    },
  );

  it.each(["/api/v1/signals", "/api/v1/signals/import"])(
    "at %s is refused, and never breaks anything",
    async (path) => {
      const before = await effects();
      for (const name of files) {
        const answer = await api.as("anna", path, { body: bytesOf(name) });
        expect(answer.status, name).toBe(400);
      }
      expect(await effects()).toEqual(before);
    },
  );
});

describe("the webhook of HubSpot", () => {
  const Counts = z.object({
    received: z.int(),
    duplicate: z.int(),
    recorded: z.int(),
    refused: z.int(),
  });
  const countsOf = async (events: readonly unknown[]) =>
    bodyOf(await send(sign("hubspot", events)), 202, Counts);
  const stored = async (accountId: string | null) =>
    (
      await api.deps.store.query({
        collection: at.messages(acme),
        where: [["topic", "==", "signal-received"]],
        limit: 1000,
      })
    ).filter(
      ({ data }) =>
        data.payload["accountId"] === accountId &&
        data.payload["sourceKey"] === "hubspot",
    );

  it("takes a hundred events at once, each by itself, in whatever mixture", async () => {
    const before = (await stored("globex")).length;
    const many = Array.from({ length: 96 }, (_, n) => ({
      ...hubspotEvent,
      occurredAt: hubspotEvent.occurredAt + 10_000 + n,
    }));
    const [first = hubspotEvent] = many;
    const events = [
      first,
      ...many,
      { ...first, eventId: 99, attemptNumber: 1 },
      { ...first, subscriptionType: "deal.propertyChange", objectId: 9001 },
      { ...first, objectId: 424_242 },
    ];
    expect(await countsOf(events)).toEqual({
      received: 96,
      duplicate: 2,
      recorded: 2,
      refused: 0,
    });
    expect((await stored("globex")).length).toBe(before + 96);
    expect(await countsOf(events)).toEqual({
      received: 0,
      duplicate: 100,
      recorded: 0,
      refused: 0,
    });
    expect((await stored("globex")).length).toBe(before + 96);
    problemOf(await send(sign("hubspot", [...events, first])), 400);
    problemOf(await send(sign("hubspot", [])), 400);
  });

  it("hands on what may tell whose an event is, where its company is not known", async () => {
    const waiting = (await stored(null)).map(({ data }) => data.payload);
    expect(waiting.map((payload) => payload["about"])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ identifiers: { hubspot_deal: "9001" } }),
        expect.objectContaining({ identifiers: { hubspot: "424242" } }),
      ]),
    );
  });

  it("of which none is an event names each field at fault, and leaves nothing", async () => {
    const before = await effects();
    const bad = [null, { ...hubspotEvent, occurredAt: "today" }];
    const problem = problemOf(await send(sign("hubspot", bad)), 400);
    expect(problem.errors?.map(({ field }) => field)).toEqual([
      "0",
      "1.occurredAt",
    ]);
    expect(await effects()).toEqual(before);
  });

  it("takes two good events, and parks the odd one between them with its reason, once", async () => {
    const creation = (objectId: number) => ({
      subscriptionType: "company.creation",
      occurredAt: 1_795_168_800_000,
      objectId,
      portalId: 33,
    });
    const odd = {
      subscriptionType: "deal.propertyChange",
      occurredAt: 1_795_168_800_000,
      objectId: 2,
      propertyName: "amount",
      propertyValue: 5000,
      note: "Call pat@globex.example",
    };
    const batch = [creation(1), odd, creation(3)];
    expect(await countsOf(batch)).toEqual({
      received: 0,
      duplicate: 0,
      recorded: 2,
      refused: 1,
    });
    const again = await countsOf(batch);
    expect(again).toMatchObject({ duplicate: 2, refused: 1 });
    const parked = await api.deps.store.query({
      collection: at.messages(acme),
      where: [["state", "==", "parked"]],
      limit: 100,
    });
    const [message, ...others] = parked.filter(
      ({ data }) => data.payload["sourceKey"] === "hubspot",
    );
    expect(others).toEqual([]);
    expect(message?.data.error?.code).toBe("bad-payload");
    expect(message?.data.error?.message).toContain("propertyValue");
    const sent = String(message?.data.payload["sent"]);
    expect(sent).toContain('"propertyValue":5000');
    expect(sent).not.toContain("pat@globex.example");
  });

  it("with any one event replaced by garbage takes the others all the same", async () => {
    const good = (n: number) => ({
      ...hubspotEvent,
      occurredAt: hubspotEvent.occurredAt + 50_000 + n,
    });
    const fields = Object.keys(hubspotEvent);
    for (const [n, by] of garbage.entries()) {
      const field = fields[n % fields.length] ?? "";
      const batch = [good(3 * n), { ...good(3 * n + 1), [field]: by }, by];
      const counts = await countsOf([...batch, good(3 * n + 2)]);
      const sum = Object.values(counts).reduce((a, b) => a + b, 0);
      expect(sum, JSON.stringify(by).slice(0, 99)).toBe(4);
      expect(counts.received + counts.duplicate).toBeGreaterThanOrEqual(2);
      expect(counts.refused).toBeGreaterThanOrEqual(1);
    }
  });

  it("keeps nobody's address", async () => {
    const named = {
      ...hubspotEvent,
      propertyName: "notes",
      propertyValue: "Call pat@globex.example, +1 650 253 0000",
    };
    expect(await countsOf([named])).toMatchObject({ received: 1 });
    const kept = JSON.stringify(await stored("globex"));
    expect(kept).toContain("Call [email], [phone]");
    expect(kept).not.toMatch(/pat@|650 253/);
  });
});

describe("the webhook of any other system", () => {
  const Taken = z.object({
    status: z.string(),
    messageId: z.string(),
    reason: z.string().nullable(),
  });
  const event = bodies.webhook(100);
  const take = async (body: object) =>
    bodyOf(await send(sign("webhook", body)), 202, Taken);
  const payloadOf = async (messageId: string) => {
    const reads = await api.deps.store.query({
      collection: at.messages(acme),
      where: [["topic", "==", "signal-received"]],
      limit: 1000,
    });
    return reads.find(({ id }) => id === messageId)?.data.payload;
  };

  it("is of the account whose id it names, which its text need not name", async () => {
    const { status, messageId } = await take({
      ...event,
      facts: { case: "7" },
    });
    expect(status).toBe("received");
    expect(await payloadOf(messageId)).toMatchObject({
      accountId: "globex",
      resolvedBy: "The sender names the account by its id.",
      item: {
        source: "webhook",
        revision: "",
        publishedAt: new Date("2026-11-02T07:59:00Z"),
        facts: { case: "7", source_type: "support.escalated" },
      },
    });
  });

  it("hands on what else may tell whose it is, and nobody's address", async () => {
    const account = {
      id: "hooli",
      identifiers: { vat: "DE1", contact: "pat@globex.example" },
      domain: "globex.example",
      name: "Globex, pat@globex.example",
    };
    const taken = await take({ ...event, account });
    expect(taken).toMatchObject({
      status: "recorded",
      reason: "There is no account hooli.",
    });
    expect(await payloadOf(taken.messageId)).toMatchObject({
      accountId: null,
      about: {
        identifiers: { vat: "DE1" },
        domains: ["globex.example"],
        names: ["Globex, [email]"],
      },
    });
    const { account: _, ...nameless } = event;
    expect((await take(nameless)).status).toBe("recorded");
  });

  it("becomes a signal of that account, or of the one that it leads to", async () => {
    for (const [n, account, ground] of [
      [201, { id: "globex" }, /names the account by its id/],
      [202, { identifiers: { hubspot: "1001" } }, /1001/],
    ] as const) {
      const taken = await take({ ...bodies.webhook(n), account });
      const messageId = MessageId.parse(taken.messageId);
      await deliver({ tenantId: acme, messageId }, { stageFor }, api.deps);
      const found = await api.deps.store.query({
        collection: at.signals(acme),
        where: [["accountId", "==", "globex"]],
        limit: 10,
      });
      const signal = found.find(({ data }) => data.title.includes(`${n}`));
      expect(signal?.data.source).toBe("webhook");
      expect(signal?.data.facts["resolvedBy"]).toMatch(ground);
    }
  });

  it("is the same when it says the same, in whatever order and zone", async () => {
    const identifiers = { vat: "DE1", cik: "7" };
    const one = { ...event, account: { identifiers, name: "Globex" } };
    const { messageId } = await take(one);
    const turned = {
      ...event,
      occurred_at: "2026-11-02T09:59:00+02:00",
      account: { name: "Globex", identifiers: { cik: "7", vat: "DE1" } },
    };
    expect(await take(turned)).toMatchObject({
      status: "duplicate",
      messageId,
    });
    const other = await take({ ...one, text: `${event.text} Again.` });
    expect(other.status).toBe("recorded");
  });

  it("names the field at fault", async () => {
    for (const [change, field] of [
      [{ type: "" }, "type"],
      [{ occurred_at: "yesterday" }, "occurred_at"],
      [{ url: "javascript:alert(1)" }, "url"],
      [{ facts: { __x__: "1" } }, "facts.__x__"],
      [{ account: { identifiers: { vat: "" } } }, "account.identifiers.vat"],
      [{ text: "x".repeat(16_001) }, "text"],
    ] as const) {
      const answer = await send(sign("webhook", { ...event, ...change }));
      const problem = problemOf(answer, 400);
      expect(problem.errors?.map((one) => one.field)).toEqual([field]);
    }
  });
});

describe("a date that is none, or ahead of its time", () => {
  it("is refused by its field, or taken as of its receipt, by every webhook", async () => {
    const dated = {
      salesforce: (stated: string) => ({
        ...bodies.salesforce(0),
        SystemModstamp: stated,
      }),
      hubspot: (stated: string) => [
        { ...hubspotEvent, occurredAt: Date.parse(stated) },
      ],
      webhook: (stated: string) => ({
        ...bodies.webhook(0),
        occurred_at: stated,
      }),
    } satisfies Record<Sender, (stated: string) => object>;
    for (const sender of senders)
      for (const stated of [...impossibleDates, ...futureDates]) {
        const answer = await send(sign(sender, dated[sender](stated)));
        expect([202, 400], `${sender} ${stated}`).toContain(answer.status);
        if (answer.status === 400)
          expect(answer.text).toMatch(/occurred_at|occurredAt/u);
      }
  });
});
