import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { salesforceSignature } from "../../functions/src/api/webhooks/webhookSignatures.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { topics } from "../../functions/src/domain/messages/topics.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import {
  acme,
  bodyOf,
  globex,
  present,
  problemOf,
  sharedApi,
  umbrella,
  webhookSecret,
} from "../support/api.ts";

const api = await sharedApi();

async function messages(topic?: string) {
  const reads = await api.deps.store.query({
    collection: at.messages(acme),
    where: topic === undefined ? [] : [["topic", "==", topic]],
    limit: 1000,
  });
  return reads;
}

async function payloadOf(messageId: string) {
  const ref = at.message(acme, MessageId.parse(messageId));
  const { data } = present(await api.deps.store.read(ref));
  return topics["signal-received"].payload.parse(data.payload);
}

describe("a signal that is handed in", () => {
  const Accepted = z.object({ messageId: z.string() });
  const tip = {
    account_id: "globex",
    title: "Globex looks for a partner",
    description:
      "Ask pat.doe@globex.example or +1 650 253 0000; they told us at the fair.",
    source_type: "meeting",
    source_url: "https://globex.example/fair?who=pat.doe@globex.example",
  };
  const send = (body: object, requestId = "handed-in") =>
    api.as("anna", "/api/v1/signals", {
      body,
      headers: { "X-Request-ID": requestId },
    });

  it("becomes a message that knows nobody's address or number, and carries the trace", async () => {
    const { messageId } = bodyOf(await send(tip, "tip-1"), 202, Accepted);
    const payload = await payloadOf(messageId);
    expect(payload).toMatchObject({
      accountId: "globex",
      by: "anna",
      sourceKey: "manual",
      handedIn: { text: "Ask [email] or [phone]; they told us at the fair." },
      item: { source: "manual", url: "https://globex.example/fair" },
    });
    const ref = at.message(acme, MessageId.parse(messageId));
    expect(present(await api.deps.store.read(ref)).data.traceId).toBe("tip-1");
    expect(api.rings).toMatchObject([{ messageId, traceId: "tip-1" }]);
    expect(await api.audit()).toMatchObject([
      { action: "CREATE", actor: "anna", traceId: "tip-1" },
    ]);
    expect(JSON.stringify([payload, api.lines])).not.toMatch(/pat\.doe|650/);
  });

  it("is the same work when it is sent twice, also at once, or in camelCase, or to the other path", async () => {
    const before = (await messages()).length;
    const body = { ...tip, title: "Globex looks for another partner" };
    const { account_id, source_type, ...rest } = body;
    const camel = { ...rest, accountId: account_id, sourceType: source_type };
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => send(body)),
      send(camel),
      api.as("anna", "/api/signals", { body }),
    ]);
    const ids = answers.map((a) => bodyOf(a, 202, Accepted).messageId);
    expect(new Set(ids).size).toBe(1);
    expect((await messages()).length).toBe(before + 1);
  });

  it("names the field that is missing, and takes no other tenant and no hidden account", async () => {
    const { source_type: _, ...without } = tip;
    const fields = problemOf(await send(without), 400).errors;
    expect(fields?.map(({ field }) => field)).toEqual(["source_type"]);
    const url = { ...tip, source_url: "javascript:alert(1)" };
    expect(problemOf(await send(url), 400).errors?.[0]?.field).toBe(
      "source_url",
    );
    problemOf(await send({ ...tip, account_id: "initech" }), 404);
    expect((await send({ ...tip, tenant_id: acme })).status).toBe(202);
    problemOf(await send({ ...tip, tenant_id: umbrella }, "snoop-2"), 403);
    const entries = (await api.audit()).filter((e) => e.traceId === "snoop-2");
    expect(entries).toMatchObject([
      { entity: { kind: "tenant", id: umbrella } },
    ]);
  });

  it("may be as long as is allowed, and still fits its message when redaction lengthens it", async () => {
    const body = {
      ...tip,
      title: "a@b.co ".repeat(57).trim(),
      description: "a@b.co ".repeat(2285).trim(),
    };
    const { messageId } = bodyOf(await send(body), 202, Accepted);
    expect((await payloadOf(messageId)).handedIn?.text).toMatch(
      /^\[email\] \[email\]/,
    );
    const over = { ...tip, description: "x".repeat(16_001) };
    expect(problemOf(await send(over), 400).errors?.[0]?.field).toBe(
      "description",
    );
  });
});

describe("a look at an account, by hand", () => {
  const Started = z.object({
    runId: z.string(),
    links: z.object({ run: z.string() }),
  });
  const look = (requestId: string, person = "anna", account = "globex") =>
    api.as(person, `/api/v1/monitoring-jobs/execute-for-client/${account}`, {
      method: "POST",
      headers: { "X-Request-ID": requestId },
    });

  it("starts a run, once for each request id, whose end can be seen", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => look("look-1")));
    const started = answers.map((answer) => bodyOf(answer, 202, Started));
    const { runId, links } = started[0] ?? { runId: "", links: { run: "" } };
    expect(new Set(started.map((s) => s.runId)).size).toBe(1);
    const due = await messages("account-due");
    expect(due).toHaveLength(1);
    const [message] = due;
    expect(message?.data).toMatchObject({
      runId,
      traceId: "look-1",
      payload: { occasion: `by-hand_${runId}`, sourceKey: null, part: 0 },
    });

    const Run = z.object({
      accountId: z.literal("globex"),
      trigger: z.literal("by_hand"),
      startedBy: z.literal("anna"),
      progress: z.object({ open: z.int(), done: z.int(), parked: z.int() }),
      finished: z.boolean(),
    });
    const run = async () => bodyOf(await api.as("vera", links.run), 200, Run);
    expect(await run()).toMatchObject({
      progress: { open: 1, done: 0, parked: 0 },
      finished: false,
    });
    const messageId = MessageId.parse(message?.id);
    await deliver({ tenantId: acme, messageId }, { stageFor }, api.deps);
    expect(await run()).toMatchObject({
      progress: { open: 0, done: 1, parked: 0 },
      finished: true,
    });
    problemOf(await api.as("bob", links.run), 404);
    problemOf(await api.as("anna", "/api/v1/runs/none"), 404);
  });

  it("is another run for another request, person or account", async () => {
    const answers = [
      await look("look-2"),
      await look("look-3"),
      await look("look-2", "ada"),
      await look("look-2", "ada", "initech"),
    ];
    const ids = answers.map((answer) => bodyOf(answer, 202, Started).runId);
    expect(new Set(ids).size).toBe(4);
  });
});

describe("a Salesforce webhook", () => {
  const event = {
    AccountId: "001000000000001AAA",
    Id: "006000000000001AAA",
    StageName: "Negotiation",
    Name: "Renewal 2027",
    Amount: 120_000,
    SystemModstamp: "2026-11-02T07:59:00.000+0000",
  };
  const path = "/api/integrations/salesforce/webhook";
  const Taken = z.object({
    status: z.string(),
    messageId: z.string().nullable(),
    reason: z.string().nullable(),
  });
  const seconds = () => Math.floor(api.clock.now().getTime() / 1000);

  function signedRequest(body: string | object = event, offsetS = 0) {
    const raw = Buffer.from(
      typeof body === "string" ? body : JSON.stringify(body),
    );
    const timestamp = String(seconds() + offsetS);
    const headers = {
      "X-ClientPulse-Tenant": acme as string,
      "X-ClientPulse-Timestamp": timestamp,
      "X-ClientPulse-Signature": salesforceSignature(
        webhookSecret,
        timestamp,
        raw,
      ),
      "X-Request-ID": "hook-1",
    };
    return { body: new Uint8Array(raw), headers };
  }
  const received = async () => (await messages("signal-received")).length;
  let before: number;
  beforeEach(async () => {
    before = await received();
  });

  it("signed by the tenant becomes a signal of the account with that Salesforce id", async () => {
    const taken = bodyOf(await api.send(path, signedRequest()), 202, Taken);
    expect(taken.status).toBe("received");
    const payload = await payloadOf(taken.messageId ?? "");
    expect(payload).toMatchObject({
      accountId: globex,
      sourceKey: "salesforce",
      by: null,
      item: {
        source: "salesforce",
        itemId: event.Id,
        revision: "Negotiation@2026-11-02T07:59:00.000Z",
        publishedAt: new Date("2026-11-02T07:59:00.000Z"),
      },
      handedIn: {
        text: "Opportunity Renewal 2027 at Globex moved to stage Negotiation in Salesforce. Its amount is 120000. Salesforce recorded the change at 2026-11-02T07:59:00.000Z.",
      },
    });
    const ref = at.message(acme, MessageId.parse(taken.messageId));
    expect(present(await api.deps.store.read(ref)).data.traceId).toBe("hook-1");
  });

  it("brings nothing new when it is replayed, even signed anew; another stage or change does", async () => {
    const replays = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        api.send(path, signedRequest(event, i)),
      ),
    );
    const statuses = replays.map((answer) => bodyOf(answer, 202, Taken).status);
    expect(new Set(statuses)).toEqual(new Set(["duplicate"]));
    expect(await received()).toBe(before);
    await api.send(path, signedRequest({ ...event, StageName: "Closed Won" }));
    await api.send(
      path,
      signedRequest({
        ...event,
        SystemModstamp: "2026-11-02T07:59:30.000+0000",
      }),
    );
    expect(await received()).toBe(before + 2);
  });

  it.each([
    [-299, 202],
    [299, 202],
    [-301, 401],
    [301, 401],
  ])("whose clock is off by %i s is answered %i", async (offsetS, status) => {
    const answer = await api.send(path, signedRequest(event, offsetS));
    expect(answer.status, answer.text).toBe(status);
  });

  it("with any one bit flipped is refused, in body, timestamp, signature or tenant", async () => {
    const good = signedRequest({ ...event, Id: "006FLIPPED" });
    const flipped = (bytes: Uint8Array, bit: number) => {
      const copy = Uint8Array.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    };
    const tries: { body: Uint8Array; headers: Record<string, string> }[] = [];
    for (let bit = 0; bit < good.body.length * 8; bit += 5) {
      tries.push({ ...good, body: flipped(good.body, bit) });
    }
    for (const name of ["Tenant", "Timestamp", "Signature"] as const) {
      const header = `X-ClientPulse-${name}` as const;
      const bytes = Buffer.from(good.headers[header]);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const copy = flipped(bytes, bit);
        // Not a header any more: no client could send it.
        if (copy.some((byte) => byte < 32 || byte === 127)) continue;
        const value = Buffer.from(copy).toString("latin1");
        tries.push({ ...good, headers: { ...good.headers, [header]: value } });
      }
    }
    expect(tries.length).toBeGreaterThan(700);
    const accepted = [];
    for (const one of tries) {
      const answer = await api.send(path, one);
      if (answer.status !== 401) accepted.push(one.headers);
    }
    expect(accepted).toEqual([]);
    expect(await received()).toBe(before);
  });

  it("without a signature, with that of another tenant, or of an older form is refused", async () => {
    const { body, headers } = signedRequest();
    const upper = headers["X-ClientPulse-Signature"].toUpperCase();
    const millis = `${seconds()}000`;
    const forms = [
      {},
      { ...headers, "X-ClientPulse-Tenant": umbrella },
      { ...headers, "X-ClientPulse-Signature": upper },
      {
        ...headers,
        "X-ClientPulse-Timestamp": millis,
        "X-ClientPulse-Signature": salesforceSignature(
          webhookSecret,
          millis,
          body,
        ),
      },
    ];
    for (const form of forms) {
      const answer = await api.send(path, { body, headers: form });
      expect(problemOf(answer, 401).detail).toBe(
        "The webhook's signature is not valid.",
      );
    }
  });

  it("of an account that nobody knows leaves a record that says so", async () => {
    const unknown = { ...event, AccountId: "001UNKNOWN" };
    for (const status of ["recorded", "duplicate"]) {
      const answer = await api.send(path, signedRequest(unknown));
      const taken = bodyOf(answer, 202, Taken);
      expect(taken.status).toBe(status);
      expect(taken.reason).toContain("001UNKNOWN");
      const messageId = MessageId.parse(taken.messageId);
      await deliver({ tenantId: acme, messageId }, { stageFor }, api.deps);
    }
    const records = await api.deps.store.query({
      collection: at.decisions(acme),
      where: [["reason", "==", "no-account"]],
      limit: 10,
    });
    expect(records).toHaveLength(1);
    expect(records[0]?.data).toMatchObject({
      accountId: "unknown",
      verdict: "dropped",
      traceId: "hook-1",
    });
    expect(await received()).toBe(before + 1);
  });

  it("signed, but of another shape, is refused by naming the field", async () => {
    const { StageName: _, ...rest } = event;
    const missing = problemOf(await api.send(path, signedRequest(rest)), 400);
    expect(missing.errors?.map(({ field }) => field)).toEqual(["StageName"]);
    problemOf(await api.send(path, signedRequest('{"Amount":1e999')), 400);
    const huge = JSON.stringify({ ...event, Amount: 0 }).replace(
      ":0,",
      ":1e999,",
    );
    const amount = problemOf(await api.send(path, signedRequest(huge)), 400);
    expect(amount.errors?.map(({ field }) => field)).toEqual(["Amount"]);
  });

  it("has addresses and numbers taken out before anything is kept", async () => {
    const named = {
      ...event,
      Id: "006PII",
      Name: "Call pat@globex.example, +1 650 253 0000",
    };
    const taken = bodyOf(
      await api.send(path, signedRequest(named)),
      202,
      Taken,
    );
    const kept = JSON.stringify(await payloadOf(taken.messageId ?? ""));
    expect(kept).toContain("Call [email], [phone]");
    expect(kept).not.toMatch(/pat@|650/);
  });
});
