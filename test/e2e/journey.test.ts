import { deleteApp, initializeApp } from "firebase/app";
import {
  connectAuthEmulator,
  getAuth,
  signInWithEmailAndPassword,
} from "firebase/auth";
import {
  collection,
  connectFirestoreEmulator,
  doc,
  getDoc,
  getDocs,
  getFirestore,
  limit,
  onSnapshot,
  orderBy,
  query,
  where,
} from "firebase/firestore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { demoPassword, demoPeople } from "../../dev/demoPeople.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { openSuite } from "../support/suite.ts";

const denied = { code: "permission-denied" };
const minute = { timeout: 120_000, interval: 500 };
const Item = z.object({
  id: z.string(),
  accountName: z.string(),
  title: z.string(),
  status: z.string(),
  score: z.number(),
  version: z.number(),
});
const Inbox = z.object({ items: z.array(Item) });
const EvidenceList = z.object({
  items: z.array(
    z.object({
      verified: z.boolean(),
      source: z.object({ quote: z.string() }).nullable(),
    }),
  ),
});

describe("a signal's journey, from the source to the CRMs", () => {
  const suite = openSuite();
  const app = initializeApp(
    { projectId: suite.facts.projectId, apiKey: "demo" },
    "front-end",
  );
  const web = getFirestore(app);
  const seen = new Map<string, string[]>();
  let stop: () => void = () => undefined;

  beforeAll(async () => {
    const auth = getAuth(app);
    connectAuthEmulator(auth, `http://${suite.facts.authHost}`, {
      disableWarnings: true,
    });
    const [host = "", port = ""] = suite.facts.firestoreHost.split(":");
    connectFirestoreEmulator(web, host, Number(port));
    await signInWithEmailAndPassword(auth, demoPeople.lead.email, demoPassword);
    const keys = [
      `u:${demoPeople.lead.uid}`,
      ...demoPeople.lead.teams.map((team) => `t:${team}`),
    ];
    const inbox = query(
      collection(web, "tenants", suite.tenantId, "inbox"),
      where("audience", "array-contains-any", keys),
      orderBy("score", "desc"),
      limit(100),
    );
    stop = onSnapshot(inbox, (snapshot) => {
      for (const { doc: card } of snapshot.docChanges()) {
        seen.set(card.id, [
          ...(seen.get(card.id) ?? []),
          String(card.get("status")),
        ]);
      }
    });
  });
  afterAll(async () => {
    stop();
    await deleteApp(app);
    await suite.close();
  });

  const inbox = async () =>
    Inbox.parse(
      (await suite.ask("admin", "/api/v1/inbox?status=all&limit=100")).body,
    ).items;
  /** Cards of what the sources brought; other files hand in tips. */
  const found = async () =>
    (await inbox()).filter(({ title }) => !title.includes("in flight"));

  it("real filings and postings become cards, before the eyes of whoever listens", async () => {
    const accounts = await suite.store.query({
      collection: at.accounts(suite.tenantId),
      where: [],
      limit: 50,
    });
    for (const { id } of accounts) {
      const asked = await suite.ask(
        "admin",
        `/api/v1/monitoring-jobs/execute-for-client/${id}`,
        {},
      );
      expect(asked.status).toBe(202);
    }
    await expect
      .poll(
        async () =>
          new Set((await found()).map(({ accountName }) => accountName)),
        minute,
      )
      .toEqual(
        expect.toSatisfy((names: Set<string>) =>
          ["NVIDIA", "Meta", "Amplitude"].every((name) =>
            [...names].some((n) => n.includes(name)),
          ),
        ),
      );
    const cards = await inbox();
    await expect
      .poll(() => cards.every(({ id }) => seen.has(id)), minute)
      .toBe(true);
    expect(cards.map(({ score }) => score)).toEqual(
      cards.map(({ score }) => score).sort((a, b) => b - a),
    );
  });

  it("Meta's card quotes the filing word for word", async () => {
    const meta = (await found()).find(({ accountName }) =>
      accountName.includes("Meta"),
    );
    const evidence = EvidenceList.parse(
      (await suite.ask("viewer", `/api/v1/opportunities/${meta?.id}/evidence`))
        .body,
    ).items;
    expect(evidence.map(({ source }) => source?.quote).join("\n")).toContain(
      "resign as a member of the Board of Directors",
    );
    expect(evidence.every(({ verified }) => verified)).toBe(true);
    const views = await suite.db
      .collectionGroup("entries")
      .where("action", "==", "VIEW")
      .get();
    expect(
      views.docs.some((entry) =>
        JSON.stringify(entry.get("entity")).includes(String(meta?.id)),
      ),
    ).toBe(true);
  });

  it("an approved card is one task in each CRM, and the listener sees it happen", async () => {
    const [best] = (await inbox()).filter(
      ({ status }) => status === "in_review",
    );
    if (best === undefined) throw new Error("There is no card to approve.");
    const path = `/api/v1/opportunities/${best.id}`;
    expect(
      (await suite.ask("viewer", `${path}/approve`, { version: best.version }))
        .status,
    ).toBe(403);
    expect(
      (
        await suite.ask("lead", `${path}/approve`, {
          version: best.version + 7,
        })
      ).status,
    ).toBe(409);
    expect(
      (await suite.ask("lead", `${path}/approve`, { version: best.version }))
        .status,
    ).toBe(200);
    await expect.poll(() => seen.get(best.id), minute).toContain("activated");
    const { salesforce, hubspot } = await suite.ledgers();
    expect(salesforce.filter(({ key }) => key.includes(best.id))).toHaveLength(
      1,
    );
    expect(hubspot.filter(({ key }) => key.includes(best.id))).toHaveLength(1);
    expect(seen.get(best.id)).toEqual(
      expect.arrayContaining([
        "in_review",
        "approved",
        "activating",
        "activated",
      ]),
    );
  });

  it("a withdrawn approval reaches no CRM", async () => {
    const [next] = (await inbox()).filter(
      ({ status }) => status === "in_review",
    );
    if (next === undefined) throw new Error("There is no card to approve.");
    const path = `/api/v1/opportunities/${next.id}`;
    const Decided = z.object({ version: z.number(), status: z.string() });
    const approved = Decided.parse(
      (await suite.ask("lead", `${path}/approve`, { version: next.version }))
        .body,
    );
    const withdrawn = Decided.parse(
      (
        await suite.ask("lead", `${path}/withdraw`, {
          version: approved.version,
        })
      ).body,
    );
    expect(withdrawn.status).toBe("in_review");
    const message = suite.db
      .collection(at.messages(suite.tenantId).path)
      .where("topic", "==", "opportunity-approved")
      .where("payload.opportunityId", "==", next.id);
    await expect
      .poll(
        async () =>
          (await message.get()).docs.map((m) => String(m.get("state"))),
        minute,
      )
      .toEqual(["done"]);
    const { salesforce } = await suite.ledgers();
    expect(salesforce.filter(({ key }) => key.includes(next.id))).toHaveLength(
      0,
    );
  });

  it("a refined card comes back as a new draft that heeds the note", async () => {
    const [card] = (await inbox()).filter(
      ({ status }) => status === "in_review",
    );
    if (card === undefined) throw new Error("There is no card to refine.");
    const path = `/api/v1/opportunities/${card.id}`;
    expect(
      (
        await suite.ask("lead", `${path}/refine`, {
          version: card.version,
          note: "",
        })
      ).status,
    ).toBe(400);
    expect(
      (
        await suite.ask("lead", `${path}/refine`, {
          version: card.version,
          note: "say more about the customers",
        })
      ).status,
    ).toBe(200);
    await expect
      .poll(
        async () => (await inbox()).find(({ id }) => id === card.id),
        minute,
      )
      .toMatchObject({ status: "in_review", version: card.version + 2 });
  });

  it("a front end may not read what is not for it", async () => {
    const root = `tenants/${suite.tenantId}`;
    const [id = ""] = seen.keys();
    await expect(
      getDocs(
        query(
          collection(web, `${root}/opportunities/${id}/evidence`),
          limit(10),
        ),
      ),
    ).rejects.toMatchObject(denied);
    await expect(
      getDocs(query(collection(web, `${root}/messages`), limit(10))),
    ).rejects.toMatchObject(denied);
    await expect(
      getDocs(query(collection(web, `${root}/inbox`), limit(10))),
    ).rejects.toMatchObject(denied);
    await expect(getDoc(doc(web, `tenants/another`))).rejects.toMatchObject(
      denied,
    );
    expect(
      (await getDoc(doc(web, `${root}/opportunities/${id}`))).exists(),
    ).toBe(true);
  });
});
