import { randomUUID } from "node:crypto";
import { initializeApp, deleteApp } from "firebase-admin/app";
import { getFirestore as getAdminFirestore } from "firebase-admin/firestore";
import * as web from "firebase/app";
import {
  collection,
  collectionGroup,
  connectFirestoreEmulator,
  doc,
  getDoc,
  getDocs,
  getFirestore,
  limit,
  onSnapshot,
  orderBy,
  query,
  setDoc,
  setLogLevel,
  where,
} from "firebase/firestore";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadRules } from "./client.ts";

const projectId = `front-${randomUUID().slice(0, 8)}`;
const [host = "127.0.0.1", port = "8080"] = (
  process.env["FIRESTORE_EMULATOR_HOST"] ?? ""
).split(":");

const server = initializeApp({ projectId }, projectId);
const written = getAdminFirestore(server);
const browser = web.initializeApp({ projectId, apiKey: "none" }, projectId);
const shown = getFirestore(browser);

beforeAll(async () => {
  // What is denied here is denied on purpose: the SDK need not warn of it.
  setLogLevel("silent");
  await loadRules(projectId);
  await written.doc("tenants/acme/members/ann").set({
    uid: "ann",
    role: "ACCOUNT_MANAGER",
    isLead: false,
    teams: ["north"],
    active: true,
  });
  connectFirestoreEmulator(shown, host, Number(port), {
    mockUserToken: { sub: "ann", tenants: ["acme"] },
  });
});
afterAll(async () => {
  await web.deleteApp(browser);
  await deleteApp(server);
});

it("shows an account manager their cards as they come and change, best first, and no one else's", async () => {
  const inbox = query(
    collection(shown, "tenants/acme/inbox"),
    where("audience", "array-contains-any", ["u:ann"]),
    orderBy("score", "desc"),
    limit(50),
  );
  const seen: string[][] = [];
  const failures: unknown[] = [];
  const stop = onSnapshot(
    inbox,
    ({ docs }) =>
      seen.push(docs.map((d) => `${d.id} ${String(d.get("status"))}`)),
    (failure) => failures.push(failure),
  );
  const now = () => seen.at(-1);
  await expect.poll(now, { timeout: 10_000 }).toEqual([]);

  const cards = written.collection("tenants/acme/inbox");
  const card = { status: "in_review", audience: ["u:ann", "t:north"] };
  await cards.doc("foreign").set({ ...card, score: 99, audience: ["u:bob"] });
  await cards.doc("meta").set({ ...card, score: 71 });
  await expect.poll(now).toEqual(["meta in_review"]);

  await cards.doc("nvidia").set({ ...card, score: 88 });
  await expect.poll(now).toEqual(["nvidia in_review", "meta in_review"]);

  await cards.doc("foreign").update({ status: "approved" });
  await cards.doc("meta").update({ status: "approved" });
  await expect.poll(now).toEqual(["nvidia in_review", "meta approved"]);

  await cards.doc("nvidia").update({ audience: ["u:bob"] });
  await expect.poll(now).toEqual(["meta approved"]);

  stop();
  expect(seen.flat().filter((line) => line.startsWith("foreign"))).toEqual([]);
  expect(failures).toEqual([]);
});

it("answers a member who is switched off no more", async () => {
  const member = written.doc("tenants/acme/members/ann");
  const cards = query(
    collection(shown, "tenants/acme/opportunities"),
    where("audience", "array-contains-any", ["u:ann"]),
    limit(50),
  );
  await expect(getDocs(cards)).resolves.toBeDefined();
  await member.update({ active: false });
  await expect(getDocs(cards)).rejects.toMatchObject(denied);
  await member.update({ active: true });
  await expect(getDocs(cards)).resolves.toBeDefined();
});

it("lets an account manager open their card with its history, and not the evidence behind it", async () => {
  const own = written.doc("tenants/acme/opportunities/o1");
  await own.set({ audience: ["u:ann"] });
  await own.collection("history").doc("h1").set({ what: "presented" });
  await own.collection("evidence").doc("e1").set({ quote: "a quote" });
  await written
    .doc("tenants/acme/opportunities/o2")
    .set({ audience: ["u:bob"] });

  const path = "tenants/acme/opportunities";
  const opened = await getDoc(doc(shown, `${path}/o1`));
  expect(opened.exists()).toBe(true);
  const steps = await getDocs(page(`${path}/o1/history`));
  expect(steps.docs.map(({ id }) => id)).toEqual(["h1"]);
  const refused = [
    () => getDoc(doc(shown, `${path}/o1/evidence/e1`)),
    () => getDocs(page(`${path}/o1/evidence`)),
    () => getDoc(doc(shown, `${path}/o2`)),
    () => getDocs(page(`${path}/o2/history`)),
  ];
  for (const answer of refused) {
    await expect(answer()).rejects.toMatchObject(denied);
  }
});

it("denies an account manager what is not theirs to ask", async () => {
  const inbox = page("tenants/acme/inbox");
  const key = (...keys: string[]) =>
    where("audience", "array-contains-any", keys);
  const refused = {
    "the inbox without a filter": () => getDocs(inbox),
    "their inbox without a limit": () =>
      getDocs(query(collection(shown, "tenants/acme/inbox"), key("u:ann"))),
    "another's inbox": () => getDocs(query(inbox, key("u:bob"))),
    "another's beside their own": () =>
      getDocs(query(inbox, key("u:ann", "u:bob"))),
    "the team's, without leading it": () =>
      getDocs(query(inbox, key("t:north"))),
    "another tenant's": () =>
      getDocs(query(page("tenants/other/inbox"), key("u:ann"))),
    "all tenants' at once": () =>
      getDocs(query(collectionGroup(shown, "inbox"), key("u:ann"), limit(50))),
    messages: () => getDocs(page("tenants/acme/messages")),
    "the audit trail": () =>
      getDocs(page("tenants/acme/audit/2026-11/entries")),
    "a decision of their own": () =>
      setDoc(
        doc(shown, "tenants/acme/inbox/meta"),
        { status: "approved" },
        { merge: true },
      ),
    "a role of their own choice": () =>
      setDoc(
        doc(shown, "tenants/acme/members/ann"),
        { role: "ADMIN" },
        { merge: true },
      ),
  };
  for (const [what, answer] of Object.entries(refused)) {
    await expect(answer(), what).rejects.toMatchObject(denied);
  }
});

/** As much of a collection as a list may ask for. */
function page(path: string) {
  return query(collection(shown, path), limit(50));
}

const denied = { code: "permission-denied" };
