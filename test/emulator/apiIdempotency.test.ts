import { describe, expect, it } from "vitest";
import { createApi } from "../../functions/src/api/index.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { toInvitationId } from "../../functions/src/domain/people/invitation.ts";
import { dayMs, secondMs } from "../../functions/src/domain/kernel/instant.ts";
import {
  aCase,
  acme,
  type Answer,
  aParked,
  type Ask,
  openApi,
  problemOf,
  type TestApi,
} from "../support/api.ts";
import { documents, linesOf } from "../support/dump.ts";
import { type Fault, type Point, withFaults } from "../support/faults.ts";
import { all } from "../support/stories.ts";

interface Asked extends Ask {
  readonly person: string;
  readonly path: string;
}

const card = "/api/v1/opportunities/card";
const parked = (n: number) => aParked(n, new Date(0)).id;
const playbook = {
  title: "Welcome the new leadership",
  categories: ["leadership_change"],
  action: "Offer a briefing.",
};
const asset = {
  title: "Moving a bank to the cloud",
  summary: "How a bank moved its core in nine months.",
  url: "https://acme.example/bank",
  categories: [],
};
const tip = {
  account_id: "globex",
  title: "Globex looks for a partner",
  description: "They told us at the fair.",
  source_type: "meeting",
};

/** A command of every kind, in an order in which each applies. */
const commands: readonly Asked[] = [
  { person: "anna", path: `${card}/approve`, body: { version: 1 } },
  { person: "anna", path: `${card}/withdraw`, body: { version: 2 } },
  {
    person: "anna",
    path: `${card}/outreach`,
    method: "PATCH",
    body: { version: 3, index: 0, subject: "Pat", body: "Dear Pat ..." },
  },
  {
    person: "anna",
    path: `${card}/snooze`,
    body: { version: 4, until: "2026-12-24T08:00:00Z" },
  },
  { person: "anna", path: `${card}/wake`, body: { version: 5 } },
  {
    person: "anna",
    path: `${card}/refine`,
    body: { version: 6, note: "Shorter." },
  },
  {
    person: "anna",
    path: "/api/v1/opportunities/other/reject",
    body: { version: 1, reason: "old_news" },
  },
  {
    person: "anna",
    path: "/api/v1/opportunities/other/reopen",
    body: { version: 2 },
  },
  {
    person: "anna",
    path: "/api/v1/opportunities/bulk-decisions",
    body: {
      decisions: [
        { id: "third", version: 1, decision: "approve" },
        { id: "none", version: 1, decision: "approve" },
        { id: "fourth", version: 1, decision: "reject", reason: "old_news" },
      ],
    },
  },
  { person: "anna", path: `${card}/comments`, body: { text: "Well done." } },
  { person: "ada", path: `${card}/retry-activation`, body: {} },
  { person: "ada", path: "/api/v1/accounts", body: { name: "Hooli" } },
  {
    person: "ada",
    path: "/api/v1/accounts/hooli",
    method: "PATCH",
    body: { version: 1, icpFit: 1 },
  },
  {
    person: "ada",
    path: "/api/v1/accounts/import?commit=true",
    body: {
      csv: "name,domains\nPied Piper,piper.example\nHooli,hooli.example",
    },
  },
  {
    person: "ada",
    path: "/api/v1/monitoring-jobs/execute-for-client/globex",
    method: "POST",
  },
  { person: "anna", path: "/api/v1/signals", body: tip },
  { person: "ada", path: `/api/v1/messages/${parked(1)}/replay`, body: {} },
  {
    person: "ada",
    path: "/api/v1/messages/replay",
    body: { ids: [parked(2)] },
  },
  {
    person: "ada",
    path: "/api/v1/invitations",
    body: { email: "carl@acme.example", name: "Carl", role: "VIEWER" },
  },
  {
    person: "ada",
    path: `/api/v1/invitations/${toInvitationId("carl@acme.example")}`,
    method: "PATCH",
    body: { version: 1, name: "Carl Gustav" },
  },
  {
    person: "ada",
    path: `/api/v1/invitations/${toInvitationId("carl@acme.example")}/withdraw`,
    body: { version: 2 },
  },
  {
    person: "ada",
    path: `/api/v1/invitations/${toInvitationId("carl@acme.example")}/renew`,
    body: { version: 3 },
  },
  {
    person: "carl",
    path: `/api/v1/me/invitations/${acme}/accept`,
    method: "POST",
  },
  {
    person: "carl",
    path: "/api/v1/me/tenants/default",
    method: "PUT",
    body: { tenantId: acme },
  },
  { person: "carl", path: "/api/v1/me/tenants/refresh", method: "POST" },
  {
    person: "carl",
    path: `/api/v1/me/tenants/${acme}/leave`,
    method: "POST",
  },
  {
    person: "ada",
    path: "/api/v1/members/vera",
    method: "PATCH",
    body: { version: 1, name: "Vera Cruz" },
  },
  {
    person: "ada",
    path: "/api/v1/members/bob/deactivate",
    body: { version: 1 },
  },
  { person: "ada", path: "/api/v1/members/bob/activate", body: { version: 2 } },
  {
    person: "ada",
    path: "/api/v1/tenant",
    method: "PATCH",
    body: { version: 1, reviewHours: 8 },
  },
  { person: "ada", path: "/api/v1/assets", body: asset },
  { person: "ada", path: "/api/v1/playbooks", body: playbook },
  {
    person: "ada",
    path: "/api/v1/playbooks/welcome-the-new-leadership",
    method: "PATCH",
    body: { version: 1, active: false },
  },
  { person: "ada", path: "/api/v1/reembeddings", method: "POST" },
];

async function prepare(api: TestApi): Promise<void> {
  const now = api.clock.now();
  for (const name of ["card", "other", "third", "fourth"])
    await api.write(aCase(name, now).writes);
  await api.write([aParked(1, now).write, aParked(2, now).write]);
}

type Instance = Pick<TestApi, "as">;
const withKey = (to: Instance, key: string, { person, path, ...ask }: Asked) =>
  to.as(person, path, { ...ask, headers: { "Idempotency-Key": key } });
const isReplay = ({ headers }: Answer) =>
  headers.get("idempotency-replayed") === "true";

describe("a command that is sent twice with one key", () => {
  it("has its effect once and gets its first answer again, whatever the command", async () => {
    const api = await openApi();
    await prepare(api);
    const second = api.another();
    for (const [n, asked] of commands.entries()) {
      const first = await withKey(api, `key-${n}`, asked);
      expect(isReplay(first), asked.path).toBe(false);
      if (!asked.path.endsWith("retry-activation"))
        expect(first.status, first.text).toBeLessThan(300);
      const before = linesOf(await documents(api.database.db));
      const again = await withKey(second, `key-${n}`, asked);
      expect(isReplay(again), asked.path).toBe(true);
      expect([again.status, again.text]).toEqual([first.status, first.text]);
      expect(again.headers.get("content-type")).toBe(
        first.headers.get("content-type"),
      );
      expect(linesOf(await documents(api.database.db)), asked.path).toEqual(
        before,
      );
    }
    await api.close();
  });

  const approve = commands[0];
  if (approve === undefined) throw new Error("There is no command.");

  it("is refused where the key came with another path or body", async () => {
    const api = await openApi();
    await prepare(api);
    expect((await withKey(api, "k", approve)).status).toBe(200);
    const others = [
      { ...approve, body: { version: 2 } },
      { ...approve, path: `${card}/withdraw` },
      { ...approve, path: `${approve.path}?x=1` },
    ];
    for (const other of others) {
      const problem = problemOf(await withKey(api, "k", other), 422);
      expect(problem.type).toBe("urn:clientpulse:problem:key-reused");
    }
    expect((await withKey(api, "k", approve)).status).toBe(200);
    await api.close();
  });

  it("is two commands where two people send it", async () => {
    const api = await openApi();
    await prepare(api);
    await withKey(api, "k", approve);
    const lea = await withKey(api, "k", { ...approve, person: "lea" });
    expect(isReplay(lea)).toBe(false);
    problemOf(lea, 409);
    await api.close();
  });

  it("is refused to whoever may not give it any more, as any other is", async () => {
    const api = await openApi();
    await prepare(api);
    await withKey(api, "k", approve);
    const anna = api.database.db.doc(`tenants/${acme}/members/anna`);
    await anna.update({ role: "VIEWER" });
    const refused = problemOf(await withKey(api, "k", approve), 403);
    expect(refused.detail).toContain("VIEWER");
    await api.close();
  });

  it("waits for the first to end: 409 until then, whichever instance it comes to", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reached: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => (reached = resolve));
    const api = await openApi();
    await prepare(api);
    const { store } = api.deps;
    const slow = api.another({
      store: {
        ...store,
        commit: async (writes, now) => {
          if (writes.length > 3) {
            reached();
            await held;
          }
          return store.commit(writes, now);
        },
      },
    });
    const first = withKey(slow, "k", approve);
    await stalled;
    const meanwhile = await withKey(api, "k", approve);
    expect(problemOf(meanwhile, 409).detail).toContain("under way");
    expect(meanwhile.headers.get("retry-after")).toBe("2");
    release();
    expect((await first).status).toBe(200);
    expect(isReplay(await withKey(api, "k", approve))).toBe(true);
    await api.close();
  });

  it("that is thought dead and is not commits nothing after another took it over", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reached: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => (reached = resolve));
    const api = await openApi();
    const { store } = api.deps;
    const start = commands.at(-1);
    if (start === undefined) throw new Error("There is no command.");
    const slow = api.another({
      store: {
        ...store,
        commit: async (writes, now) => {
          if (writes.length > 2) {
            reached();
            await held;
          }
          return store.commit(writes, now);
        },
      },
    });
    const first = withKey(slow, "k", start);
    await stalled;
    api.clock.advance(80 * secondMs);
    const second = await withKey(api, "k", start);
    expect(second.status).toBe(202);
    release();
    problemOf(await first, 409);
    expect(await all(api, at.messages(acme))).toHaveLength(1);
    expect((await withKey(api, "k", start)).text).toBe(second.text);
    await api.close();
  });

  it("is forgotten after a day", async () => {
    const api = await openApi();
    await prepare(api);
    await withKey(api, "k", approve);
    api.clock.advance(dayMs);
    const later = await withKey(api, "k", approve);
    expect(isReplay(later)).toBe(false);
    problemOf(later, 409);
    await api.close();
  });
});

describe("a key", () => {
  it("is taken in quotes and without, and refused where it is none", async () => {
    const api = await openApi();
    await prepare(api);
    const asked = { person: "anna", path: `${card}/approve` };
    const body = { version: 1 };
    await withKey(api, '"k-1"', { ...asked, body });
    expect(isReplay(await withKey(api, "k-1", { ...asked, body }))).toBe(true);
    for (const odd of ["", '""', "two words", "a".repeat(256), 'a"b', "ü"]) {
      const answer = await withKey(api, odd, { ...asked, body });
      const [error] = problemOf(answer, 400).errors ?? [];
      expect(error?.field).toBe("Idempotency-Key");
    }
    await api.close();
  });

  it("means nothing with a request that only reads", async () => {
    const api = await openApi();
    const read = { person: "anna", path: "/api/v1/accounts" };
    for (let n = 0; n < 2; n++)
      expect(isReplay(await withKey(api, "k", read))).toBe(false);
    expect(await all(api, at.commands(acme))).toEqual([]);
    await api.close();
  });
});

describe("a command whose process dies, or whose database does not answer", () => {
  const dying: readonly Asked[] = commands.filter(({ path }) =>
    /approve|bulk|comments|reembeddings|deactivate|\/replay|import|execute/.test(
      path,
    ),
  );
  const faults: readonly Fault[] = ["kill", "cut", "throw"];

  async function run(asked: Asked, plan: (point: Point) => Fault | null) {
    const api = await openApi();
    await prepare(api);
    const { identity, people, printer, settings, ...fragile } = api.deps;
    const ran = await withFaults(
      { deps: fragile, clock: api.clock, plan },
      async (faulty) => {
        const app = createApi({
          ...faulty,
          identity,
          people,
          printer,
          settings,
        });
        const { person, path, body, method = "POST" } = asked;
        return app.request(path, {
          method,
          headers: {
            Authorization: `Bearer token-${person}`,
            "Content-Type": "application/json",
            "Idempotency-Key": "k",
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      },
    );
    return { api, ...ran };
  }

  /** All that came of it but the answer; what is drawn anew in each run has no name. */
  async function cameTo(api: TestApi): Promise<readonly string[]> {
    const found = await documents(api.database.db);
    return linesOf(found.filter(({ path }) => !path.includes("/commands/")))
      .map((line) => line.replace(/"shard":\d/, ""))
      .map((line) => line.replace(/\bid-\d+|[0-9a-f]{32}/g, "<id>"))
      .toSorted();
  }

  it.each(dying)(
    "has its effect once when it is sent again: $path",
    async (asked) => {
      const whole = await run(asked, () => null);
      const wanted = await cameTo(whole.api);
      await whole.api.close();
      expect(whole.points.length).toBeGreaterThan(6);
      for (const point of whole.points) {
        for (const fault of faults) {
          const where = `${fault} at ${point}`;
          const died = await run(asked, (p) => (p === point ? fault : null));
          const { api } = died;
          expect(died.struck, where).not.toBeNull();
          let again = await withKey(api, "k", asked);
          if (again.status === 409) {
            // Whoever has died holds the command until the lease is over, and no longer.
            expect(again.headers.get("retry-after"), where).not.toBeNull();
            api.clock.advance(80 * secondMs);
            again = await withKey(api, "k", asked);
          }
          expect(again.status, `${where}: ${again.text}`).toBeLessThan(300);
          expect(await cameTo(api), where).toEqual(wanted);
          expect(isReplay(await withKey(api, "k", asked)), where).toBe(true);
          await api.close();
        }
      }
    },
  );
});
