import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createTenant } from "../../dev/createTenant.ts";
import { startReplay } from "../../dev/standins/replay.ts";
import type { Identity } from "../../functions/src/ports/people.ts";
import { bodyOf, openApi, problemOf } from "../support/api.ts";
import { aUid } from "../support/builders.ts";
import { fakeAccounts, fakePeople } from "../support/people.ts";
import { secAt } from "../support/sources.ts";
import { parked } from "../support/stories.ts";
import { type Crms, fair, openWorld, startCrms } from "../support/world.ts";

const Versioned = z.object({ version: z.int() });
const Account = z.object({ id: z.string() });
const Inbox = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.string(),
      version: z.int(),
    }),
  ),
});

describe("a tenant that nobody has heard of", () => {
  let crms: Crms;
  let replay: Awaited<ReturnType<typeof startReplay>>;
  beforeAll(async () => {
    crms = await startCrms();
    replay = await startReplay({ port: 0, recordingsDir: null });
  });
  afterAll(
    async () => void (await Promise.all([crms.close(), replay.close()])),
  );

  it("gets a member, an account and a source through the API alone, and its first card arrives", async () => {
    const people = fakePeople();
    const world = openWorld(11, crms, {
      connectors: { sec: secAt(replay.url) },
    });
    const { store } = world.database;
    const api = await openApi({
      ...world.deps,
      people,
      identity: signedInBy(people),
    });
    const hooli = {
      id: "hooli",
      name: "Hooli",
      admin: "gavin@hooli.example",
      provenance: "live",
    } as const;
    problemOf(await api.as("gavin", "/api/v1/me"), 403);
    const accounts = fakeAccounts();
    await createTenant(hooli, {
      store,
      people,
      accounts,
      now: world.clock.now,
    });

    const settings = await api.as("gavin", "/api/v1/tenant", {
      method: "PATCH",
      // The recorded filings are months old.
      body: { version: 1, halfLifeDays: { filing: 365 } },
    });
    expect(bodyOf(settings, 200, Versioned).version).toBe(2);
    problemOf(await api.as("jared", "/api/v1/inbox"), 403);
    const invited = await api.as("gavin", "/api/v1/invitations", {
      body: {
        email: "jared@hooli.example",
        name: "Jared",
        role: "ACCOUNT_MANAGER",
        teams: ["west"],
      },
    });
    expect(invited.status, invited.text).toBe(201);
    const mine = "/api/v1/me/invitations/hooli/accept";
    const uid = "jared";
    expect((await api.as(uid, mine, { method: "POST" })).status).toBe(200);
    const added = await api.as("gavin", "/api/v1/accounts", {
      body: {
        name: "Meta Platforms",
        aliases: ["Meta", "Meta Platforms, Inc."],
        domains: ["meta.com"],
        owners: [uid],
        teams: ["west"],
        sources: [{ kind: "sec", key: "sec", cik: "0001326801" }],
      },
    });
    expect(bodyOf(added, 201, Account).id).toBe("meta-platforms");

    await world.tick();
    await world.settle(fair);
    expect(await parked(world)).toEqual([]);
    const inbox = await api.as(uid, "/api/v1/inbox");
    const [card] = bodyOf(inbox, 200, Inbox).items;
    expect(card).toMatchObject({ status: "in_review", version: 1 });
    expect(card?.title).toContain("Meta");

    const approved = await api.as(
      uid,
      `/api/v1/opportunities/${card?.id}/approve`,
      { body: { version: card?.version } },
    );
    expect(approved.status, approved.text).toBe(200);
    await world.settle(fair);
    const after = await api.as(uid, "/api/v1/inbox?status=activated");
    expect(bodyOf(after, 200, Inbox).items).toHaveLength(1);
    expect(crms.salesforce.ledger().tasks).toHaveLength(1);
    await Promise.all([api.close(), world.close()]);
  });
});

/** Tokens that claim what the next token of the person would. */
function signedInBy(people: ReturnType<typeof fakePeople>): Identity {
  return {
    verify: async (token) => {
      const uid = aUid(token.replace("token-", ""));
      const email = `${uid}@hooli.example`;
      return { uid, tenants: people.claimOf(uid), email, emailVerified: true };
    },
  };
}
