import { randomUUID } from "node:crypto";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  firebaseAccounts,
  type SignInAccounts,
} from "../../dev/signInAccounts.ts";
import { firebaseIdentity } from "../../functions/src/adapters/google/identity.ts";
import { firebasePeople } from "../../functions/src/adapters/google/people.ts";
import { TenantId, Uid } from "../../functions/src/domain/kernel/ids.ts";
import type { People } from "../../functions/src/ports/people.ts";
import { fakeAccounts, fakePeople } from "../support/people.ts";

const north = TenantId.parse("north");
const south = TenantId.parse("south");
const host = process.env["FIREBASE_AUTH_EMULATOR_HOST"];
const anEmail = () => `p${randomUUID().slice(0, 8)}@people.example`;

/** The promises of the port; `aPerson` is somebody who has an account. */
function keepsItsPromises(
  people: People,
  { aPerson }: { readonly aPerson: () => Promise<Uid> },
) {
  it("names exactly the tenants that are set, in their order, none at first", async () => {
    const uid = await aPerson();
    expect(await people.tenantsOf(uid)).toEqual([]);
    for (const tenants of [[south, north], [south], [south], []]) {
      await people.setTenants(uid, tenants);
      expect(await people.tenantsOf(uid)).toEqual(tenants);
    }
  });

  it("knows nobody by a uid that there is not, and leaves them alone", async () => {
    const nobody = Uid.parse("nobody");
    await expect(people.setTenants(nobody, [north])).resolves.toBeUndefined();
    expect(await people.tenantsOf(nobody)).toBeNull();
  });
}

/** The promises of the operator's accounts; `squat` signs up by a password and confirms nothing. */
function findsAndCreates(
  accounts: SignInAccounts,
  { squat }: { readonly squat: () => Promise<string> },
) {
  it("creates an account for an address once, and finds it from then on", async () => {
    const email = anEmail();
    const uid = await accounts.findOrCreate(email, "Ann");
    expect(uid).not.toBeNull();
    expect(await accounts.findOrCreate(email, "Anna")).toBe(uid);
    expect(await accounts.findOrCreate(anEmail(), "Bob")).not.toBe(uid);
  });

  it("creates one account for an address that is asked for twice at once", async () => {
    const email = anEmail();
    const [a, b] = await Promise.all([
      accounts.findOrCreate(email, "Ann"),
      accounts.findOrCreate(email, "Ann"),
    ]);
    expect(a).toBe(b);
  });

  it("finds nobody who signed up with an address and never confirmed it", async () => {
    const email = await squat();
    expect(await accounts.findOrCreate(email, "Mallory")).toBeNull();
  });
}

describe("people in memory", () => {
  keepsItsPromises(fakePeople(), {
    aPerson: () => Promise.resolve(Uid.parse(`p${randomUUID()}`)),
  });
});

describe("accounts in memory", () => {
  const squatted = "squatted@people.example";
  findsAndCreates(fakeAccounts([squatted]), {
    squat: () => Promise.resolve(squatted),
  });
});

if (host === undefined)
  console.log(
    "FIREBASE_AUTH_EMULATOR_HOST is not set: Firebase Auth's people are not tested.",
  );

describe.skipIf(host === undefined)("people in Firebase Auth", () => {
  const app = initializeApp({ projectId: "demo-people" }, randomUUID());
  const auth = getAuth(app);
  afterAll(() => deleteApp(app));
  const people = firebasePeople(() => Promise.resolve(auth));
  const identity = firebaseIdentity(() => Promise.resolve(auth));
  keepsItsPromises(people, {
    aPerson: async () => Uid.parse((await auth.createUser({})).uid),
  });
  findsAndCreates(firebaseAccounts(auth), {
    squat: async () => {
      const email = anEmail();
      await auth.createUser({ email, password: "as-if-mine" });
      return email;
    },
  });

  it("keeps the other claims", async () => {
    const { uid } = await auth.createUser({});
    await auth.setCustomUserClaims(uid, { beta: true });
    await people.setTenants(Uid.parse(uid), [north]);
    const { customClaims } = await auth.getUser(uid);
    expect(customClaims).toEqual({ beta: true, tenants: [north] });
  });

  it("leaves the sessions of whom it takes a tenant from: their token stands, and is renewed for the tenants that are left", async () => {
    const email = anEmail();
    const password = "correct-horse";
    const { uid } = await auth.createUser({ email, password });
    await people.setTenants(Uid.parse(uid), [north, south]);
    const session = await signInBy(email, password);
    await people.setTenants(Uid.parse(uid), [south]);
    // Asked with the check for revoked sessions, which the API does not make.
    const old = await auth.verifyIdToken(session.idToken, true);
    expect(old["tenants"]).toEqual([north, south]);
    expect(await identity.verify(await renewed(session.refreshToken))).toEqual({
      uid,
      tenants: [south],
      email,
      emailVerified: false,
    });
  });

  it("says of an address that it is proven once the provider or a link has proven it", async () => {
    const email = anEmail();
    const byGoogle = await signIn("signInWithIdp", {
      requestUri: "http://localhost",
      postBody: `providerId=google.com&id_token=${encodeURIComponent(
        JSON.stringify({ sub: email, email, email_verified: true }),
      )}`,
    });
    expect(await identity.verify(byGoogle.idToken)).toMatchObject({
      email,
      emailVerified: true,
    });
    const other = anEmail();
    const link = new URL(
      await auth.generateSignInWithEmailLink(other, {
        url: "http://localhost/",
        handleCodeInApp: true,
      }),
    );
    const byLink = await signIn("signInWithEmailLink", {
      email: other,
      oobCode: link.searchParams.get("oobCode"),
    });
    expect(await identity.verify(byLink.idToken)).toMatchObject({
      email: other,
      emailVerified: true,
      tenants: [],
    });
  });
});

const Session = z.object({ idToken: z.string(), refreshToken: z.string() });

async function signIn(how: string, body: object) {
  const answer = await fetch(
    `http://${host}/identitytoolkit.googleapis.com/v1/accounts:${how}?key=demo-people`,
    {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        // The emulator takes the project of a request from whoever owns it.
        Authorization: "Bearer owner",
      },
      body: JSON.stringify({
        ...body,
        targetProjectId: "demo-people",
        returnSecureToken: true,
      }),
    },
  );
  return Session.parse(await answer.json());
}

const signInBy = (email: string, password: string) =>
  signIn("signInWithPassword", { email, password });

async function renewed(refreshToken: string): Promise<string> {
  const answer = await fetch(
    `http://${host}/securetoken.googleapis.com/v1/token?key=demo-people`,
    {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        targetProjectId: "demo-people",
      }),
    },
  );
  return z.object({ id_token: z.string() }).parse(await answer.json()).id_token;
}
