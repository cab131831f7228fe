import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  aCase,
  acme,
  aParked,
  bodyOf,
  isPerson,
  openApi,
  people,
  problemOf,
  sharedApi,
  umbrella,
  webhookSecret,
} from "../support/api.ts";

const api = await sharedApi();
await api.write(aCase("card", api.clock.now()).writes);
await api.write([aParked("table", api.clock.now()).write]);

const Items = z.object({ items: z.array(z.object({ id: z.string() })) });

describe("who is let in", () => {
  it("refuses a request without a token, and one with a token that is not ours", async () => {
    for (const headers of [
      {},
      { Authorization: "Bearer forged" },
      { Authorization: "Basic token-anna" },
      { Authorization: "Bearer " },
    ]) {
      const answer = await api.send("/api/v1/inbox", { headers });
      const problem = problemOf(answer, 401);
      expect(problem.instance).toBe("/api/v1/inbox");
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  it("takes a header for a tenant only among those of the token, and audits any other", async () => {
    const own = await api.as("anna", "/api/v1/inbox", {
      headers: { "X-Tenant-ID": acme },
    });
    expect(own.status).toBe(200);
    const foreign = await api.as("anna", "/api/v1/inbox", {
      headers: { "X-Tenant-ID": umbrella, "X-Request-ID": "snoop-1" },
    });
    problemOf(foreign, 403);
    const entries = (await api.audit()).filter((e) => e.traceId === "snoop-1");
    expect(entries).toMatchObject([
      { actor: "anna", entity: { kind: "tenant", id: umbrella } },
    ]);
    expect(await api.audit(umbrella)).toEqual([]);
  });

  it("takes no header for the first tenant of the token, until another is chosen", async () => {
    expect((await api.as("both", "/api/v1/inbox")).status).toBe(200);
    const headers = { "X-Tenant-ID": umbrella };
    const named = await api.as("both", "/api/v1/accounts", { headers });
    expect(bodyOf(named, 200, Items).items).toHaveLength(2);
  });

  it("says so when a person has no tenant, is no member, or was one", async () => {
    const detail = async (person: string) =>
      problemOf(await api.as(person, "/api/v1/inbox"), 403).detail;
    expect(await detail("none")).toContain("do not belong to a tenant");
    expect(await detail("stranger")).toContain("not a member");
    expect(await detail("ina")).toContain("has ended");
  });
});

describe("what each role may do", () => {
  const version = 999;
  const card = "/api/v1/opportunities/card";
  const parked = aParked("table", new Date(0)).id;
  const signal = {
    account_id: "globex",
    title: "Globex looks for a partner",
    description: "They said so at the fair in Linz last week, to two of us.",
    source_type: "meeting",
  };
  // A wrong version, or nothing to retry, answers 409: allowed, and nothing happens.
  const byReviewers = [409, 409, 409, 404, 403, 403, 403];
  const byAll = [200, 200, 200, 200, 200, 200, 403];
  const byOperations = (status: number) => [
    status,
    403,
    403,
    403,
    status,
    403,
    403,
  ];
  const onAccounts = [202, 202, 202, 404, 202, 403, 403];
  const onCards = [200, 200, 200, 404, 200, 200, 403];
  const cells: readonly (readonly [string, unknown, readonly number[]])[] = [
    [`${card}/approve`, { version }, byReviewers],
    [`${card}/withdraw`, { version }, byReviewers],
    [`${card}/reject`, { version, reason: "old_news" }, byReviewers],
    [`${card}/refine`, { version, note: "Shorter." }, byReviewers],
    [`${card}/retry-activation`, {}, byOperations(409)],
    ["/api/v1/monitoring-jobs/execute-for-client/globex", {}, onAccounts],
    ["/api/v1/signals", signal, onAccounts],
    ["/api/signals", signal, onAccounts],
    ["/api/v1/messages/no-such-message/replay", {}, byOperations(404)],
    ["/api/v1/messages/replay", { ids: ["no-such"] }, byOperations(200)],
    ["/api/v1/messages", undefined, byOperations(200)],
    [`/api/v1/messages/${parked}`, undefined, byOperations(200)],
    ["/health/detailed", undefined, byOperations(200)],
    ["/api/v1/inbox", undefined, byAll],
    ["/api/v1/inbox/stats", undefined, byAll],
    ["/api/v1/accounts", undefined, byAll],
    ["/api/v1/accounts/globex", undefined, onCards],
    [card, undefined, onCards],
    [`${card}/evidence`, undefined, onCards],
    [`${card}/history`, undefined, onCards],
    [`${card}/activations`, undefined, onCards],
  ];
  const names = Object.keys(people).filter(isPerson);
  const table = cells.flatMap(([path, body, statuses]) =>
    names.map((person, i) => [person, path, statuses[i] ?? 0, body] as const),
  );

  it.each(table)(
    "answers %s at %s with %i",
    async (person, path, status, body) => {
      const answer = await api.as(person, path, { body });
      expect(answer.status, answer.text).toBe(status);
      if (status >= 400) problemOf(answer, status);
    },
  );

  it("holds for whoever is demoted from the next request on", async () => {
    const lone = await openApi();
    const members = lone.database.db.doc(`tenants/${acme}/members/otto`);
    expect((await lone.as("otto", "/api/v1/messages")).status).toBe(200);
    await members.update({ role: "VIEWER" });
    problemOf(await lone.as("otto", "/api/v1/messages"), 403);
    await members.update({ active: false });
    problemOf(await lone.as("otto", "/api/v1/inbox"), 403);
    await lone.close();
  });
});

describe("what every answer has", () => {
  it("carries a sane X-Request-ID back, and makes one where it is not", async () => {
    const send = async (id: string) =>
      (
        await api.send("/health", { headers: { "X-Request-ID": id } })
      ).headers.get("x-request-id");
    expect(await send("trace:1.a-b_c")).toBe("trace:1.a-b_c");
    expect(await send("a".repeat(128))).toBe("a".repeat(128));
    for (const odd of ["a".repeat(129), "two words", "semi;colon", "ü"]) {
      expect(await send(odd)).toMatch(/^id-\d+$/);
    }
    const refused = await api.send("/api/v1/inbox", {
      headers: { "X-Request-ID": "r-1" },
    });
    expect(problemOf(refused, 401).traceId).toBe("r-1");
    expect(refused.headers.get("x-request-id")).toBe("r-1");
  });

  it("is a problem where there is no such route", async () => {
    const problem = problemOf(await api.send("/nowhere"), 404);
    expect(problem.detail).toBe("There is no route GET /nowhere.");
  });

  it("has headers that keep a browser from running or keeping it", async () => {
    for (const path of ["/health", "/api/v1/inbox", "/nowhere"]) {
      const { headers } = await api.send(path);
      expect(headers.get("content-security-policy")).toContain("'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  it("lets only the pages of the origins that are set read it", async () => {
    const allowed = async (origin: string) =>
      (await api.send("/health", { headers: { Origin: origin } })).headers.get(
        "access-control-allow-origin",
      );
    expect(await allowed("https://console.example")).toBe(
      "https://console.example",
    );
    expect(await allowed("https://evil.example")).toBeNull();
  });

  it("tells those pages what they may send, and shows them what they need of the headers", async () => {
    const preflight = (origin: string, to: Pick<typeof api, "send"> = api) =>
      to.send("/api/v1/signals", {
        method: "OPTIONS",
        headers: {
          Origin: origin,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "authorization,idempotency-key",
        },
      });
    const { headers, status } = await preflight("https://console.example");
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(headers.get("access-control-allow-headers")).toContain(
      "idempotency-key",
    );
    const origin = "access-control-allow-origin";
    const foreign = await preflight("https://evil.example");
    expect(foreign.headers.get(origin)).toBeNull();
    const settings = { ...api.deps.settings, corsOrigins: [] };
    const none = api.another({ settings });
    const refused = await preflight("https://console.example", none);
    expect(refused.headers.get(origin)).toBeNull();
    const seen = await api.as("anna", "/api/v1/inbox", {
      headers: { Origin: "https://console.example" },
    });
    const exposed = seen.headers.get("access-control-expose-headers");
    for (const name of ["Retry-After", "RateLimit", "Idempotency-Replayed"])
      expect(exposed).toContain(name);
  });

  it("names no secret, token or stack, not even where something breaks", async () => {
    const broken = await openApi({
      embedder: {
        ...api.deps.embedder,
        get dimension(): number {
          throw new Error(`the key is ${webhookSecret}`);
        },
      },
    });
    const answer = await broken.as("ada", "/health/detailed");
    const problem = problemOf(answer, 500);
    expect(answer.text).not.toContain(webhookSecret);
    expect(answer.text).not.toContain(".ts:");
    const logged = broken.lines.find(({ severity }) => severity === "ERROR");
    expect(logged?.facts).toMatchObject({ traceId: problem.traceId });
    await broken.close();
    for (const [path] of [["/health"], ["/api/openapi.json"]] as const) {
      expect((await api.send(path)).text).not.toContain(webhookSecret);
    }
  });
});

describe("bad input", () => {
  const path = "/api/v1/opportunities/card/refine";

  it("is answered by naming each field at fault", async () => {
    const fields = async (body: unknown, at = path) =>
      problemOf(await api.as("anna", at, { body }), 400).errors?.map(
        (e) => e.field,
      );
    expect(await fields({})).toEqual(["version", "note"]);
    expect(await fields({ version: 1, note: " " })).toEqual(["note"]);
    expect(await fields({ version: 1, note: "x".repeat(2001) })).toEqual([
      "note",
    ]);
    expect(await fields({ version: 1e300, note: "x" })).toEqual(["version"]);
    expect(await fields([])).toEqual(["body"]);
    expect(
      await fields(undefined, "/api/v1/inbox?limit=101&min_score=x"),
    ).toEqual(["limit", "min_score"]);
    expect(await fields(undefined, "/api/v1/inbox?status=lost")).toEqual([
      "status",
    ]);
    expect(await fields(undefined, "/api/v1/opportunities/__x__")).toEqual([
      "id",
    ]);
  });

  it("is refused where it is not JSON, or not called so", async () => {
    problemOf(await api.as("anna", path, { body: '{"version":' }), 400);
    const headers = { "Content-Type": "text/plain" };
    problemOf(await api.as("anna", path, { body: "{}", headers }), 415);
    const none = await api.as("anna", path, { method: "POST" });
    expect(problemOf(none, 400).errors).toHaveLength(2);
  });

  it("is refused over 256,000 bytes, before it is parsed", async () => {
    const body = `{"version":1,"note":"${"x".repeat(256_000)}"}`;
    const over = await api.as("anna", path, { body });
    expect(problemOf(over, 413).detail).toContain("256000 bytes");
    const under = { body: body.slice(0, 255_999) };
    expect(problemOf(await api.as("anna", path, under), 400).detail).toContain(
      "Malformed JSON",
    );
  });

  it("never reaches the database as a cursor", async () => {
    const cursor = (values: unknown) =>
      Buffer.from(JSON.stringify(values)).toString("base64url");
    for (const odd of [
      "",
      "%00",
      "e30",
      cursor([1]),
      cursor(["1", "a"]),
      cursor([1, "a/b"]),
      cursor([1, "__x__"]),
      cursor([1, ".."]),
    ]) {
      const answer = await api.as("anna", `/api/v1/inbox?cursor=${odd}`);
      expect(problemOf(answer, 400).errors?.[0]?.field).toBe("cursor");
    }
    const history = `/api/v1/opportunities/card/history?cursor=${cursor(["2026-01-01T00:00:00Z", "__x__"])}`;
    problemOf(await api.as("anna", history), 400);
    const messages = `/api/v1/messages?cursor=${cursor(["never", "m"])}`;
    problemOf(await api.as("otto", messages), 400);
  });

  it("has strings of every kind come back unharmed or refused", async () => {
    const strings = [
      "\u0000",
      "\ud800",
      "🏳️‍🌈".repeat(20),
      "__proto__",
      "${7*7}",
      "'; DROP",
      "\u202e",
    ];
    for (const text of strings) {
      const body = {
        account_id: "globex",
        title: `A title ${text}`,
        description: `A description that is long enough to be read ${text}`,
        source_type: "tip",
      };
      const answer = await api.as("anna", "/api/v1/signals", { body });
      expect(answer.status, answer.text).toBe(202);
      const other = await api.as("anna", "/api/v1/signals", {
        body: { ...body, account_id: text },
      });
      expect([400, 404]).toContain(other.status);
    }
  });

  const folder = join(
    process.env["RECORDINGS_DIR"] ?? "../shared/data",
    "json",
  );
  const recorded = existsSync(folder);
  if (!recorded) console.log(`skipped: there is no ${folder} with JSON cases`);
  describe.skipIf(!recorded)("of the JSON test suite", () => {
    it("is refused wherever it is no JSON, and crashes nothing", async () => {
      const files = readdirSync(folder);
      const rejected = files.filter((file) => file.startsWith("n_"));
      expect(rejected.length).toBeGreaterThan(100);
      for (const file of files) {
        const body = new Uint8Array(readFileSync(join(folder, file)));
        const answer = await api.as("anna", "/api/v1/signals", { body });
        expect(answer.status, file).toBeGreaterThanOrEqual(400);
        expect(answer.status, file).toBeLessThan(500);
        problemOf(answer, answer.status);
      }
    });
  });
});
