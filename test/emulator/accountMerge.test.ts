import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { hourMs } from "../../functions/src/domain/kernel/instant.ts";
import type { Connector } from "../../functions/src/ports/sources.ts";
import { create } from "../../functions/src/ports/store.ts";
import {
  acme,
  bodyOf,
  globex,
  initech,
  present,
  problemOf,
  type TestApi,
  umbrella,
} from "../support/api.ts";
import { anAccount, anAccountId, aTip, aUid } from "../support/builders.ts";
import { aFeedSource } from "../support/stories.ts";
import {
  aLibrary,
  apartApi,
  handIn,
  settle,
  story,
  unnamed,
} from "../support/unnamed.ts";

const Account = z.object({
  id: z.string(),
  version: z.int(),
  mergedInto: z.string().nullable(),
});
const route = "/api/v1/accounts";

let api: TestApi;
beforeEach(async () => {
  api = await apartApi();
  await api.write(aLibrary);
});
afterEach(() => api.close());

const post = (path: string, body: object, person = "otto") =>
  api.as(person, `${route}/${path}`, { body });
const merge = (id: string, into: string, version = 1, person = "otto") =>
  post(`${id}/merge`, { into, version }, person);
const accountOf = async (id: string) =>
  present(await api.deps.store.read(at.account(acme, anAccountId(id)))).data;
const fieldsOf = (problem: ReturnType<typeof problemOf>) =>
  problem.errors?.map(({ field }) => field);
const add = (id: string, owner = "anna") =>
  api.write([
    create(
      at.account(acme, anAccountId(id)),
      anAccount({
        name: id,
        aliases: [],
        domains: [],
        identifiers: {},
        owners: [aUid(owner)],
        teams: [],
      }),
    ),
  ]);
/** The second round of handing documents over comes minutes later. */
const handedOver = async () => {
  await settle(api);
  api.clock.advance(hourMs);
  await settle(api);
};

describe("an account that is merged into another", () => {
  it("has that one stand for it: what its name, its sources or a person hand in is the other's", async () => {
    const feed = aFeedSource("newsroom");
    const connector: Connector = {
      kind: "rss",
      poll: () => Promise.reject(new Error("It is not looked at here.")),
      fetch: async () => ({
        body: new TextEncoder().encode(
          "<p>Globex appointed Kim Roe as chief information officer on March 4, 2026, and says that all contracts will be looked at.</p>",
        ),
        contentType: "text/html",
        url: "https://globex.example/news/4",
        licence: "CC0",
      }),
    };
    Object.assign(api.deps, { connectors: { rss: connector } });
    await api.database.db
      .doc(at.account(acme, globex).path)
      .update({ sources: [feed] });
    const merged = await merge("globex", "initech");
    expect(bodyOf(merged, 200, Account)).toMatchObject({
      mergedInto: "initech",
      version: 2,
    });
    await handIn(api, aTip(globex, 1));
    await handIn(api, unnamed(2, { about: { domains: ["globex.example"] } }));
    const { topic, payload } = aTip(globex, 3);
    const item = { ...payload.item, source: "rss", itemId: "4" } as const;
    const found = { ...payload, item, sourceKey: feed.key, handedIn: null };
    await handIn(api, { topic, payload: found });
    await settle(api);
    const { signals, cards } = await story(api);
    expect(signals.map(({ data }) => data.accountId)).toEqual([
      "initech",
      "initech",
      "initech",
    ]);
    expect(new Set(cards.map(({ data }) => data.accountId))).toEqual(
      new Set(["initech"]),
    );
    expect(signals[0]?.data.audience).toEqual(["u:bob", "t:south"]);
  });

  it("is seen, with all that belongs to it, by the owners and teams of both, those that the other gets later too", async () => {
    await handIn(api, aTip(globex, 1));
    await settle(api);
    await add("hooli", "lea");
    await merge("hooli", "globex");
    await merge("globex", "initech");
    await handedOver();
    const both = ["u:anna", "t:north", "u:bob", "t:south"];
    expect((await accountOf("globex")).audience).toEqual(both);
    expect((await accountOf("hooli")).audience).toEqual(["u:lea", ...both]);
    const seen = async () => {
      const { signals, cards } = await story(api);
      return [...signals, ...cards].map(({ data }) => data.audience);
    };
    expect(await seen()).toEqual([both, both]);
    expect((await api.as("bob", `${route}/globex`)).status).toBe(200);

    const owners = { version: 1, owners: ["vera"], teams: [] };
    const changed = await api.as("otto", `${route}/initech`, {
      method: "PATCH",
      body: owners,
    });
    expect(changed.status, changed.text).toBe(200);
    await handedOver();
    const then = ["u:anna", "t:north", "u:vera"];
    expect(await seen()).toEqual([then, then]);
    expect((await accountOf("hooli")).audience).toEqual(["u:lea", ...then]);
    const { version } = await accountOf("globex");
    const own = await api.as("otto", `${route}/globex`, {
      method: "PATCH",
      body: { version, owners: ["ada"], teams: [] },
    });
    expect(own.status, own.text).toBe(200);
    expect((await accountOf("globex")).audience).toEqual(["u:ada", "u:vera"]);
  });

  it("is as it was once it is un-merged, and both are on the record", async () => {
    await handIn(api, aTip(globex, 1));
    await settle(api);
    const before = await accountOf("globex");
    await merge("globex", "initech");
    await handedOver();
    const undone = await post("globex/unmerge", { version: 2 });
    expect(bodyOf(undone, 200, Account)).toMatchObject({
      mergedInto: null,
      version: 3,
    });
    await handedOver();
    const { version, updatedAt, ...after } = await accountOf("globex");
    const { version: _, updatedAt: __, ...was } = before;
    expect(after).toEqual(was);
    expect([version, updatedAt > before.updatedAt]).toEqual([3, true]);
    const { signals, cards } = await story(api);
    for (const { data } of [...signals, ...cards])
      expect(data.audience).toEqual(before.audience);
    await handIn(api, aTip(globex, 2));
    await settle(api);
    expect(
      (await story(api)).signals.map(({ data }) => data.accountId),
    ).toEqual(["globex", "globex"]);
    const entries = (await api.audit())
      .filter(({ entity }) => entity.kind === "account")
      .map(({ before: old, after: now }) => [
        old?.["mergedInto"],
        now?.["mergedInto"],
      ]);
    expect(entries).toEqual(
      expect.arrayContaining([
        [null, "initech"],
        ["initech", null],
      ]),
    );
  });

  it("is refused to those who may not, on another version, and a second time", async () => {
    for (const person of ["anna", "lea", "vera"])
      problemOf(await merge("globex", "initech", 1, person), 403);
    expect(problemOf(await merge("globex", "initech", 2), 409).current).toEqual(
      { version: 1 },
    );
    problemOf(await post("globex/unmerge", { version: 1 }), 409);
    expect((await merge("globex", "initech")).status).toBe(200);
    problemOf(await merge("globex", "initech", 2), 409);
    problemOf(await post("globex/unmerge", { version: 1 }), 409);
  });

  it("is not merged into itself, a merged one, an unknown one, another tenant's or the own company", async () => {
    await add("hooli");
    await api.write([
      create(
        at.account(umbrella, anAccountId("theirs")),
        anAccount({ name: "Theirs" }),
      ),
    ]);
    expect(fieldsOf(problemOf(await merge("globex", "globex"), 422))).toEqual([
      "into",
    ]);
    for (const into of ["nowhere", "theirs"])
      expect(fieldsOf(problemOf(await merge("globex", into), 404))).toEqual([
        "into",
      ]);
    await merge("hooli", "initech");
    expect(fieldsOf(problemOf(await merge("globex", "hooli"), 422))).toEqual([
      "into",
    ]);
    expect(fieldsOf(problemOf(await merge("initech", "hooli"), 422))).toEqual([
      "into",
    ]);
    await api.as("ada", "/api/v1/tenant", {
      method: "PATCH",
      body: { version: 1, own: { domains: ["initech.example"] } },
    });
    expect(
      problemOf(await merge("globex", "initech"), 422).errors?.[0]?.message,
    ).toContain("is our own company: see the settings");
    expect((await accountOf("globex")).version).toBe(1);
  });

  it("makes no circle and leaves none, when two are merged into each other at once", async () => {
    const answers = await Promise.all([
      merge("globex", "initech"),
      merge("initech", "globex"),
    ]);
    const statuses = answers
      .map(({ status }) => status)
      .toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 422]);
  });

  it("follows no more than five merges in a row", async () => {
    const ids = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"];
    for (const id of ids) await add(id);
    for (const [n, id] of ids.slice(0, 5).entries())
      expect((await merge(id, ids[n + 1] ?? "")).status).toBe(200);
    const { version } = await accountOf("a6");
    expect(fieldsOf(problemOf(await merge("a6", "a7", version), 422))).toEqual([
      "into",
    ]);
    await handIn(api, aTip(anAccountId("a1"), 1));
    await settle(api);
    expect(
      (await story(api)).signals.map(({ data }) => data.accountId),
    ).toEqual(["a6"]);
  });

  it("has no more owners and teams than an audience holds", async () => {
    const many = (from: number) =>
      Array.from({ length: 16 }, (_, i) => `u:p${from + i}`);
    for (const [id, from] of [
      [globex, 0],
      [initech, 16],
    ] as const)
      await api.database.db.doc(at.account(acme, id).path).update({
        owners: many(from).map((key) => key.slice(2)),
        teams: [],
        audience: many(from),
      });
    expect(
      problemOf(await merge("globex", "initech"), 422).errors?.[0],
    ).toMatchObject({ field: "into" });
  });
});
