import { initializeApp, deleteApp } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { z } from "zod";
import { signIn } from "../../dev/api.ts";
import { demoPeople } from "../../dev/demoPeople.ts";
import { SuiteFacts } from "../../dev/suiteFacts.ts";
import { firestoreStore } from "../../functions/src/adapters/firestore/store.ts";
import { TenantId } from "../../functions/src/domain/kernel/ids.ts";

const Ledger = z.object({
  tasks: z.array(z.object({ key: z.string(), subject: z.string() })),
});

/** The suite that `npm test` started: functions, emulators and stand-ins, with the demo tenant. */
export function openSuite() {
  const text = process.env["CLIENTPULSE_SUITE"];
  if (text === undefined)
    throw new Error(
      "CLIENTPULSE_SUITE is not set: run the tests by `npm test`, which starts the suite.",
    );
  const facts = SuiteFacts.parse(JSON.parse(text));
  const app = initializeApp(
    { projectId: facts.projectId },
    `suite-${Math.random()}`,
  );
  const db = getFirestore(app);
  return {
    facts,
    db,
    store: firestoreStore(db),
    tenantId: TenantId.parse(facts.tenantId),
    close: () => deleteApp(app),

    /** Asks the API as one of the demo's people; the answer's body, whatever the status. */
    ask: async (
      person: keyof typeof demoPeople,
      path: string,
      body?: object,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<{ readonly status: number; readonly body: unknown }> => {
      const token = await signIn(facts, demoPeople[person]);
      const answer = await fetch(`${facts.apiUrl}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: text === "" ? null : JSON.parse(text),
      };
    },

    /** The tasks that each CRM stand-in has in its ledger. */
    ledgers: async () => {
      const of = async (url: string | null) =>
        Ledger.parse(await (await fetch(`${url}/__ledger`)).json()).tasks;
      const [salesforce, hubspot] = await Promise.all([
        of(facts.salesforceUrl),
        of(facts.hubspotUrl),
      ]);
      return { salesforce, hubspot };
    },
  };
}
