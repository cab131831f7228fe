import { randomUUID } from "node:crypto";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { afterAll, describe, expect, it } from "vitest";
import { firebasePeople } from "../../functions/src/adapters/google/people.ts";
import { TenantId, Uid } from "../../functions/src/domain/ids.ts";
import type { People } from "../../functions/src/pipeline/ports.ts";
import { fakePeople } from "../support/people.ts";

const north = TenantId.parse("north");
const south = TenantId.parse("south");
const emulated = process.env["FIREBASE_AUTH_EMULATOR_HOST"] !== undefined;

/** The promises of the port; `tenantsOf` is what the next token will claim, `squat` signs up by a password and confirms nothing. */
function keepsItsPromises(
  people: People,
  {
    tenantsOf,
    squat,
  }: {
    readonly tenantsOf: (uid: Uid) => Promise<readonly string[]>;
    readonly squat: () => Promise<string>;
  },
) {
  const anEmail = () => `p${randomUUID().slice(0, 8)}@people.example`;

  it("invites an address once, and finds it from then on", async () => {
    const email = anEmail();
    const uid = await people.findOrInvite(email, "Ann");
    expect(uid).not.toBeNull();
    expect(await people.findOrInvite(email, "Anna")).toBe(uid);
    expect(await people.findOrInvite(anEmail(), "Bob")).not.toBe(uid);
  });

  it("takes two invitations of one person at once for one", async () => {
    const email = anEmail();
    const [a, b] = await Promise.all([
      people.findOrInvite(email, "Ann"),
      people.findOrInvite(email, "Ann"),
    ]);
    expect(a).toBe(b);
  });

  it("grants and revokes tenant by tenant, twice as well as once", async () => {
    const uid = Uid.parse(await people.findOrInvite(anEmail(), "Ann"));
    await people.grant(uid, north);
    await people.grant(uid, south);
    await people.grant(uid, north);
    expect([...(await tenantsOf(uid))].toSorted()).toEqual([north, south]);
    await people.revoke(uid, north);
    await people.revoke(uid, north);
    expect(await tenantsOf(uid)).toEqual([south]);
  });

  it("gives no tenant to whoever signed up with an address and never confirmed it", async () => {
    expect(await people.findOrInvite(await squat(), "Mallory")).toBeNull();
  });

  it("leaves alone whom it does not know", async () => {
    const nobody = people.revoke(Uid.parse("nobody"), north);
    await expect(nobody).resolves.toBeUndefined();
  });
}

describe("people in memory", () => {
  const squatted = "squatted@people.example";
  const people = fakePeople([squatted]);
  keepsItsPromises(people, {
    tenantsOf: (uid) => Promise.resolve(people.tenantsOf(uid)),
    squat: () => Promise.resolve(squatted),
  });
});

if (!emulated)
  console.log(
    "FIREBASE_AUTH_EMULATOR_HOST is not set: Firebase Auth's people are not tested.",
  );

describe.skipIf(!emulated)("people in Firebase Auth", () => {
  const app = initializeApp({ projectId: "demo-people" }, randomUUID());
  const auth = getAuth(app);
  afterAll(() => deleteApp(app));
  const people = firebasePeople(() => Promise.resolve(auth));
  keepsItsPromises(people, {
    tenantsOf: async (uid) => {
      const claims: unknown = (await auth.getUser(uid)).customClaims;
      return claims !== null &&
        typeof claims === "object" &&
        "tenants" in claims
        ? [claims.tenants].flat().map(String)
        : [];
    },
    squat: async () => {
      const email = `s${randomUUID().slice(0, 8)}@people.example`;
      await auth.createUser({ email, password: "as-if-mine" });
      return email;
    },
  });

  it("keeps the other claims, and ends the sessions of whom it revokes", async () => {
    const { uid } = await auth.createUser({});
    await auth.setCustomUserClaims(uid, { beta: true });
    await people.grant(Uid.parse(uid), north);
    const before = await auth.getUser(uid);
    expect(before.customClaims).toEqual({ beta: true, tenants: [north] });
    await people.revoke(Uid.parse(uid), north);
    const after = await auth.getUser(uid);
    expect(after.customClaims).toEqual({ beta: true, tenants: [] });
    expect(after.tokensValidAfterTime).toBeDefined();
  });

  it("refuses an address that is none for good", async () => {
    await expect(people.findOrInvite("no", "Ann")).rejects.toMatchObject({
      name: "PermanentError",
    });
  });
});
