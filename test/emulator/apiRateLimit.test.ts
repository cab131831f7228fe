import { describe, expect, it, onTestFinished } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import {
  minuteMs,
  secondMs,
} from "../../functions/src/domain/kernel/instant.ts";
import { salesforceSignature } from "../../functions/src/api/webhooks/webhookSignatures.ts";
import { acme, openApi, problemOf, webhookSecret } from "../support/api.ts";
import { documents, linesOf } from "../support/dump.ts";
import { all } from "../support/stories.ts";

const perMinute = 60;
const burst = perMinute / 2;
const path = "/api/v1/accounts";
const tip = {
  account_id: "globex",
  title: "Globex looks for a partner",
  description: "They told us at the fair.",
  source_type: "meeting",
};

/** The API as two instances over one database, where a person may do little. */
async function openTwo(limits = { reads: perMinute, commands: perMinute }) {
  const api = await openApi();
  onTestFinished(() => api.close());
  const settings = {
    ...api.deps.settings,
    readsPerMinute: limits.reads,
    commandsPerMinute: limits.commands,
  };
  const one = api.another({ settings });
  const two = api.another({ settings });
  /** So many requests at once, by turns to either; how many were granted. */
  const granted = async (
    n: number,
    ask: (instance: typeof one, i: number) => Promise<{ status: number }>,
  ) => {
    const answers = await Promise.all(
      Array.from({ length: n }, (_, i) => ask(i % 2 === 0 ? one : two, i)),
    );
    return answers.filter(({ status }) => status !== 429).length;
  };
  return { api, one, two, granted };
}

describe("a person's requests", () => {
  it("are granted up to the limit and no further, over two instances", async () => {
    const { granted } = await openTwo();
    const first = await granted(50, (to) => to.as("anna", path));
    expect(first).toBeLessThanOrEqual(burst);
    // What one instance holds unspent, the other cannot have: a fifth at most.
    expect(first).toBeGreaterThanOrEqual(burst * 0.8);
    await granted(50, (to) => to.as("anna", path));
    expect(await granted(10, (to) => to.as("anna", path))).toBe(0);
  });

  it("are granted again as time goes by, at the rate and no faster", async () => {
    const { api, granted } = await openTwo();
    let sum = await granted(60, (to) => to.as("anna", path));
    for (let n = 0; n < 20; n++) {
      api.clock.advance(3 * secondMs);
      sum += await granted(6, (to) => to.as("anna", path));
    }
    expect(sum).toBeLessThanOrEqual(burst + perMinute);
    expect(sum).toBeGreaterThanOrEqual((burst + perMinute) * 0.9);
    api.clock.advance(minuteMs);
    expect(
      await granted(40, (to) => to.as("anna", path)),
    ).toBeGreaterThanOrEqual(burst * 0.8);
  });

  it("are counted anew where the count of them cannot be read", async () => {
    const { api, one, two } = await openTwo();
    expect((await one.as("anna", path)).status).toBe(200);
    const budget = api.database.db.doc(at.budget(acme, "anna_reads").path);
    expect((await budget.get()).exists).toBe(true);
    await budget.set({ usedUntil: "soon" });
    expect((await two.as("anna", path)).status).toBe(200);
    const kept = await api.database.store.read(at.budget(acme, "anna_reads"));
    expect(kept?.data.usedUntil).toBeInstanceOf(Date);
  });

  it("take nothing from another person's, nor reading from deciding", async () => {
    const { one, granted } = await openTwo();
    await granted(60, (to) => to.as("anna", path));
    problemOf(await one.as("anna", path), 429);
    expect((await one.as("bob", path)).status).toBe(200);
    const sent = await one.as("anna", "/api/v1/signals", { body: tip });
    expect(sent.status).toBe(202);
  });

  it("are told what is left, and what to do when nothing is", async () => {
    const { api, one } = await openTwo();
    const first = await one.as("anna", path);
    expect(first.headers.get("ratelimit-policy")).toBe('"reads";q=60;w=60');
    expect(first.headers.get("ratelimit")).toBe('"reads";r=29;t=6');
    for (let n = 1; n < burst; n++)
      expect((await one.as("anna", path)).status).toBe(200);
    const refused = await one.as("anna", path);
    const problem = problemOf(refused, 429);
    expect(problem.type).toBe("urn:clientpulse:problem:too-many-requests");
    expect(problem.detail).toContain("60 reads a minute");
    expect(refused.headers.get("ratelimit")).toBe('"reads";r=0;t=1');
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBe(1);
    api.clock.advance(wait * secondMs);
    expect((await one.as("anna", path)).status).toBe(200);
  });

  it("change nothing where they are refused, foreign tenants not even the audit", async () => {
    const { api, one } = await openTwo({ reads: 2, commands: 2 });
    await one.as("anna", "/api/v1/signals", { body: tip });
    await one.as("anna", path);
    const before = linesOf(await documents(api.database.db));
    const { write } = api.database.operations;
    const body = { ...tip, title: "Something else" };
    const headers = { "X-Tenant-ID": "umbrella", "Idempotency-Key": "k1" };
    problemOf(await one.as("anna", "/api/v1/signals", { body }), 429);
    problemOf(await one.as("anna", "/api/v1/signals", { body, headers }), 429);
    problemOf(await one.as("anna", path, { headers }), 429);
    expect(linesOf(await documents(api.database.db))).toEqual(before);
    expect(api.database.operations.write).toBe(write);
  });

  it("cost hardly an operation more each, and no document each", async () => {
    const { api, one } = await openTwo({ reads: 300, commands: 60 });
    const plain = api.another();
    await plain.as("anna", path);
    const cost = async (instance: typeof one, n: number) => {
      const { read, write } = api.database.operations;
      for (let i = 0; i < n; i++) {
        await instance.as("anna", path);
        api.clock.advance(secondMs / 4);
      }
      const { operations } = api.database;
      return operations.read - read + operations.write - write;
    };
    const unlimited = await cost(plain, 80);
    const limited = await cost(one, 80);
    // A read and a write for every twenty requests or so.
    expect(limited - unlimited).toBeLessThan(80 * 0.15);
    expect(limited).toBeGreaterThan(unlimited);
    expect(await all(api, at.budgets(acme))).toHaveLength(1);
  });
});

describe("requests of nobody in particular", () => {
  const webhook = "/api/integrations/salesforce/webhook";

  it("are counted by tenant where it has signed them, and not at all where nobody has", async () => {
    const { api, one, granted } = await openTwo();
    const event = (n: number) => {
      const body = JSON.stringify({
        AccountId: "001000000000001AAA",
        Id: "006",
        StageName: "Won",
        SystemModstamp: `${n}`,
      });
      const now = String(api.clock.now().getTime() / 1000);
      const signature = salesforceSignature(
        webhookSecret,
        now,
        Buffer.from(body),
      );
      const headers = {
        "X-ClientPulse-Tenant": acme,
        "X-ClientPulse-Timestamp": now,
        "X-ClientPulse-Signature": signature,
      };
      return { body, headers };
    };
    const forged = { ...event(0), body: "{}" };
    const { read, write } = api.database.operations;
    for (let n = 0; n < 700; n++)
      expect((await one.send(webhook, forged)).status).toBe(401);
    expect(api.database.operations).toEqual({ read, write });
    let sum = 0;
    // The same event again and again: taken once, counted each time.
    for (let n = 0; n < 8; n++)
      sum += await granted(50, (to) => to.send(webhook, event(1)));
    expect(sum).toBeLessThanOrEqual(300);
    expect(sum).toBeGreaterThan(240);
  });

  it("are borne by an instance up to what it bears, at no cost in the database", async () => {
    const { api, one, two, granted } = await openTwo();
    await one.send("/health");
    await two.send("/health");
    const { read } = api.database.operations;
    expect(await granted(1_600, (to) => to.send("/health"))).toBe(1_198);
    expect(api.database.operations.read).toBe(read);
    problemOf(await one.send("/health"), 429);
    api.clock.advance(minuteMs);
    expect((await one.send("/health")).status).not.toBe(429);
    expect((await two.as("anna", path)).status).toBe(200);
  });
});
