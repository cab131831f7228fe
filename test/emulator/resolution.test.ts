import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { create, type Store } from "../../functions/src/ports/store.ts";
import {
  acme,
  bodyOf,
  present,
  problemOf,
  type TestApi,
} from "../support/api.ts";
import { anAccount, anAccountId } from "../support/builders.ts";
import { all } from "../support/stories.ts";
import {
  aLibrary,
  apartApi,
  handIn,
  settle,
  story,
  unnamed,
} from "../support/unnamed.ts";

const Item = z.object({
  id: z.string(),
  state: z.string(),
  version: z.int(),
  title: z.string(),
  excerpt: z.string(),
  candidates: z.array(
    z.object({
      accountId: z.string(),
      confidence: z.number(),
      evidence: z.string(),
      found: z.string(),
    }),
  ),
  assignedTo: z.string().nullable(),
  reason: z.string().nullable(),
});
const Page = z.object({
  items: z.array(Item),
  nextCursor: z.string().nullable(),
});
const route = "/api/v1/resolutions";

let api: TestApi;
beforeEach(async () => {
  api = await apartApi();
  await api.write(aLibrary);
});
afterEach(() => api.close());

const queue = async (person = "otto", query = "") =>
  bodyOf(await api.as(person, `${route}${query}`), 200, Page);
const act = (
  id: string,
  action: "assign" | "dismiss",
  body: object,
  { person = "otto", key = "" } = {},
) =>
  api.as(person, `${route}/${id}/${action}`, {
    body,
    headers: key === "" ? {} : { "Idempotency-Key": key },
  });
/** Something that may be of Globex: it is named in passing. */
const inPassing = (n: number | string, about = {}) =>
  unnamed(n, {
    about,
    text: `Item ${n}: as people say in town, Globex appointed Pat Doe ${n} as chief information officer on March 3, 2026. The new officer will review all ${n} supplier contracts within 90 days.`,
  });
const waiting = async () => {
  const [item] = (await queue()).items;
  if (item === undefined) throw new Error("Nothing waits.");
  return item;
};

describe("a signal that names no account", () => {
  it.each([
    ["identifier", { identifiers: { salesforce: "001000000000001AAA" } }, 1],
    ["domain", { domains: ["globex.example"] }, 0.97],
    ["alias", { names: ["Globex Corporation"] }, 0.92],
  ])(
    "becomes a card of the account that its %s leads to",
    async (_, about, confidence) => {
      await handIn(api, unnamed(1, { about }));
      await settle(api);
      const { signals, cards, resolutions } = await story(api);
      expect(signals).toHaveLength(1);
      expect(signals[0]?.data).toMatchObject({
        accountId: "globex",
        audience: ["u:anna", "t:north"],
        source: "webhook",
        traceId: "hook-1",
      });
      expect(signals[0]?.data.facts["resolvedBy"]).toContain(`(${confidence})`);
      expect(cards.map(({ data }) => data.accountId)).toEqual(["globex"]);
      expect(resolutions).toEqual([]);
    },
  );

  it("is found by one of several ids that its company has in a CRM, or by the page that it stands on", async () => {
    const second = { name: "salesforce", value: "001000000000009ZZZ" };
    await api.write([
      create(
        at.account(acme, anAccountId("hooli")),
        anAccount({
          name: "Hooli",
          aliases: [],
          domains: ["hooli.example"],
          identifiers: { salesforce: "001000000000003CCC" },
          moreIdentifiers: [second],
        }),
      ),
    ]);
    const about = { identifiers: { salesforce: "001000000000009" } };
    await handIn(api, unnamed(1, { about }));
    await handIn(
      api,
      unnamed(2, {
        title: "New plant",
        text: "On Friday the mayor of Linz opened a new plant that makes bicycles out of old cans and gives work to ninety people.",
        url: "https://news.hooli.example/2",
      }),
    );
    await settle(api);
    const { signals } = await story(api);
    expect(signals.map(({ data }) => data.accountId)).toEqual([
      "hooli",
      "hooli",
    ]);
  });

  it("of which nobody is found, or that is about the own company, leaves a record that says so", async () => {
    await handIn(api, unnamed(1, { title: "Vehement appoints an officer" }));
    const tenant = await api.as("ada", "/api/v1/tenant", {
      method: "PATCH",
      body: { version: 1, own: { names: ["Acme Consulting"] } },
    });
    expect(tenant.status, tenant.text).toBe(200);
    await handIn(api, unnamed(2, { title: "Acme Consulting Ltd appoints" }));
    await settle(api);
    const { signals, decisions, resolutions } = await story(api);
    expect([signals, resolutions]).toEqual([[], []]);
    const records = decisions.map(({ data }) => data);
    expect(records.map(({ reason }) => reason).toSorted()).toEqual([
      "no-account",
      "own-company",
    ]);
    for (const record of records)
      expect(record).toMatchObject({
        accountId: "unknown",
        verdict: "dropped",
        stage: "ingest",
        traceId: "hook-1",
      });
  });

  it("is refused whole where it brings no text to find out by", async () => {
    const { topic, payload } = unnamed(1);
    await handIn(api, { topic, payload: { ...payload, handedIn: null } });
    await settle(api);
    const [message] = await all(api, at.messages(acme));
    expect(message?.data.state).toBe("parked");
    expect(message?.data.error?.message).toContain("handedIn");
  });

  it("costs a signal that does name its account no read more", async () => {
    const named = unnamed(1);
    const reads: string[] = [];
    const counting = <T extends Pick<Store, "read" | "query">>(of: T): T => ({
      ...of,
      read: (ref) => {
        reads.push(ref.path);
        return of.read(ref);
      },
      query: (query) => {
        reads.push(query.collection.path);
        return of.query(query);
      },
    });
    const { store, recent } = api.deps;
    await handIn(api, {
      ...named,
      payload: {
        ...named.payload,
        accountId: anAccountId("globex"),
        resolvedBy: "a test",
      },
    });
    const counted = { store: counting(store), recent: counting(recent) };
    await settle({ ...api, deps: { ...api.deps, ...counted } });
    const ingest = reads.slice(
      0,
      reads.findIndex((path) => path.endsWith("/signals")) + 1,
    );
    expect(ingest.filter((path) => path.includes("/accounts"))).toEqual([
      "tenants/acme/accounts/globex",
    ]);
  });
});

describe("a signal of which it is not sure whose it is", () => {
  it("waits for a person, with the accounts that it may be of and why, and is held on record", async () => {
    await handIn(api, inPassing(1));
    await settle(api);
    const item = await waiting();
    expect(item).toMatchObject({ state: "open", version: 1 });
    expect(item.excerpt).toContain("Globex appointed Pat Doe");
    expect(item.candidates).toEqual([
      {
        accountId: "globex",
        confidence: 0.6,
        evidence: "name-in-text",
        found: "Globex",
      },
    ]);
    const { signals, decisions } = await story(api);
    expect(signals).toEqual([]);
    expect(decisions.map(({ data }) => data)).toMatchObject([
      {
        accountId: "unknown",
        verdict: "held",
        reason: "unresolved",
        setting: { name: "resolutionThreshold", value: 0.8, measured: 0.6 },
      },
    ]);
  });

  it("keeps nobody's address in the queue, and no more than 2,000 characters", async () => {
    const text = `So says Globex; ask pat.doe@globex.example. ${"And so on. ".repeat(400)}`;
    await handIn(api, unnamed(1, { text }));
    await settle(api);
    const item = await waiting();
    expect(item.excerpt).toContain("ask [email]");
    expect(item.excerpt.length).toBeLessThanOrEqual(2000);
    expect(JSON.stringify(item)).not.toContain("pat.doe@");
  });

  it("is one in the queue and one signal, however often it comes, is tried and is assigned", async () => {
    for (let n = 0; n < 3; n++) await handIn(api, inPassing(1), `hook-${n}`);
    await settle(api);
    const [first] = await all(api, at.resolutions(acme));
    // The message is done again, as by a person or after its retention.
    const message = present(
      await api.deps.store.read({
        ...at.messages(acme),
        path: `${at.messages(acme).path}/${first?.id}`,
      }),
    );
    await api.database.db.doc(message.ref.path).update({ state: "open" });
    await settle(api);
    expect(await all(api, at.resolutions(acme))).toHaveLength(1);
    const again = present(await api.deps.store.read(message.ref)).data;
    expect(again.state).toBe("done");
    expect(again.skipped).toContain("already");

    const { id } = await waiting();
    const body = { accountId: "globex", version: 1 };
    const answers = await Promise.all([
      act(id, "assign", body, { key: "once" }),
      act(id, "assign", body, { key: "twice" }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
    const key = statuses[0] === 200 ? "once" : "twice";
    expect((await act(id, "assign", body, { key })).status).toBe(200);
    await settle(api);
    expect((await story(api)).signals).toHaveLength(1);
  });

  it("becomes a card of the account that it is assigned to, though it need not name it, under its own trace", async () => {
    await handIn(api, inPassing(1), "hook-7");
    await settle(api);
    const { id } = await waiting();
    const answer = await act(id, "assign", {
      accountId: "initech",
      version: 1,
    });
    expect(bodyOf(answer, 200, Item)).toMatchObject({
      state: "assigned",
      assignedTo: "initech",
      version: 2,
    });
    await settle(api);
    const { signals, cards, decisions } = await story(api);
    expect(signals.map(({ data }) => data)).toMatchObject([
      {
        accountId: "initech",
        traceId: "hook-7",
        facts: { resolvedBy: "assigned by otto" },
      },
    ]);
    expect(cards.map(({ data }) => data.accountId)).toEqual(["initech"]);
    expect(decisions.map(({ data }) => data.verdict)).toContain("kept");
    expect((await queue()).items).toEqual([]);
    expect((await queue("otto", "?state=assigned")).items).toHaveLength(1);
    const entries = (await api.audit()).filter(
      ({ entity }) => entity.kind === "resolution",
    );
    expect(entries).toMatchObject([{ action: "UPDATE", actor: "otto" }]);
  });

  it("teaches the account the name or domain that it came with, where that is asked for", async () => {
    await handIn(api, inPassing(1, { names: ["GBX Austria GmbH"] }));
    await handIn(api, inPassing(2, { domains: ["https://gbx.example/x"] }));
    await handIn(api, inPassing(3));
    await settle(api);
    const byTitle = new Map(
      (await queue()).items.map(({ title, id }) => [title.at(-1), id]),
    );
    const assign = (n: string) => {
      const body = { accountId: "initech", version: 1, remember: true };
      return act(byTitle.get(n) ?? "", "assign", body);
    };
    expect((await assign("1")).status).toBe(200);
    expect((await assign("2")).status).toBe(200);
    const nothing = problemOf(await assign("3"), 422);
    expect(nothing.errors?.map(({ field }) => field)).toEqual(["remember"]);
    const ref = at.account(acme, anAccountId("initech"));
    const { data } = present(await api.deps.store.read(ref));
    expect(data).toMatchObject({
      version: 3,
      domains: ["initech.example", "gbx.example"],
    });
    expect(data.aliases).toContain("GBX Austria GmbH");
    const learned = (await api.audit()).filter(
      ({ entity }) => entity.kind === "account",
    );
    expect(learned).toHaveLength(2);

    await handIn(
      api,
      unnamed(4, {
        title: "New plant",
        text: "On Friday the mayor of Linz opened a new plant that makes bicycles out of old cans and gives work to ninety people.",
        about: { names: ["GBX Austria"] },
      }),
    );
    await settle(api);
    const { signals } = await story(api);
    expect(
      signals.filter(({ data: signal }) =>
        (signal.facts["resolvedBy"] ?? "").startsWith("alias"),
      ),
    ).toHaveLength(1);
  });

  it("ends with its dismissal, and the reason is on record", async () => {
    await handIn(api, inPassing(1));
    await settle(api);
    const { id } = await waiting();
    problemOf(await act(id, "dismiss", { version: 1 }), 400);
    const reason = "Another one; ask pat.doe@globex.example";
    const done = await act(id, "dismiss", { version: 1, reason });
    expect(bodyOf(done, 200, Item)).toMatchObject({
      state: "dismissed",
      reason: "Another one; ask [email]",
    });
    const late = await act(id, "assign", { accountId: "globex", version: 2 });
    expect(problemOf(late, 409).current).toEqual({
      version: 2,
      state: "dismissed",
    });
    await settle(api);
    const { signals, decisions } = await story(api);
    expect(signals).toEqual([]);
    expect(decisions.map(({ data }) => data)).toMatchObject([
      {
        verdict: "dropped",
        reason: "unresolved",
        detail: "A person dismissed it: Another one; ask [email]",
      },
    ]);
  });

  it("is decided on by those who may, each on what is theirs", async () => {
    await handIn(api, inPassing(1));
    await handIn(
      api,
      unnamed(2, { title: "Globex and Initech appoint an officer" }),
    );
    await settle(api);
    expect((await queue("vera")).items).toHaveLength(2);
    const annas = (await queue("anna")).items;
    expect(annas).toHaveLength(2);
    expect(annas.flatMap(({ candidates }) => candidates)).toMatchObject([
      { accountId: "globex", confidence: 0.5 },
      { accountId: "globex", confidence: 0.6 },
    ]);
    const bobs = (await queue("bob")).items;
    expect(bobs.map(({ candidates }) => candidates)).toMatchObject([
      [{ accountId: "initech", confidence: 0.5 }],
    ]);
    const [both, one] = (await queue()).items.map(({ id }) => id);
    if (both === undefined || one === undefined) throw new Error("None.");
    const reason = "None of them";
    problemOf(
      await act(both, "dismiss", { version: 1, reason }, { person: "vera" }),
      403,
    );
    problemOf(
      await act(both, "dismiss", { version: 1, reason }, { person: "bob" }),
      403,
    );
    const mine = { accountId: "globex", version: 1 };
    problemOf(await act(one, "assign", mine, { person: "bob" }), 404);
    problemOf(await act(both, "assign", mine, { person: "bob" }), 404);
    const learn = { ...mine, remember: true };
    problemOf(await act(one, "assign", learn, { person: "anna" }), 403);
    const done = await act(one, "assign", mine, { person: "anna" });
    expect(done.status, done.text).toBe(200);
    // What is newer and not theirs takes no place on their page.
    await handIn(api, inPassing(3));
    await settle(api);
    expect((await queue("bob", "?limit=1")).items).toHaveLength(1);
  });

  it("is listed a page at a time, the newest first", async () => {
    for (let n = 1; n <= 3; n++) {
      await handIn(api, inPassing(n));
      await settle(api);
    }
    const first = await queue("otto", "?limit=2");
    expect(first.items.map(({ title }) => title.at(-1))).toEqual(["3", "2"]);
    const rest = await queue("otto", `?limit=2&cursor=${first.nextCursor}`);
    expect(rest.items.map(({ title }) => title.at(-1))).toEqual(["1"]);
    expect(rest.nextCursor).toBeNull();
  });
});
