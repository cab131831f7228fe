import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CrmStandIn } from "../../dev/standins/crmServer.ts";
import { startHubspot } from "../../dev/standins/hubspot.ts";
import {
  salesforceDefaults,
  startSalesforce,
} from "../../dev/standins/salesforce.ts";
import { salesforce } from "../../functions/src/adapters/crms/salesforce.ts";
import {
  crmFacts,
  type CrmTask,
} from "../../functions/src/domain/crm/activation.ts";
import {
  PermanentError,
  RetryableError,
} from "../../functions/src/domain/kernel/errors.ts";
import type { Crm } from "../../functions/src/ports/crm.ts";
import { crmRows, hubspotAt, salesforceAt } from "../support/crmRows.ts";

describe.each(Object.values(crmRows))("$definition.name", (vendor) => {
  const { name } = vendor.definition;
  let standIn: CrmStandIn;
  let crm: Crm;

  beforeEach(async () => {
    standIn = await vendor.start();
    crm = vendor.connect(standIn.url);
  });
  afterEach(() => standIn.close());

  const keys = () => standIn.ledger().tasks.map(({ key }) => key);

  it("creates one task, linked to its account, that the receipt leads to", async () => {
    const task = aTask({ crmAccountId: vendor.crmAccountId });
    const receipt = await crm.upsertTask(task, never());
    const { tasks, notes } = standIn.ledger();
    expect(crm.name).toBe(name);
    expect(receipt.created).toBe(true);
    expect(tasks).toMatchObject([
      {
        id: receipt.recordId,
        key: task.externalId,
        subject: task.subject,
        accountId: vendor.crmAccountId,
      },
    ]);
    expect(notes.map(({ key }) => key)).toEqual(
      Array(vendor.notes).fill(task.externalId),
    );
    // What people are told beforehand that it writes.
    expect([...tasks.map(() => "Task"), ...notes.map(() => "Note")]).toEqual(
      crmFacts[name].records,
    );
    const page = await fetch(receipt.link);
    expect(await page.text()).toContain(task.subject);
  });

  it("finds the task of an earlier try and leaves it as it is", async () => {
    const first = await crm.upsertTask(aTask(), never());
    const second = await crm.upsertTask(aTask({ subject: "Other" }), never());
    expect(second).toEqual({ ...first, created: false });
    expect(standIn.ledger().tasks).toMatchObject([{ subject: "Call Meta" }]);
    expect(standIn.ledger().notes).toHaveLength(vendor.notes);
  });

  it("has one task after a write that was applied and then cut", async () => {
    standIn.fail({ after: "apply" });
    const cut = crm.upsertTask(aTask(), never());
    await expect(cut).rejects.toMatchObject({
      name: "RetryableError",
      code: "vendor-down",
    });
    expect(keys()).toEqual([aTask().externalId]);
    const receipt = await crm.upsertTask(aTask(), never());
    expect(receipt.created).toBe(false);
    expect(keys()).toEqual([aTask().externalId]);
    expect(standIn.ledger().notes).toHaveLength(vendor.notes);
  });

  it("sends a failed write once and leaves trying again to its caller", async () => {
    standIn.fail({ status: 503, times: 2 });
    await expect(crm.upsertTask(aTask(), never())).rejects.toThrow(/503/);
    await expect(crm.upsertTask(aTask(), never())).rejects.toThrow(/503/);
    const receipt = await crm.upsertTask(aTask(), never());
    expect(receipt.created).toBe(true);
  });

  it("passes the vendor's own wait on when there is too much", async () => {
    standIn.fail({ status: 429, retryAfter: 7 });
    const failure = await failureOf(crm.upsertTask(aTask(), never()));
    expect(failure).toBeInstanceOf(RetryableError);
    expect(failure).toMatchObject({ code: "vendor-busy", retryAfterMs: 7000 });
  });

  it("retries nothing on its own when a lookup fails", async () => {
    await crm.upsertTask(aTask(), never());
    const before = standIn.ledger().requests;
    standIn.fail({ status: 500, on: "any" });
    const failure = await failureOf(crm.upsertTask(aTask(), never()));
    expect(failure).toMatchObject({
      name: "RetryableError",
      code: "vendor-down",
    });
    expect(standIn.ledger().requests).toBe(before + 1);
  });

  it("says what to do when the credentials are refused", async () => {
    const stranger = vendor.connectAsStranger(standIn.url);
    const failure = await failureOf(stranger.upsertTask(aTask(), never()));
    expect(failure).toBeInstanceOf(PermanentError);
    expect(failure).toMatchObject({ code: "vendor-auth" });
    expect(String(failure)).toMatch(vendor.credentials);
    expect(keys()).toEqual([]);
  });

  it("gives up on a task that the vendor refuses, in the vendor's words", async () => {
    const failure = await failureOf(
      crm.upsertTask(aTask(vendor.refused), never()),
    );
    expect(failure).toBeInstanceOf(PermanentError);
    expect(failure).toMatchObject({ code: "refused-by-vendor" });
    expect(String(failure)).toMatch(vendor.words);
    expect(keys()).toEqual([]);
  });

  it("stops waiting when it is told to, and writes nothing after that", async () => {
    standIn.fail({ hang: true });
    const controller = new AbortController();
    const hanging = failureOf(crm.upsertTask(aTask(), controller.signal));
    await expect.poll(() => standIn.ledger().requests).toBe(vendor.requests);
    controller.abort(new Error("the lease ended"));
    expect(await hanging).toMatchObject({
      name: "RetryableError",
      code: "timed-out",
    });
    const { requests } = standIn.ledger();
    await failureOf(crm.upsertTask(aTask(), controller.signal));
    expect(standIn.ledger().requests).toBe(requests);
  });

  it("says so when nobody is there", async () => {
    await standIn.close();
    const failure = await failureOf(crm.upsertTask(aTask(), never()));
    expect(failure).toMatchObject({
      name: "RetryableError",
      code: "vendor-down",
    });
  });

  it("writes twenty tasks at a time, each once, whatever their keys hold", async () => {
    const wanted = Array.from({ length: 20 }, (_, n) => `k'\\"/?ü <${n}>`);
    const receipts = await Promise.all(
      wanted.map((externalId) =>
        crm.upsertTask(aTask({ externalId }), never()),
      ),
    );
    expect(keys().sort()).toEqual([...wanted].sort());
    expect(new Set(receipts.map(({ recordId }) => recordId)).size).toBe(20);
    const again = await Promise.all(
      wanted.map((externalId) =>
        crm.upsertTask(aTask({ externalId }), never()),
      ),
    );
    expect(again.map(({ recordId }) => recordId)).toEqual(
      receipts.map(({ recordId }) => recordId),
    );
    expect(standIn.ledger().signIns).toBeLessThanOrEqual(1);
  });

  it("has a ledger and faults that another process can reach", async () => {
    const faults = `${standIn.url}/__faults`;
    const post = (body: object) =>
      fetch(faults, { method: "POST", body: JSON.stringify(body) });
    expect((await post({ status: 503 })).status).toBe(204);
    expect((await post({ statsu: 503 })).status).toBe(400);
    await expect(crm.upsertTask(aTask(), never())).rejects.toThrow(/503/);
    await crm.upsertTask(aTask(), never());
    const ledger: unknown = await (
      await fetch(`${standIn.url}/__ledger`)
    ).json();
    expect(ledger).toEqual(standIn.ledger());
  });
});

describe("salesforce alone", () => {
  let standIn: CrmStandIn;
  beforeEach(async () => {
    standIn = await startSalesforce({ port: 0 });
  });
  afterEach(() => standIn.close());

  it("signs in again, once, when its session has ended", async () => {
    const crm = salesforceAt(standIn.url, {});
    standIn.fail({ status: 401 });
    const receipt = await crm.upsertTask(aTask(), never());
    expect(receipt.created).toBe(true);
    expect(standIn.ledger()).toMatchObject({ signIns: 2, tasks: [{}] });
    standIn.fail({ status: 401, times: 2 });
    const failure = await failureOf(
      crm.upsertTask(aTask({ externalId: "other" }), never()),
    );
    expect(failure).toMatchObject({ code: "vendor-auth" });
    expect(standIn.ledger()).toMatchObject({ signIns: 3, tasks: [{}] });
  });

  it("starts anew after a first request that failed", async () => {
    const crm = salesforceAt(standIn.url, {});
    standIn.fail({ status: 503, on: "any" });
    expect(await failureOf(crm.upsertTask(aTask(), never()))).toMatchObject({
      name: "RetryableError",
    });
    const receipt = await crm.upsertTask(aTask(), never());
    expect(receipt.created).toBe(true);
  });

  it("asks for a token anew where the last request for one was never answered", async () => {
    const crm = salesforceAt(standIn.url, { signInTimeoutMs: 500 });
    standIn.fail({ hang: true, on: "any" });
    const soon = AbortSignal.timeout(5_000);
    expect(await failureOf(crm.upsertTask(aTask(), soon))).toMatchObject({
      name: "RetryableError",
    });
    expect(soon.aborted).toBe(false);
    const receipt = await crm.upsertTask(aTask(), AbortSignal.timeout(5_000));
    expect(receipt.created).toBe(true);
  });

  it.each([301, 302, 303, 307, 308])(
    "follows no redirect (%i), which would take its token elsewhere",
    async (status) => {
      const elsewhere = await startElsewhere({ records: [{ Id: "stolen" }] });
      const crm = salesforceAt(standIn.url, {});
      await crm.upsertTask(aTask({ externalId: "signed in" }), never());
      standIn.fail({ status, on: "any", location: elsewhere.url });
      const failure = await failureOf(crm.upsertTask(aTask(), never()));
      expect(failure).toBeInstanceOf(PermanentError);
      expect(String(failure)).toContain(elsewhere.url);
      expect(elsewhere.asked()).toBe(0);
      await elsewhere.close();
    },
  );

  it("takes no token from where it is redirected to", async () => {
    const elsewhere = await startElsewhere({ access_token: "theirs" });
    const crm = salesforceAt(standIn.url, {});
    standIn.fail({ status: 307, on: "any", location: elsewhere.url });
    const failure = await failureOf(crm.upsertTask(aTask(), never()));
    expect(failure).toMatchObject({ name: "PermanentError" });
    expect(elsewhere.asked()).toBe(0);
    expect(standIn.ledger().requests).toBe(1);
    await elsewhere.close();
  });

  it("waits when the org's request limit is used up, though that is a 403", async () => {
    const crm = salesforceAt(standIn.url, {});
    const body = [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "limit" }];
    standIn.fail({ status: 403, body });
    expect(await failureOf(crm.upsertTask(aTask(), never()))).toMatchObject({
      name: "RetryableError",
      code: "vendor-busy",
    });
  });

  it("looks a task up by its account and its age, and after a try of its own wherever it is", async () => {
    const crm = salesforceAt(standIn.url, {});
    const task = aTask({ crmAccountId: "001000000000001AAA" });
    const first = await crm.upsertTask(task, never());
    const found = await crm.upsertTask({ ...task, again: true }, never());
    expect(found).toEqual({ ...first, created: false });
    // Our id of the account, or the task in Salesforce, is another by now.
    const moved = { ...task, crmAccountId: "001000000000002AAA", again: true };
    const before = standIn.ledger().requests;
    expect(await crm.upsertTask(moved, never())).toEqual(found);
    // By the account first, whose index the org has, and only then without it.
    expect(standIn.ledger().requests - before).toBe(2);
    const later = new Date(Date.now() + 2 * 3_600_000);
    const tooOld = { ...task, approvedAt: later, again: true };
    expect((await crm.upsertTask(tooOld, never())).created).toBe(true);
    const double = await crm.upsertTask({ ...task, again: true }, never());
    expect(double).toMatchObject({
      recordId: first.recordId,
      duplicates: [standIn.ledger().tasks[1]?.id],
    });
  });

  it("signs in at the instance where no other address is set", async () => {
    const { clientId, clientSecret } = salesforceDefaults;
    const app = { instanceUrl: standIn.url, clientId, clientSecret };
    for (const crm of [salesforce(app), salesforce({ ...app, loginUrl: "" })])
      expect((await crm.upsertTask(aTask(), never())).recordId).not.toBe("");
    expect(standIn.ledger().signIns).toBe(2);
  });

  it("refuses a field that the org does not have, in the vendor's words", async () => {
    const crm = salesforceAt(standIn.url, { taskKeyField: "Nope__c" });
    expect(String(await failureOf(crm.upsertTask(aTask(), never())))).toMatch(
      /INVALID_FIELD: No such column 'Nope__c'/,
    );
  });
});

describe("hubspot alone", () => {
  let standIn: CrmStandIn;
  beforeEach(async () => {
    standIn = await startHubspot({ port: 0 });
  });
  afterEach(() => standIn.close());

  it("adds the note that a cut try left out", async () => {
    const crm = hubspotAt(standIn.url, {});
    standIn.fail({ after: "apply" });
    await failureOf(crm.upsertTask(aTask(), never()));
    expect(standIn.ledger()).toMatchObject({ tasks: [{}], notes: [] });
    await crm.upsertTask(aTask(), never());
    expect(standIn.ledger()).toMatchObject({ tasks: [{}], notes: [{}] });
  });

  it("links the note to the company as well", async () => {
    const crm = hubspotAt(standIn.url, {});
    await crm.upsertTask(aTask({ crmAccountId: "9001" }), never());
    expect(standIn.ledger().notes).toMatchObject([{ accountId: "9001" }]);
  });

  it("shows a card's text as text, not as HTML", async () => {
    const crm = hubspotAt(standIn.url, {});
    const subject = '<img src=x onerror="alert(1)">';
    await crm.upsertTask(aTask({ subject }), never());
    expect(standIn.ledger().notes[0]?.subject).toContain("&lt;img src=x");
    expect(standIn.ledger().notes[0]?.subject).not.toContain("<img");
  });

  it("links to HubSpot's own address where none is set", async () => {
    const crm = hubspotAt(standIn.url, { appUrl: null });
    const { link, recordId } = await crm.upsertTask(aTask(), never());
    expect(link).toBe(
      `https://app.hubspot.com/contacts/4242/record/0-27/${recordId}`,
    );
  });

  it("links to the front door where the account may not be asked for", async () => {
    const crm = hubspotAt(standIn.url, { appUrl: null });
    standIn.fail({ status: 403, on: "any" });
    const { link } = await crm.upsertTask(aTask(), never());
    expect(link).toBe("https://app.hubspot.com");
  });

  it.each([
    ["answers 500", { status: 500 }],
    ["answers something else", { status: 299, body: {} }],
    ["is not answered for", {}],
  ])(
    "writes all the same where the account information %s, and asks again for the next link",
    async (_, fault) => {
      const crm = hubspotAt(standIn.url, { appUrl: null });
      standIn.fail({ ...fault, on: "any" });
      const { link, created } = await crm.upsertTask(aTask(), never());
      expect({ link, created }).toEqual({
        link: "https://app.hubspot.com",
        created: true,
      });
      const next = await crm.upsertTask(aTask({ externalId: "2" }), never());
      expect(next.link).toContain("/contacts/4242/");
    },
  );

  it("writes nothing where the account information says that the token is refused", async () => {
    const crm = hubspotAt(standIn.url, {});
    standIn.fail({ status: 401, on: "any" });
    expect(await failureOf(crm.upsertTask(aTask(), never()))).toMatchObject({
      code: "vendor-auth",
    });
    expect(standIn.ledger().requests).toBe(1);
  });

  it("writes no second note where the key property of tasks alone is unique", async () => {
    const mixed = await startHubspot({
      port: 0,
      isUnique: { tasks: true, notes: false },
    });
    const crm = hubspotAt(mixed.url, {});
    const again = () =>
      crm.upsertTask(aTask({ again: true, msSinceLastTry: 200_000 }), never());
    mixed.fail({ status: 502, after: "apply" });
    await failureOf(crm.upsertTask(aTask(), never()));
    mixed.fail({ status: 502, after: "apply" });
    await failureOf(again());
    expect(mixed.ledger()).toMatchObject({ tasks: [{}], notes: [{}] });
    expect(await again()).toMatchObject({ created: false });
    expect(mixed.ledger()).toMatchObject({ tasks: [{}], notes: [{}] });
    await mixed.close();
  });
});

describe("hubspot where the key property is not unique", () => {
  const searchLagMs = 90_000;
  let standIn: CrmStandIn;
  let crm: Crm;
  let now: Date;
  beforeEach(async () => {
    now = new Date("2026-11-22T09:00:00Z");
    standIn = await startHubspot({ port: 0, isUnique: false, searchLagMs });
    standIn.setClock(() => now);
    crm = hubspotAt(standIn.url, {});
  });
  afterEach(() => standIn.close());
  const keys = () => standIn.ledger().tasks.map(({ key }) => key);
  const pass = (ms: number) => (now = new Date(now.getTime() + ms));
  const again = (msSinceLastTry: number | null) =>
    crm.upsertTask(aTask({ again: true, msSinceLastTry }), never());
  const waits = {
    name: "RetryableError",
    code: "vendor-busy",
    retryAfterMs: 120_000,
  };

  it("asks for nothing more where no try went before", async () => {
    await crm.upsertTask(aTask(), never());
    expect(standIn.ledger()).toMatchObject({ requests: 3, tasks: [{}] });
  });

  it("has one task and one note after a write that was applied and then cut, though the search lags", async () => {
    standIn.fail({ after: "apply" });
    await failureOf(crm.upsertTask(aTask(), never()));
    pass(1_000);
    expect(await failureOf(again(1_000))).toMatchObject(waits);
    pass(120_000);
    expect(await again(120_000)).toMatchObject({
      created: false,
      duplicates: [],
    });
    expect(keys()).toEqual([aTask().externalId]);
    expect(standIn.ledger().notes).toHaveLength(1);
  });

  it("writes no second note where the answer to the first was lost", async () => {
    await crm.upsertTask(aTask(), never());
    pass(120_000);
    await again(120_000);
    expect(standIn.ledger().tasks).toHaveLength(1);
    expect(standIn.ledger().notes).toHaveLength(1);
  });

  it("waits once where it is not known how long ago the last try was, and then writes what is not there", async () => {
    expect(await failureOf(again(null))).toMatchObject(waits);
    expect(keys()).toEqual([]);
    expect(await again(120_000)).toMatchObject({ created: true });
    expect(keys()).toEqual([aTask().externalId]);
  });

  it("names the records that are there more than once, the oldest being the one that counts", async () => {
    const first = await crm.upsertTask(aTask(), never());
    await crm.upsertTask(aTask(), never());
    pass(120_000);
    const [, second] = standIn.ledger().tasks;
    const [, note] = standIn.ledger().notes;
    expect(await again(120_000)).toEqual({
      ...first,
      created: false,
      duplicates: [second?.id, note?.id],
    });
  });
});

describe.each(["2026-09", "v3"])("hubspot in version %s", (apiVersion) => {
  it("writes, finds and links a task", async () => {
    const standIn = await startHubspot({ port: 0 });
    const crm = hubspotAt(standIn.url, { apiVersion, appUrl: null });
    const first = await crm.upsertTask(aTask(), never());
    expect(first.link).toContain("/contacts/4242/record/0-27/");
    const second = await crm.upsertTask(aTask({ again: true }), never());
    expect(second).toEqual({ ...first, created: false });
    await standIn.close();
  });

  it("names the properties that the account's own rules refuse", async () => {
    const forbidden = ["hs_task_subject", "hs_task_type"];
    const standIn = await startHubspot({ port: 0, forbidden });
    const crm = hubspotAt(standIn.url, { apiVersion });
    const failure = await failureOf(crm.upsertTask(aTask(), never()));
    expect(failure).toMatchObject({
      name: "PermanentError",
      code: "refused-by-vendor",
    });
    expect(String(failure)).toContain(
      "The account refuses what is written to hs_task_subject, hs_task_type. In HubSpot, under Settings, Properties,",
    );
    const context = { properties: ["hs_task_reminders"] };
    const body = { message: "Some required properties were not set.", context };
    standIn.fail({ status: 400, body });
    expect(String(await failureOf(crm.upsertTask(aTask(), never())))).toContain(
      "what is written to hs_task_reminders.",
    );
    await standIn.close();
  });
});

/** Another host, which answers this to whatever it is asked. */
async function startElsewhere(body: object) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    url: `http://localhost:${port}/`,
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no failure",
    (failure: unknown) => failure,
  );
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function aTask(parts: Partial<CrmTask> = {}): CrmTask {
  return {
    externalId: "clientpulse-o1-v3",
    subject: "Call Meta",
    body: "A director resigned.\nAsk who follows.",
    dueAt: new Date("2026-11-24T09:00:00Z"),
    priority: "HIGH",
    crmAccountId: null,
    approvedAt: new Date("2026-11-21T09:00:00Z"),
    again: false,
    msSinceLastTry: null,
    ...parts,
  };
}
