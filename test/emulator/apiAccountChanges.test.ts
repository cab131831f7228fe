import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { hourMs, minuteMs } from "../../functions/src/domain/kernel/instant.ts";
import { acme, bodyOf, present, problemOf, sharedApi } from "../support/api.ts";
import { anAccountId } from "../support/builders.ts";
import { aFeedSource, all } from "../support/stories.ts";

const Account = z.object({
  id: z.string(),
  version: z.int(),
  schedule: z.object({ active: z.boolean(), dueAt: z.string() }),
});
const route = "/api/v1/accounts";
const hooli = {
  name: "Hooli & Söhne GmbH",
  domains: ["Hooli.example", "hooli.example"],
  owners: ["anna"],
  teams: ["north"],
  identifiers: { salesforce: "001" },
  sources: [aFeedSource("feed")],
};

const api = await sharedApi();

const add = (body: object, person = "otto") => api.as(person, route, { body });
const patch = (id: string, body: object, person = "otto") =>
  api.as(person, `${route}/${id}`, { method: "PATCH", body });
const accountOf = async (id: string) =>
  present(await api.deps.store.read(at.account(acme, anAccountId(id)))).data;
const scheduleOf = async (id: string) =>
  present(await api.deps.store.read(at.schedule(acme, anAccountId(id)))).data;
const told = async () =>
  (await all(api, at.messages(acme)))
    .filter(({ data }) => data.topic === "audience-changed")
    .map(({ data }) => data.payload);

describe("an account", () => {
  it("is set up by administrators and operations alone", async () => {
    for (const person of ["anna", "lea", "vera", "ina"]) {
      problemOf(await add(hooli, person), 403);
      problemOf(await patch("globex", { version: 1, icpFit: 0 }, person), 403);
    }
    const ids = (await all(api, at.accounts(acme))).map(({ id }) => id);
    expect(ids).toEqual(["globex", "initech"]);
  });

  it("is made with its audience, its schedule due at once, and an audit entry", async () => {
    const answer = await add(hooli);
    const made = bodyOf(answer, 201, Account);
    expect(made).toMatchObject({ id: "hooli-sohne-gmbh", version: 1 });
    expect(await accountOf(made.id)).toMatchObject({
      domains: ["hooli.example"],
      audience: ["u:anna", "t:north"],
      provenance: "live",
      icpFit: 0.5,
    });
    const { dueAt, active, intervalMs } = await scheduleOf(made.id);
    expect(dueAt).toEqual(api.clock.now());
    expect({ active, intervalMs }).toEqual({
      active: true,
      intervalMs: hourMs,
    });
    const entries = (await api.audit()).filter(
      ({ entity }) => entity.id === made.id,
    );
    expect(entries).toMatchObject([{ action: "CREATE", actor: "otto" }]);
    expect((await api.as("anna", `${route}/${made.id}`)).status).toBe(200);
    problemOf(await api.as("bob", `${route}/${made.id}`), 404);
  });

  it("is not made twice under one name, unless by another id", async () => {
    const problem = problemOf(await add(hooli), 409);
    expect(problem.current).toEqual({ id: "hooli-sohne-gmbh", version: 1 });
    const other = await add({ ...hooli, id: "hooli-two", owners: [] });
    expect(bodyOf(other, 201, Account).id).toBe("hooli-two");
    const named = await add({ name: "株式会社" });
    expect(bodyOf(named, 201, Account).id).toMatch(/^account-[0-9a-f]{12}$/);
  });

  it("is refused with each field that is at fault, and with owners who are no members", async () => {
    const feed = aFeedSource("a");
    const bad = {
      name: " ",
      domains: ["https://x.example"],
      icpFit: 2,
      sources: [feed, feed],
      schedule: { active: true, intervalMs: minuteMs },
    };
    const problem = problemOf(await add(bad), 400);
    expect(problem.errors?.map(({ field }) => field).toSorted()).toEqual([
      "domains.0",
      "icpFit",
      "name",
      "schedule.intervalMs",
      "sources",
    ]);
    const file = { ...feed, url: "file:///etc/passwd" };
    problemOf(await add({ name: "X", sources: [file] }), 400);
    const owners = ["anna", "ina", "stranger"];
    const unowned = problemOf(await add({ name: "X", owners }), 400);
    expect(unowned.errors).toEqual([
      { field: "owners", message: "not active members: ina, stranger" },
    ]);
    problemOf(await patch("globex", { version: 1, owners }), 400);
  });

  it("changes on the version that was looked at, audited by what differs", async () => {
    const stale = problemOf(
      await patch("globex", { version: 3, icpFit: 1 }),
      409,
    );
    expect(stale.current).toEqual({ version: 1 });
    problemOf(await patch("globex", { version: 1 }), 400);
    problemOf(await patch("nowhere", { version: 1, icpFit: 1 }), 404);

    const change = { version: 1, name: "Globex Ltd", icpFit: 1 };
    const answer = await patch("globex", change);
    expect(bodyOf(answer, 200, Account).version).toBe(2);
    const [entry] = (await api.audit()).filter(
      ({ entity }) => entity.id === "globex",
    );
    expect(entry?.before).toEqual({ name: "Globex", icpFit: 0.8, version: 1 });
    expect(entry?.after).toEqual({ name: "Globex Ltd", icpFit: 1, version: 2 });
    expect(await told()).toEqual([]);
  });

  it("hands all that belongs to it over with its owners or teams", async () => {
    const { version } = await accountOf("globex");
    const change = { version, owners: ["bob"], teams: ["south"] };
    const answer = await patch("globex", change);
    expect(answer.status, answer.text).toBe(200);
    expect((await accountOf("globex")).audience).toEqual(["u:bob", "t:south"]);
    expect(await told()).toEqual([
      { accountId: "globex", version: version + 1, round: 1, after: null },
    ]);
    expect(api.rings.at(-1)?.topic).toBe("audience-changed");
    problemOf(await api.as("anna", `${route}/globex`), 404);
    expect((await api.as("bob", `${route}/globex`)).status).toBe(200);
  });

  it("is looked at sooner by a shorter interval, and at once by another source", async () => {
    const id = "hooli-two";
    api.clock.advance(hourMs);
    const set = async (version: number, change: object) => {
      const answer = await patch(id, { version, ...change });
      expect(bodyOf(answer, 200, Account).version).toBe(version + 1);
      return scheduleOf(id);
    };
    const due = (await scheduleOf(id)).dueAt;
    const off = await set(1, { schedule: { active: false } });
    expect(off).toMatchObject({
      active: false,
      intervalMs: hourMs,
      dueAt: due,
    });
    const read = present(
      await api.deps.store.read(at.schedule(acme, anAccountId(id))),
    );
    const later = new Date(api.clock.now().getTime() + 40 * hourMs);
    await api.database.db.doc(read.ref.path).update({ dueAt: later });
    const often = { active: true, intervalMs: 10 * minuteMs };
    const soon = await set(2, { schedule: often });
    expect(soon.dueAt.getTime() - api.clock.now().getTime()).toBe(
      10 * minuteMs,
    );
    const now = await set(3, { sources: [aFeedSource("other")] });
    expect(now).toMatchObject({ ...often, dueAt: api.clock.now() });
  });
});
